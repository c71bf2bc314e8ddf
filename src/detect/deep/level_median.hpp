// The running median of all levels seen, that moves at most one occupied level a step.
// Cost:    a few additions a step; finding the next occupied level looks at 80 at most.
#pragma once

#include <array>
#include <cstdint>

#include "src/detect/deep/level_scale.hpp"
#include "src/detect/deep/state_bytes.hpp"

namespace tocsin::detect {

class LevelMedian {
 public:
  static constexpr int kLevels = LevelScale::kTopLevel + 1;

  // `level`: 0..kTopLevel. The median with it.
  int add(int level);
  // The levels were moved by `shift`.
  void move(const LevelShift& shift);

  [[nodiscard]] int median() const { return median_; }

  void save(StateWriter& out) const;
  void restore(StateReader& in);

 private:
  void halve();

  std::array<std::uint16_t, kLevels> counts_{};
  std::uint16_t total_ = 0;
  std::uint16_t below_ = 0;  // how many lie below the median
  std::uint8_t median_ = 0;
};

}  // namespace tocsin::detect
