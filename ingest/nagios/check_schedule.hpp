// CheckSchedule: which local check is to run when. Pure: time is an input, nothing is started here.
//   now ->  start_next() -> index of a check to start, again and again until there is none
//           finished(index), whenever one has ended
// Order:   each check has its own beat, an interval long. Its first place within the interval comes
//          from a hash of host and name: checks of one interval are spread over it, and a
//          restart finds them where they were. Checks that are due go in the order of their times.
// Skips:   a check never runs twice at a time. What of its beat passes while it runs, or while it
//          waits because max_concurrent others run, is not made up for: each is counted as skipped.
// Threads: one; not shared.
// Cost:    O(log n) per start and end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::nagios {

struct Check {
  std::string name;  // the service of its events
  std::string host;
  std::vector<std::string> command;  // words; a shell only if the first one is
  std::chrono::nanoseconds interval = std::chrono::minutes(1);
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);
};

class CheckSchedule {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // Errors: kRange, kDuplicate with "HOST/NAME" as the place, for checks without name or command,
  // times that are not above 0, and two of the same host and name. `max_concurrent` is 1 or more.
  [[nodiscard]] static Result<CheckSchedule> make(std::vector<Check> checks,
                                                  std::size_t max_concurrent, Instant start);

  // The check that should be started now, which then counts as running. Empty: none.
  [[nodiscard]] std::optional<std::size_t> start_next(Instant now);
  // It has ended, and its result is out of the way.
  void finished(std::size_t index, Instant now);

  // When start_next() may have something; empty while only finished() can change that.
  [[nodiscard]] std::optional<Instant> next_due() const;

  [[nodiscard]] const std::vector<Check>& checks() const noexcept { return checks_; }
  [[nodiscard]] std::size_t running() const noexcept { return running_; }
  [[nodiscard]] std::uint64_t started() const noexcept { return started_; }  // since the beginning
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }

 private:
  struct Due {
    Instant at;
    std::size_t index;
    friend auto operator<=>(const Due&, const Due&) = default;
  };

  CheckSchedule(std::vector<Check> checks, std::size_t max_concurrent, Instant start);

  // The first place of the beat behind `now`; those between are skipped.
  [[nodiscard]] Instant next_beat(std::size_t index, Instant now);

  std::vector<Check> checks_;
  std::vector<Instant> beats_;  // of each check, the last one that was started or skipped
  std::size_t max_concurrent_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> waiting_;  // those not running
  std::size_t running_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t skipped_ = 0;
};

}  // namespace tocsin::nagios
