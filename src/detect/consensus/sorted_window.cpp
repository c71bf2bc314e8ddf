#include "src/detect/consensus/sorted_window.hpp"

#include <cstring>

namespace tocsin::detect::consensus {

void SortedWindow::add(float value) {
  // The free rank: behind the last while filling, that of the oldest afterwards.
  std::size_t free = size_;
  if (full()) {
    const void* const oldest = std::memchr(turns_.data(), next_turn_, turns_.size());
    free = static_cast<std::size_t>(static_cast<const std::uint8_t*>(oldest) - turns_.data());
  } else {
    ++size_;
  }
  // All ranks but `free` ascend; those between it and where the value belongs move by one.
  const auto begin = values_.begin();
  const auto hole = begin + static_cast<std::ptrdiff_t>(free);
  const auto after = std::upper_bound(begin, hole, value);
  std::size_t rank = static_cast<std::size_t>(after - begin);
  if (rank < free) {
    shift(rank, rank + 1, free - rank);
  } else {
    rank = static_cast<std::size_t>(std::lower_bound(hole + 1, begin + size_, value) - begin) - 1;
    shift(free + 1, free, rank - free);
  }
  values_[rank] = value;
  turns_[rank] = next_turn_;
  ++next_turn_;  // wraps at the capacity
}

void SortedWindow::shift(std::size_t from, std::size_t to, std::size_t count) {
  std::memmove(values_.data() + to, values_.data() + from, count * sizeof(float));
  std::memmove(turns_.data() + to, turns_.data() + from, count);
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
