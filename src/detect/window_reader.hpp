// WindowReader: the points of a window for those who cannot decide without reading them. Made by
// who keeps the points; reading costs them a walk through memory, so it is asked for as little as
// will do.
// Valid:   what is returned, until the next call of any of these.
// Threads: one owner.
#pragma once

#include <cstddef>
#include <span>

#include "tocsin/detector.hpp"

namespace tocsin::detect {

class WindowReader {
 public:
  // The points lie in blocks, oldest first, of which the least and the largest value are known.
  struct Block {
    std::size_t count = 0;  // 0: no points, and no more is said
    double least = 0;
    double largest = 0;
  };

  virtual ~WindowReader() = default;

  // All points, and the time of judging.
  [[nodiscard]] virtual Window whole() = 0;
  // Those before `time_s`; those at `time_s` or later.
  [[nodiscard]] virtual Window before(double time_s) = 0;
  [[nodiscard]] virtual Window from(double time_s) = 0;
  [[nodiscard]] virtual double now_s() const = 0;   // the time of the newest point
  [[nodiscard]] virtual double step_s() const = 0;  // of a slot

  [[nodiscard]] virtual std::span<const Block> blocks() = 0;
  [[nodiscard]] virtual std::span<const double> values(std::size_t index) = 0;
};

}  // namespace tocsin::detect
