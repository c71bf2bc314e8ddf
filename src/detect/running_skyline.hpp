// RunningSkyline: what the nine detectors of Skyline remember of one series, so that most points
// are decided without a look at the window, and those that are not with a look at part of it.
// Output:  per detector the vote that skyline.hpp gives on the same window: the same verdict always,
//          the same numbers but for rounding. Where rounding could change the verdict, that code is
//          asked itself.
// Cost:    a point enters and leaves in constant time; five detectors vote from sums alone. The
//          others read: blocks' bounds, an hour, and the whole window at worst. Measured by
//          bench/votes. 264 bytes.
// Threads: one owner.
// Source:  docs/decisions/0017-running-votes.md; the detectors: skyline.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "src/detect/median_bracket.hpp"
#include "src/detect/moving_average.hpp"
#include "src/detect/skip.hpp"
#include "src/detect/window_reader.hpp"
#include "src/detect/window_sums.hpp"
#include "tocsin/detector.hpp"

namespace tocsin::detect {

// The state of one series. Plain data: a copy goes on by itself.
class RunningSkyline {
 public:
  // `slot`: the point's time in steps. Points enter in order; before one enters, all that lie
  // outside its window have left, oldest first.
  void enter(std::int64_t slot, double value);
  // Precondition: it has entered and not left.
  void leave(std::int64_t slot, double value);

  [[nodiscard]] std::size_t count() const noexcept { return sums_.count(); }
  // kStale is not told: the newest point is taken to be the one of now.
  [[nodiscard]] Skip skip() const noexcept;
  // Whether the four that compare a distance with deviations say no, and none of them by little: so
  // of nearly all points, at a tenth of what their votes cost.
  [[nodiscard]] bool is_surely_calm() const noexcept;

  // What the votes work with. Precondition of what asks for points: there are three.
  [[nodiscard]] const WindowSums& sums() const noexcept { return sums_; }
  [[nodiscard]] const MovingAverage& moving_average() const noexcept { return moving_average_; }
  [[nodiscard]] double newest() const noexcept { return newest_[0].value; }
  // tail_of() of the window.
  [[nodiscard]] double tail() const noexcept;
  // The mean of the slots of the last three points.
  [[nodiscard]] double tail_slot() const noexcept;
  [[nodiscard]] std::int64_t newest_slot() const noexcept { return newest_[0].slot; }

  [[nodiscard]] const MedianBracket& bracket() const noexcept { return bracket_; }
  // `values`: those of the window, in any order; they are changed.
  MedianBracket::Medians fill_bracket(std::span<double> values) { return bracket_.fill(values); }
  // Adds up anew what an extreme value, long gone, has left too coarse. Before votes.
  void mend(WindowReader& reader);

 private:
  struct Placed {
    std::int64_t slot = 0;
    double value = 0;
  };

  WindowSums sums_;
  MovingAverage moving_average_;
  std::array<Placed, 3> newest_;  // the newest first
  std::uint32_t equal_ = 0;       // how many of the newest points have one value
  MedianBracket bracket_;
};
static_assert(sizeof(RunningSkyline) == 264);

// The running form of a detector. A count that the histogram can do without, once it is known to be
// large, is not completed.
struct RunningDetector {
  Vote (*straight)(const Window& window, Scratch& scratch);  // of skyline.hpp
  // From the state alone; nothing where that does not tell. Null: it never does.
  std::optional<Vote> (*recall)(const RunningSkyline& state, const WindowReader& reader);
  // From as little of the window as will do.
  Vote (*read)(const RunningDetector& self, RunningSkyline& state, WindowReader& reader,
               Scratch& scratch);
  bool says_no_when_calm;  // RunningSkyline::is_surely_calm speaks for it
};

// Those first that read least.
[[nodiscard]] std::span<const RunningDetector> running_skyline();
// The running form of a detector that judges by `straight`; null: it has none.
[[nodiscard]] const RunningDetector* find_running_detector(Vote (*straight)(const Window& window,
                                                                            Scratch& scratch));

}  // namespace tocsin::detect
