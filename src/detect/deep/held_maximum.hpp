// The largest of the values of late: of the last 36 rows, those of one slot counting as one row.
// Cost:    a pass over 36 numbers; no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tocsin::detect {

class HeldMaximum {
 public:
  static constexpr std::size_t kSlots = 36;

  // `value`: 0..1, of slot `slot`, which never falls.
  float add(std::int64_t slot, float value);

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    for (auto& value : self.values_) state.number(value, 0.0F, 1.0F);
    // A whole number, far from where counting on would overflow.
    auto slot = static_cast<double>(self.slot_);
    state.number(slot, -kFarthestSlot, kFarthestSlot);
    if constexpr (State::kReads) self.slot_ = static_cast<std::int64_t>(slot);
  }

 private:
  static constexpr double kFarthestSlot = 9e15;  // 2^53 and less are whole as doubles

  std::array<float, kSlots> values_{};  // by slot number, the newest being `slot_`
  std::int64_t slot_ = -(std::int64_t{1} << 52);
};

}  // namespace tocsin::detect
