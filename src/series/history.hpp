// The last day of one series: doubles at a fixed step, lossless, compressed, with gaps. A History
// is 24 bytes and means nothing without the pool that fills it. The newest block is kept
// uncompressed and grows with its points; every 120 slots it is closed (block_codec.hpp) and the
// blocks that have left the window are freed.
// Window:  exactly the slots last_slot - capacity + 1 .. last_slot; slot = time / step.
// Phase:   blocks begin at slots s with (s + stagger) % 120 == 0. Give each series another stagger,
//          e.g. its id: otherwise all series close their blocks in the same tick.
// Threads: one owner.
// Cost:    append: see docs/formats/history.md; a gap costs at most one step per block of the
//          window, however long it is. No heap allocation of its own, all memory is the arena's.
#pragma once

#include <cstddef>
#include <cstdint>

#include "src/series/arena.hpp"
#include "src/series/block_codec.hpp"

namespace tocsin::series {

struct HistoryConfig {
  std::uint32_t step_seconds =
      10;  // for those who turn time into slots; the history itself counts slots
  std::uint32_t capacity =
      8640;  // slots in the window, 120..1,000,000; the default is 24 h of 10 s
};

enum class AppendStatus : std::uint8_t {
  kStored,
  kLate,       // slot is not after the last one; nothing changed
  kNotFinite,  // NaN or infinite: a missing value is a gap, not a number; nothing changed
  kBadSlot,    // outside 0..kMaxSlot; nothing changed
  kNoMemory,  // the arena's cap is reached: not stored; what would have left the window has left it
};
// The stable word, e.g. "late": used as the cause of a refused point.
[[nodiscard]] const char* to_string(AppendStatus status) noexcept;

inline constexpr std::int64_t kMaxSlot = std::int64_t{1} << 60;

// A handle. Plain data: copying it does not copy the history, and only one copy may be used on.
class History {
 public:
  History() = default;
  explicit History(std::uint32_t stagger) noexcept
      : phase_(static_cast<std::uint8_t>(stagger % kBlockSlots)) {}

  [[nodiscard]] bool empty() const noexcept { return !has_points_; }
  // Precondition of both: not empty.
  [[nodiscard]] std::int64_t last_slot() const noexcept { return last_slot_; }
  [[nodiscard]] double last_value() const noexcept { return last_value_; }

 private:
  friend class HistoryPool;
  friend class HistoryView;

  // The block that holds `slot`, and the slot's place in it.
  [[nodiscard]] std::int64_t block_of(std::int64_t slot) const noexcept {
    return (slot + phase_) / static_cast<std::int64_t>(kBlockSlots);
  }
  [[nodiscard]] std::size_t place_of(std::int64_t slot) const noexcept {
    return static_cast<std::size_t>((slot + phase_) % static_cast<std::int64_t>(kBlockSlots));
  }
  [[nodiscard]] std::int64_t first_slot_of(std::int64_t block) const noexcept {
    return block * static_cast<std::int64_t>(kBlockSlots) - phase_;
  }

  std::int64_t last_slot_ = 0;
  double last_value_ = 0;
  Arena::Ref state_ = Arena::kNone;  // none while the only point is last_value_
  std::uint8_t phase_ = 0;
  std::uint8_t exponent_hint_ = 0;
  bool has_points_ = false;
};
static_assert(sizeof(History) == 24);

// What a history of two points or more keeps in the arena, followed by `room` doubles: the points
// of the newest block, oldest first. The newest block is never empty.
struct HistoryState {
  SlotSet slots;                    // of the newest block
  Arena::Ref table = Arena::kNone;  // ring of references to the closed blocks, oldest first
  std::uint16_t table_room = 0;     // entries allocated
  std::uint16_t table_begin = 0;    // where the oldest is
  std::uint16_t blocks = 0;         // entries in use; the last is the one before the newest block.
                                    // kNone in an entry: a whole block without points
  std::uint8_t count = 0;           // points of the newest block
  std::uint8_t room = 0;
  std::uint32_t closed_points = 0;  // in all closed blocks, visible or not

  [[nodiscard]] std::uint32_t entry(std::size_t index) const noexcept {
    const std::size_t at = table_begin + index;
    return static_cast<std::uint32_t>(at < table_room ? at : at - table_room);
  }
  [[nodiscard]] double* values() noexcept { return reinterpret_cast<double*>(this + 1); }
  [[nodiscard]] const double* values() const noexcept {
    return reinterpret_cast<const double*>(this + 1);
  }
};
static_assert(sizeof(HistoryState) == 32);

class HistoryPool {
 public:
  // Borrows `arena`, which must outlive the pool; several pools may share one.
  HistoryPool(Arena& arena, const HistoryConfig& config) noexcept;
  HistoryPool(const HistoryPool&) = delete;
  HistoryPool& operator=(const HistoryPool&) = delete;

  [[nodiscard]] AppendStatus append(History& history, std::int64_t slot, double value) noexcept;
  // Frees everything; the history is empty again and keeps its stagger.
  void release(History& history) noexcept;

  // Arena bytes held by one history, the handle itself not counted.
  [[nodiscard]] std::size_t memory_bytes(const History& history) const noexcept;
  [[nodiscard]] const HistoryConfig& config() const noexcept { return config_; }
  [[nodiscard]] const Arena& arena() const noexcept { return arena_; }

 private:
  [[nodiscard]] HistoryState* make_state(History& history, std::size_t room) noexcept;
  [[nodiscard]] HistoryState* grow(History& history, HistoryState& state) noexcept;
  [[nodiscard]] bool close_newest_block(History& history, std::int64_t next_slot) noexcept;
  void drop_blocks_before(History& history, std::int64_t first_kept) noexcept;
  [[nodiscard]] Arena::Ref encode_newest_block(History& history,
                                               const HistoryState& state) noexcept;
  [[nodiscard]] bool make_table_room(HistoryState& state, std::size_t entries) noexcept;
  void release_state(History& history) noexcept;

  Arena& arena_;
  HistoryConfig config_;
  std::size_t max_blocks_;  // closed blocks that can be visible at once
};

}  // namespace tocsin::series
