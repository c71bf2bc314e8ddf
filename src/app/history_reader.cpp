#include "src/app/history_reader.hpp"

#include <cmath>
#include <cstdint>

namespace tocsin::app {

void HistoryReader::open(const series::HistoryView& history) {
  history_ = &history;
  now_s_ = time_of(history.last_slot());
  has_whole_ = false;
}

Window HistoryReader::whole() {
  if (!has_whole_) {
    whole_.clear();
    history_->for_each([&](std::int64_t slot, double value) { whole_.add(time_of(slot), value); });
    has_whole_ = true;
  }
  return view(whole_);
}

// Which points are part of it is told by their times, as who reads the whole window would; slots
// only say where to look.
Window HistoryReader::before(double time_s) {
  part_.clear();
  const auto beyond = static_cast<std::int64_t>(std::ceil(time_s / step_s_)) + 1;
  history_->for_each_before(beyond, [&](std::int64_t slot, double value) {
    if (time_of(slot) < time_s) part_.add(time_of(slot), value);
  });
  return view(part_);
}

Window HistoryReader::from(double time_s) {
  part_.clear();
  const auto first = static_cast<std::int64_t>(std::floor(time_s / step_s_)) - 2;
  history_->for_each_from(first, [&](std::int64_t slot, double value) {
    if (time_of(slot) >= time_s) part_.add(time_of(slot), value);
  });
  return view(part_);
}

std::span<const detect::WindowReader::Block> HistoryReader::blocks() {
  blocks_.clear();
  for (std::size_t i = 0; i < history_->block_count(); ++i) {
    const series::Aggregate aggregate = history_->aggregate(i);
    blocks_.push_back({aggregate.count, aggregate.min, aggregate.max});
  }
  return blocks_;
}

std::span<const double> HistoryReader::values(std::size_t index) {
  history_->decode(index, block_);
  return std::span(block_.values).first(block_.count);
}

}  // namespace tocsin::app
