#include "src/detect/deep/held_maximum.hpp"

#include <algorithm>

namespace tocsin::detect {

namespace {

constexpr std::int64_t kCount = HeldMaximum::kSlots;

std::size_t place_of(std::int64_t slot) {
  return static_cast<std::size_t>((slot % kCount + kCount) % kCount);
}

}  // namespace

float HeldMaximum::add(std::int64_t slot, float value) {
  // Slots without a value hold nothing.
  for (std::int64_t i = std::max(slot_ + 1, slot - kCount + 1); i <= slot; ++i) {
    values_[place_of(i)] = 0;
  }
  slot_ = std::max(slot_, slot);
  float& newest = values_[place_of(slot_)];
  newest = std::max(newest, value);
  return *std::max_element(values_.begin(), values_.end());
}

void HeldMaximum::save(StateWriter& out) const {
  for (const float value : values_) out.number(value);
  out.integer(static_cast<std::uint64_t>(slot_));
}

void HeldMaximum::restore(StateReader& in) {
  for (float& value : values_) value = in.number(0.0F, 1.0F);
  slot_ = static_cast<std::int64_t>(in.integer(~std::uint64_t{0}));
  // Far from where counting on would overflow.
  in.require(slot_ > -(std::int64_t{1} << 53) && slot_ < (std::int64_t{1} << 53));
}

}  // namespace tocsin::detect
