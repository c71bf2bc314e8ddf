// Detector: a name and a pure function that says whether the newest point of a series is unusual.
// This is all that an author of a detector needs to know of the rest of Tocsin.
// Input:   a Window: the series' recent past with the point to judge at its end.
// Output:  a Vote. The same window gives the same vote, whatever was judged before.
// Threads: a detector holds no state; a Scratch belongs to one thread.
// Errors:  none. A rule that has too little to go on, or meets a NaN, does not fire.
// Cost:    called once per point and series: stay linear in the window, take memory from the
// Scratch.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin {

// Points in order of arrival; `times_s` and `values` have the same length and may be empty.
struct Window {
  std::span<const double> times_s;  // seconds since the epoch, fractions allowed
  std::span<const double> values;   // a missing point is absent, not a NaN
  double now_s = 0;                 // the moment of judging; usually the time of the newest point
};

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

struct Vote {
  bool fired = false;
  bool abstained = false;  // neither fired nor spoke against; never together with `fired`
  bool noticed = false;    // a lower line was reached, where there are two: stream_detector.hpp
  // The deciding quantity and what it must exceed; kUndefined when the rule could not compute them.
  double statistic = kUndefined;
  double threshold = kUndefined;
  // Values the rule would let pass; kUndefined when it implies none, infinite on an open side.
  double expected_low = kUndefined;
  double expected_high = kUndefined;
};

// Working memory that a detector may use while it judges and need not give back. It grows to the
// largest window seen; from then on nothing is allocated.
class Scratch {
 public:
  static constexpr std::size_t kSlots = 4;

  // `count` doubles of unspecified content. Asking again for the same slot ends the earlier span.
  [[nodiscard]] std::span<double> doubles(std::size_t slot, std::size_t count) {
    std::vector<double>& memory = slots_.at(slot);
    if (memory.size() < count) memory.resize(count);
    return {memory.data(), count};
  }

 private:
  std::array<std::vector<double>, kSlots> slots_;
};

struct Detector {
  std::string_view name;  // snake_case, unique, of static storage
  Vote (*judge)(const Window& window, Scratch& scratch) = nullptr;
};

}  // namespace tocsin
