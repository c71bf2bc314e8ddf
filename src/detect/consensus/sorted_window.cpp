#include "src/detect/consensus/sorted_window.hpp"

namespace tocsin::detect::consensus {

void SortedWindow::add(float value) {
  // The free rank: behind the last while filling, that of the oldest afterwards.
  std::size_t free = size_;
  if (full()) {
    const auto oldest = std::find(turns_.begin(), turns_.end(), next_turn_);
    free = static_cast<std::size_t>(oldest - turns_.begin());
  } else {
    ++size_;
  }
  // Invariant: all ranks but `free` ascend; it wanders to where the value belongs.
  const auto shift = [this](std::size_t from, std::size_t to) {
    values_[to] = values_[from];
    turns_[to] = turns_[from];
  };
  for (; free > 0 && values_[free - 1] > value; --free) shift(free - 1, free);
  for (; free + 1 < size_ && values_[free + 1] < value; ++free) shift(free + 1, free);
  values_[free] = value;
  turns_[free] = next_turn_;
  ++next_turn_;  // wraps at the capacity
}

float SortedWindow::quantile(float share) const {
  if (size_ == 0) return 0;
  const float rank = share * static_cast<float>(size_ - 1);
  const auto below = std::min(static_cast<std::size_t>(rank), std::size_t{size_} - 1);
  const std::size_t above = std::min(below + 1, std::size_t{size_} - 1);
  const float part = rank - static_cast<float>(below);
  return values_[below] + part * (values_[above] - values_[below]);
}

bool SortedWindow::consistent() const {
  if (!std::is_sorted(values_.begin(), values_.begin() + size_)) return false;
  if (!full() && next_turn_ != size_) return false;
  std::array<bool, kCapacity> seen{};
  for (std::size_t rank = 0; rank < size_; ++rank) {
    if (!full() && turns_[rank] >= size_) return false;
    if (seen[turns_[rank]]) return false;
    seen[turns_[rank]] = true;
  }
  return true;
}

}  // namespace tocsin::detect::consensus
