// HistoryReader: a series' history as the window of a vote.
// Cost:    what is read is decoded; the whole window is kept until the next open(). No allocation
//          once the buffers have grown.
// Threads: the owner of the history.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "src/detect/window_reader.hpp"
#include "src/series/history_view.hpp"

namespace tocsin::app {

class HistoryReader final : public detect::WindowReader {
 public:
  // `step_s`: seconds of a slot. A point's time is the end of its slot.
  explicit HistoryReader(double step_s) : step_s_(step_s) {}

  // From now on this one is read, which must stay as it is. Precondition: not empty.
  void open(const series::HistoryView& history);

  [[nodiscard]] Window whole() override;
  [[nodiscard]] Window before(double time_s) override;
  [[nodiscard]] Window from(double time_s) override;
  [[nodiscard]] double now_s() const override { return now_s_; }
  [[nodiscard]] double step_s() const override { return step_s_; }

  [[nodiscard]] std::span<const Block> blocks() override;
  [[nodiscard]] std::span<const double> values(std::size_t index) override;

 private:
  struct Points {
    std::vector<double> times_s;
    std::vector<double> values;

    void clear() {
      times_s.clear();
      values.clear();
    }
    void add(double time_s, double value) {
      times_s.push_back(time_s);
      values.push_back(value);
    }
  };
  [[nodiscard]] double time_of(std::int64_t slot) const {
    return static_cast<double>(slot + 1) * step_s_;
  }
  [[nodiscard]] Window view(const Points& points) const {
    return {points.times_s, points.values, now_s_};
  }

  double step_s_;
  double now_s_ = 0;
  const series::HistoryView* history_ = nullptr;
  bool has_whole_ = false;
  Points whole_;
  Points part_;
  std::vector<Block> blocks_;
  series::HistoryBlock block_;
};

}  // namespace tocsin::app
