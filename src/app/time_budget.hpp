// TimeBudget: how much of a tick's time is left for work that can be put off.
// Time as data comes from ticks (docs/decisions/0005); this is time as cost, read from a clock, and
// decides when work is done, never what comes of it.
// Threads: one owner.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace tocsin::app {

class TimeBudget {
 public:
  using Clock = std::function<std::chrono::nanoseconds()>;  // since any fixed moment

  explicit TimeBudget(std::chrono::nanoseconds per_tick, Clock clock = steady_clock)
      : per_tick_(per_tick), clock_(std::move(clock)) {}

  void begin_tick();
  // Reads the clock at every few calls only, as most votes take a fraction of a microsecond. The
  // first few of a tick always have time, so that something is done however long the rest took.
  [[nodiscard]] bool has_time();
  // Has the next has_time() read it: something was done, or will be, that takes long.
  void look_again() noexcept { until_look_ = 0; }
  // Since the tick began.
  [[nodiscard]] std::chrono::nanoseconds spent() const { return clock_() - began_; }

  [[nodiscard]] static std::chrono::nanoseconds steady_clock();

 private:
  std::chrono::nanoseconds per_tick_;
  Clock clock_;
  std::chrono::nanoseconds began_{};
  std::uint32_t until_look_ = 0;  // calls
  bool has_time_ = false;
};

}  // namespace tocsin::app
