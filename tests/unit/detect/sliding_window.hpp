// A window of one series that is kept whole, as a WindowReader.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/detect/running_skyline.hpp"
#include "src/detect/window_reader.hpp"

namespace tocsin::detect::test {

class SlidingWindow final : public WindowReader {
 public:
  SlidingWindow(std::int64_t slots, double step_s) : slots_(slots), step_s_(step_s) {}

  // The newest point; points that lie outside the window then are gone. `state` follows.
  void add(std::int64_t slot, double value, RunningSkyline& state) {
    while (begin_ < times_s_.size() && placed_[begin_] <= slot - slots_) {
      state.leave(placed_[begin_], values_[begin_]);
      ++begin_;
    }
    state.enter(slot, value);
    placed_.push_back(slot);
    times_s_.push_back(static_cast<double>(slot + 1) * step_s_);
    values_.push_back(value);
  }

  [[nodiscard]] Window whole() override {
    ++reads;
    return between(begin_, values_.size());
  }
  [[nodiscard]] Window before(double time_s) override { return between(begin_, index_of(time_s)); }
  [[nodiscard]] Window from(double time_s) override {
    return between(index_of(time_s), values_.size());
  }
  [[nodiscard]] double now_s() const override { return times_s_.back(); }
  [[nodiscard]] double step_s() const override { return step_s_; }

  // Of a hundred points, counted from the oldest ever.
  [[nodiscard]] std::span<const Block> blocks() override {
    blocks_.clear();
    for (std::size_t i = 0; i <= (values_.size() - 1) / kBlock - begin_ / kBlock; ++i) {
      const auto points = points_of(i);
      const auto [least, largest] = std::minmax_element(points.begin(), points.end());
      blocks_.push_back({points.size(), *least, *largest});
    }
    return blocks_;
  }
  [[nodiscard]] std::span<const double> values(std::size_t index) override {
    return points_of(index);
  }

  std::size_t reads = 0;  // of the whole window

 private:
  static constexpr std::size_t kBlock = 100;

  [[nodiscard]] Window between(std::size_t from, std::size_t to) const {
    return {std::span(times_s_).subspan(from, to - from),
            std::span(values_).subspan(from, to - from), times_s_.back()};
  }
  [[nodiscard]] std::size_t index_of(double time_s) const {
    const auto begin = times_s_.begin() + static_cast<std::ptrdiff_t>(begin_);
    return static_cast<std::size_t>(std::lower_bound(begin, times_s_.end(), time_s) -
                                    times_s_.begin());
  }
  [[nodiscard]] std::span<const double> points_of(std::size_t index) const {
    const std::size_t from = std::max((begin_ / kBlock + index) * kBlock, begin_);
    const std::size_t to = std::min((begin_ / kBlock + index + 1) * kBlock, values_.size());
    return std::span(values_).subspan(from, to - from);
  }

  std::int64_t slots_;
  double step_s_;
  std::vector<std::int64_t> placed_;
  std::vector<double> times_s_;
  std::vector<double> values_;
  std::vector<Block> blocks_;
  std::size_t begin_ = 0;  // of the window; what is before it is gone
};

}  // namespace tocsin::detect::test
