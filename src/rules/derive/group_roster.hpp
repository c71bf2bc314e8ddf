// GroupRoster: which groups of a derive rule may be series: as many as are allowed, for as long as
// they are heard. Shared by all ingest threads, so that the limit is exact.
//
// A table of words, each the upper bits of a group's hash and the minute in which it was last
// heard:
//
//     63            24 23          0
//     [ hash        ] [ minute     ]      0: never used
//
// A group is looked for from the place that its hash says on, to the first word that was never used
// or for kProbes words. Words are never emptied: what was not heard for long is taken over by a new
// group, so what was found once is found again. Two groups with the same 40 bits count as one.
// Threads: any. A group that is known takes no lock; a new one does, and while the roster is full,
//          one such try a minute.
// Cost:    one word to read, as a rule; it is written once a minute.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace tocsin::rules::derive {

class GroupRoster {
 public:
  // A group ends when it was not heard for more than `ttl_minutes`.
  GroupRoster(std::uint32_t most, std::uint32_t ttl_minutes);

  // Whether the group with this hash may have a series. `minute`: since the epoch; of all threads
  // alike, but for a minute or so.
  [[nodiscard]] bool admit(std::uint64_t hash, std::uint32_t minute);

  // Groups that count, as of the last one that was new.
  [[nodiscard]] std::uint32_t size() const noexcept {
    return live_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint32_t most() const noexcept { return most_; }
  [[nodiscard]] std::uint32_t ttl_minutes() const noexcept { return ttl_minutes_; }

 private:
  using Word = std::atomic<std::uint64_t>;
  static constexpr std::size_t kProbes = 64;
  static constexpr std::uint64_t kMinuteMask = (std::uint64_t{1} << 24) - 1;

  struct Place {
    Word* found = nullptr;  // the group's own
    Word* free = nullptr;   // where it could go
  };
  [[nodiscard]] Place find(std::uint64_t hash, std::uint32_t minute) noexcept;
  [[nodiscard]] bool expired(std::uint64_t word, std::uint32_t minute) const noexcept;
  bool add(std::uint64_t hash, std::uint32_t minute);
  void recount(std::uint32_t minute) noexcept;

  // Fixed after construction.
  const std::uint32_t most_;
  const std::uint32_t ttl_minutes_;
  const std::size_t mask_;
  const std::unique_ptr<Word[]> words_;

  std::mutex mutex_;                    // of whoever adds
  std::atomic<std::uint32_t> live_{0};  // written under mutex_
  std::atomic<std::uint32_t> full_minute_{
      0xffff'ffff};  // written under mutex_: nothing is added in it
};

}  // namespace tocsin::rules::derive
