// The largest of the values of late: of the last 36 rows, those of one slot counting as one row.
// Cost:    a pass over 36 numbers; no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "src/detect/deep/state_bytes.hpp"

namespace tocsin::detect {

class HeldMaximum {
 public:
  static constexpr std::size_t kSlots = 36;

  // `value`: 0..1, of slot `slot`, which never falls.
  float add(std::int64_t slot, float value);

  void save(StateWriter& out) const;
  void restore(StateReader& in);

 private:
  std::array<float, kSlots> values_{};  // by slot number, the newest being `slot_`
  std::int64_t slot_ = -(std::int64_t{1} << 52);
};

}  // namespace tocsin::detect
