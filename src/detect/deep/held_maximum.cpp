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

}  // namespace tocsin::detect
