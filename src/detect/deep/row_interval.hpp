// How far apart the points of a series are: the median of its first 32 distances.
// A detector that counts in rows cannot begin before it knows; the points until then are kept here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/detect/deep/state_bytes.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

class RowInterval {
 public:
  static constexpr std::size_t kPoints = 33;

  // Precondition: !known(). True when this point made it known.
  bool add(const Point& point);

  [[nodiscard]] bool known() const { return seconds_ > 0; }
  // 0 while unknown.
  [[nodiscard]] double seconds() const { return seconds_; }
  // The points that were needed for it, or are there so far.
  [[nodiscard]] std::span<const Point> points() const { return {points_.data(), count_}; }

  void save(StateWriter& out) const;
  void restore(StateReader& in);

 private:
  std::array<Point, kPoints> points_{};
  std::uint32_t count_ = 0;
  double seconds_ = 0;
};

}  // namespace tocsin::detect
