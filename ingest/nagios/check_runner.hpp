// CheckRunner: runs check plugins on this machine when they are due, and makes events of what they
// say: the same events as those of passive results, with ttl twice the interval of the check.
//   exit code 0..3       the plugin's state, text and perfdata
//   anything else        failure_state; the description says why: another exit code, a signal, a
//                        time-out, a program that cannot be started
// Full:    a result that the pipeline does not take waits, and its check counts as running: nothing
//          is lost, and no more than max_concurrent results wait.
// Threads: everything on the loop's thread; counters() from any.
// Order:   loop and intake outlive the runner.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "ingest/listen/loop.hpp"
#include "ingest/nagios/check_schedule.hpp"
#include "src/base/clock.hpp"
#include "src/base/counter.hpp"
#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"
#include "tocsin/result.hpp"

namespace tocsin::nagios {

struct RunnerOptions {
  std::size_t max_concurrent = 8;                            // checks at a time
  std::size_t max_output_bytes = 64 * 1024;                  // of one check; the rest is forgotten
  std::chrono::nanoseconds grace = std::chrono::seconds(2);  // from SIGTERM to SIGKILL
  std::size_t max_perfdata = 512;                            // of one check
  // Of checks that could not say their state. Set kCritical where a broken check must wake
  // somebody.
  std::string_view failure_state = state::kUnknown;
  // How often the runner looks whether a check is due; checks begin that much late.
  std::chrono::nanoseconds beat = std::chrono::milliseconds(100);
  base::Clock clock = base::wall_clock;  // of the events
  std::function<CheckSchedule::Instant()> steady_clock = [] {
    return std::chrono::steady_clock::now();
  };
};

// Written by the loop's thread, read by any.
struct alignas(base::kCacheLine) RunnerCounters {
  base::Counter started;
  base::Counter skipped;    // beats that passed while the check ran or waited
  base::Counter failed;     // no state: a strange exit code, a signal, a time-out, not startable
  base::Counter timed_out;  // of those, the time-outs
  base::Counter stalls;     // results that had to wait for the pipeline
  base::Counter running;    // a level, not a sum
};

class CheckRunner {
 public:
  // Errors: those of CheckSchedule::make.
  [[nodiscard]] static Result<std::unique_ptr<CheckRunner>> start(listen::Loop& loop,
                                                                  std::vector<Check> checks,
                                                                  RunnerOptions options,
                                                                  Intake& intake);

  // Kills what still runs; results that wait are counted as dropped.
  ~CheckRunner();
  CheckRunner(const CheckRunner&) = delete;
  CheckRunner& operator=(const CheckRunner&) = delete;

  // Starts no further check and calls `done` once those that run have ended and their results are
  // taken; what still runs or waits `grace` later is given up.
  void close(std::chrono::nanoseconds grace, std::function<void()> done);

  [[nodiscard]] const RunnerCounters& counters() const noexcept;

 private:
  class Impl;
  explicit CheckRunner(std::shared_ptr<Impl> impl) noexcept;

  std::shared_ptr<Impl> impl_;
};

}  // namespace tocsin::nagios
