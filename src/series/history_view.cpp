#include "src/series/history_view.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::series {

HistoryView::HistoryView(const HistoryPool& pool, const History& history) noexcept
    : arena_(pool.arena()),
      history_(history),
      state_(history.state_ == Arena::kNone ? nullptr : arena_.as<HistoryState>(history.state_)),
      capacity_(pool.config().capacity),
      window_begin_(std::max<std::int64_t>(0, history.last_slot_ - capacity_ + 1)) {}

std::size_t HistoryView::block_count() const noexcept {
  return empty() ? 0 : older() + 1;
}

std::int64_t HistoryView::block_slot(std::size_t index) const noexcept {
  const std::int64_t newest = history_.block_of(history_.last_slot_);
  return history_.first_slot_of(newest - static_cast<std::int64_t>(older() - index));
}

HistoryView::Places HistoryView::buffer_places(std::size_t index) const noexcept {
  const std::size_t end = history_.place_of(history_.last_slot_) + 1;
  const Places all = is_newest(index) ? Places{state_->first_place, end} : Places{end, kBlockSlots};
  return {std::max(all.from, hidden_slots(index)), all.end};
}

const std::byte* HistoryView::closed_block(std::size_t index) const noexcept {
  const Arena::Ref block = arena_.as<Arena::Ref>(state_->table)[state_->entry(index - in_buffer())];
  return block == Arena::kNone ? nullptr : arena_.at(block);
}

std::size_t HistoryView::hidden_slots(std::size_t index) const noexcept {
  const std::int64_t hidden = window_begin_ - block_slot(index);
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(hidden, 0, static_cast<std::int64_t>(kBlockSlots)));
}

std::size_t HistoryView::index_of(std::int64_t slot) const noexcept {
  if (empty() || slot <= block_slot(0)) return 0;
  const auto from_oldest = static_cast<std::size_t>(slot - block_slot(0)) / kBlockSlots;
  return std::min(from_oldest, block_count());
}

std::size_t HistoryView::size() const noexcept {
  if (state_ == nullptr) return empty() ? 0 : 1;
  std::size_t points = state_->closed_points + state_->newest_points + state_->oldest_points;
  // Only the blocks that begin before the window can have hidden points: two at most.
  for (std::size_t i = 0; i < older() && hidden_slots(i) > 0; ++i) {
    if (is_in_buffer(i)) {
      const std::size_t left = history_.place_of(history_.last_slot_) + 1;
      state_->for_each_at(left, std::max(left, hidden_slots(i)),
                          [&](std::size_t, double) { --points; });
    } else if (const std::byte* const block = closed_block(i); block != nullptr) {
      points -= block_slots(block).count_before(hidden_slots(i));
    }
  }
  return points;
}

std::int64_t HistoryView::first_slot() const noexcept {
  for (std::size_t i = 0; i < block_count(); ++i) {
    const auto slot_of = [&](std::size_t place) {
      return block_slot(i) + static_cast<std::int64_t>(place);
    };
    if (is_in_buffer(i)) {
      const auto [from, end] = buffer_places(i);
      for (std::size_t place = from; place < end; ++place) {
        if (!std::isnan(state_->value_at(place))) return slot_of(place);
      }
    } else if (!is_newest(i) && closed_block(i) != nullptr) {
      const SlotSet slots = block_slots(closed_block(i));
      for (std::size_t place = hidden_slots(i); place < kBlockSlots; ++place) {
        if (slots.contains(place)) return slot_of(place);
      }
    }
  }
  return history_.last_slot_;
}

void HistoryView::decode(std::size_t index, HistoryBlock& out) const noexcept {
  out.count = 0;
  const std::int64_t first = block_slot(index);
  if (is_in_buffer(index)) {
    const auto [from, end] = buffer_places(index);
    state_->for_each_at(from, end, [&](std::size_t place, double value) {
      out.slots[out.count] = first + static_cast<std::int64_t>(place);
      out.values[out.count++] = value;
    });
    return;
  }
  if (is_newest(index)) {
    out.count = 1;
    out.slots[0] = history_.last_slot_;
    out.values[0] = history_.last_value_;
    return;
  }
  const std::byte* const block = closed_block(index);
  if (block == nullptr) return;
  const SlotSet slots = block_slots(block);
  out.count = decode_block(block, out.values);
  std::size_t next = 0;
  slots.for_each(
      [&](std::size_t place) { out.slots[next++] = first + static_cast<std::int64_t>(place); });
  const std::size_t hidden = slots.count_before(hidden_slots(index));
  if (hidden == 0) return;
  out.count -= hidden;
  std::copy_n(out.slots.begin() + static_cast<std::ptrdiff_t>(hidden), out.count,
              out.slots.begin());
  std::copy_n(out.values.begin() + static_cast<std::ptrdiff_t>(hidden), out.count,
              out.values.begin());
}

Aggregate HistoryView::aggregate(std::size_t index) const noexcept {
  if (!is_newest(index) && !is_in_buffer(index) && hidden_slots(index) == 0) {
    const std::byte* const block = closed_block(index);
    return block == nullptr ? Aggregate{} : block_aggregate(block);
  }
  HistoryBlock block;
  decode(index, block);
  return aggregate_of(std::span(block.values.data(), block.count));
}

Aggregate HistoryView::total() const noexcept {
  Aggregate all;
  for (std::size_t i = 0; i < block_count(); ++i) all.merge(aggregate(i));
  return all;
}

std::size_t HistoryView::copy_to(std::span<std::int64_t> slots,
                                 std::span<double> values) const noexcept {
  const std::size_t wanted = std::min({slots.size(), values.size(), size()});
  std::size_t skip = size() - wanted;
  std::size_t copied = 0;
  HistoryBlock block;
  for (std::size_t i = 0; copied < wanted; ++i) {
    decode(i, block);
    const std::size_t passed = std::min(skip, block.count);
    skip -= passed;
    const std::size_t taken = block.count - passed;
    const auto from = static_cast<std::ptrdiff_t>(passed);
    const auto to = static_cast<std::ptrdiff_t>(copied);
    std::copy_n(block.slots.begin() + from, taken, slots.begin() + to);
    std::copy_n(block.values.begin() + from, taken, values.begin() + to);
    copied += taken;
  }
  return copied;
}

}  // namespace tocsin::series
