// The last 256 samples of a series, in order of size, so that its quantiles are exact.
// The sample at each rank carries the turn at which it came, one byte: the oldest is found by a
// scan of 256 bytes and no second copy of the values is kept.
// Cost:    a scan, a search by halving and two moves of up to 256 entries for a sample: some hundred
//          and fifty instructions; quantiles are two loads.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tocsin::detect::consensus {

class SortedWindow {
 public:
  static constexpr std::size_t kCapacity = 256;

  // Takes the place of the oldest when full. Precondition: finite.
  void add(float value);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool full() const { return size_ == kCapacity; }
  // Between the two nearest ranks; 0 while empty. Precondition: 0 <= share <= 1.
  [[nodiscard]] float quantile(float share) const;

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.count(self.size_, kCapacity);
    state.count(self.next_turn_, kCapacity - 1);
    state.numbers(self.values_);
    state.bytes(self.turns_);
    state.require(self.consistent());
  }

 private:
  void shift(std::size_t from, std::size_t to, std::size_t count);
  [[nodiscard]] bool consistent() const;

  std::array<float, kCapacity> values_{};        // the first size_ ascend
  std::array<std::uint8_t, kCapacity> turns_{};  // when the value at that rank came
  std::uint16_t size_ = 0;
  std::uint8_t next_turn_ = 0;
};

}  // namespace tocsin::detect::consensus
