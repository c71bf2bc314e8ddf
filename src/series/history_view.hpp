// Reads a history: whole, from a slot on, or block by block; only points inside the window.
// Valid:   until the next append to, or release of, the same history.
// Cost:    size, first and last are O(1) up to one block's slot set; the rest decodes what it
//          visits, at memory speed (docs/formats/history.md). No allocation.
// Threads: as its pool.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/series/aggregate.hpp"
#include "src/series/arena.hpp"
#include "src/series/block_codec.hpp"
#include "src/series/history.hpp"

namespace tocsin::series {

// One decoded block: points 0..count-1, oldest first.
struct HistoryBlock {
  std::array<std::int64_t, kBlockSlots> slots;
  std::array<double, kBlockSlots> values;
  std::size_t count = 0;
};

class HistoryView {
 public:
  // Views both; neither may be a temporary.
  HistoryView(const HistoryPool& pool, const History& history) noexcept;
  HistoryView(const HistoryPool& pool, History&& history) = delete;

  [[nodiscard]] bool empty() const noexcept { return history_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] std::uint32_t changes() const noexcept { return history_.changes(); }
  // Precondition of the next three: not empty.
  [[nodiscard]] std::int64_t first_slot() const noexcept;
  [[nodiscard]] std::int64_t last_slot() const noexcept { return history_.last_slot(); }
  [[nodiscard]] double last_value() const noexcept { return history_.last_value(); }

  // Blocks, oldest first; block_count() - 1 is the newest. One inside a long gap has no points.
  [[nodiscard]] std::size_t block_count() const noexcept;
  // The slot at which block `index` begins, before or inside the window.
  [[nodiscard]] std::int64_t block_slot(std::size_t index) const noexcept;
  void decode(std::size_t index, HistoryBlock& out) const noexcept;
  // Of the visible points. Read from the header of a compressed block that is visible as a whole;
  // other blocks are added up.
  [[nodiscard]] Aggregate aggregate(std::size_t index) const noexcept;
  // Of the whole window.
  [[nodiscard]] Aggregate total() const noexcept;

  // Calls visit(slot, value) for each point, oldest first.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for_each_between(0, INT64_MAX, visit);
  }
  // The same for points at `slot` or later; older blocks are not decoded.
  template <class Visit>
  void for_each_from(std::int64_t slot, Visit&& visit) const {
    for_each_between(slot, INT64_MAX, visit);
  }
  // The same for points before `slot`.
  template <class Visit>
  void for_each_before(std::int64_t slot, Visit&& visit) const {
    for_each_between(0, slot, visit);
  }
  // The same for points that will have left the window when one is appended at `slot`, later than
  // the last: at hand if that is the next slot.
  template <class Visit>
  void for_each_leaving(std::int64_t slot, Visit&& visit) const {
    const std::int64_t first = history_.last_slot_ - capacity_ + 1;
    const std::int64_t end = slot - capacity_ + 1;
    const std::size_t place = history_.place_of(history_.last_slot_) + 1;
    const bool is_in_newest_block = end - first <= kBlock - static_cast<std::int64_t>(place);
    if (capacity_ % kBlock != 0 || !is_in_newest_block || empty()) {
      for_each_before(end, visit);
    } else if (in_buffer() > 0) {
      // It takes the places of those that leave.
      state_->for_each_at(place, place + static_cast<std::size_t>(end - first),
                          [&](std::size_t at, double value) {
                            visit(first + static_cast<std::int64_t>(at - place), value);
                          });
    }
  }
  // Copies the newest points that fit into both spans, oldest first; returns their number.
  std::size_t copy_to(std::span<std::int64_t> slots, std::span<double> values) const noexcept;

 private:
  // Places in the buffer, of the points of a block.
  struct Places {
    std::size_t from;
    std::size_t end;
  };

  static constexpr auto kBlock = static_cast<std::int64_t>(kBlockSlots);

  // Points at slots `from` .. `end` - 1.
  template <class Visit>
  void for_each_between(std::int64_t from, std::int64_t end, Visit&& visit) const {
    for (std::size_t i = index_of(from); i < block_count(); ++i) {
      const std::int64_t first = block_slot(i);
      if (first >= end) return;
      const auto visit_in = [&](std::int64_t slot, double value) {
        if (slot >= from && slot < end) visit(slot, value);
      };
      if (is_in_buffer(i)) {
        const Places places = buffer_places(i);
        const auto last = static_cast<std::size_t>(
            std::min<std::int64_t>(end - first, static_cast<std::int64_t>(places.end)));
        state_->for_each_at(places.from, last, [&](std::size_t place, double value) {
          visit_in(first + static_cast<std::int64_t>(place), value);
        });
      } else {
        HistoryBlock block;
        decode(i, block);
        for (std::size_t k = 0; k < block.count; ++k) visit_in(block.slots[k], block.values[k]);
      }
    }
  }

  // 1: the oldest block is in the buffer.
  [[nodiscard]] std::size_t in_buffer() const noexcept {
    return state_ != nullptr && state_->oldest_points > 0 ? 1 : 0;
  }
  // Blocks before the newest, visible or not.
  [[nodiscard]] std::size_t older() const noexcept {
    return state_ == nullptr ? 0 : state_->blocks + in_buffer();
  }
  [[nodiscard]] bool is_newest(std::size_t index) const noexcept { return index == older(); }
  [[nodiscard]] bool is_in_buffer(std::size_t index) const noexcept {
    return state_ != nullptr && (is_newest(index) || index < in_buffer());
  }
  // Precondition: is_in_buffer.
  [[nodiscard]] Places buffer_places(std::size_t index) const noexcept;
  // The encoded form of a block that is neither newest nor in the buffer; null for one without
  // points.
  [[nodiscard]] const std::byte* closed_block(std::size_t index) const noexcept;
  // How many slots at the start of a block lie before the window.
  [[nodiscard]] std::size_t hidden_slots(std::size_t index) const noexcept;
  // The block to start from for `slot`.
  [[nodiscard]] std::size_t index_of(std::int64_t slot) const noexcept;

  const Arena& arena_;
  const History& history_;
  const HistoryState* state_;  // null while the history is empty or holds one point
  std::int64_t capacity_;
  std::int64_t window_begin_;
};

}  // namespace tocsin::series
