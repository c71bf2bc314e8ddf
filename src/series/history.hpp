// The last day of one series: doubles at a fixed step, lossless, compressed, with gaps. A History
// is 32 bytes and means nothing without the pool that fills it. Points are compressed in blocks of
// 120 slots (block_codec.hpp), but for those of the newest and of the oldest block: the two share a
// buffer, since as many points of the one have entered as of the other have left.
//     buffer:  n0 n1 n2 n3 | o4 o5 .. o119      the next point, n4, takes the place of o4
// So the points that leave the window are at hand, and cost nothing to find.
// Window:  exactly the slots last_slot - capacity + 1 .. last_slot; slot = time / step.
// Phase:   blocks begin at slots s with (s + stagger) % 120 == 0. Give each series another stagger,
//          e.g. its id: otherwise all series close their blocks in the same tick.
// Threads: one owner.
// Cost:    append: see docs/formats/history.md; a gap costs at most one step per block of the
//          window, however long it is. No heap allocation of its own, all memory is the arena's.
//          A capacity that is no multiple of 120 costs memory for a part of a block more.
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
  // Counts what was stored and released, modulo 2^32: as long as it stays, so do the points.
  [[nodiscard]] std::uint32_t changes() const noexcept { return changes_; }
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
  std::uint32_t changes_ = 0;
  std::uint8_t phase_ = 0;
  std::uint8_t exponent_hint_ = 0;
  bool has_points_ = false;
};
static_assert(sizeof(History) == 32);

// What a history of two points or more keeps in the arena, followed by `room` doubles: the buffer.
// Up to the last slot's place it holds the newest block; behind that, while oldest_points > 0, what
// the window still has of the oldest block. NaN: no point.
// The newest block is never empty. The oldest block in the buffer is the one that began a whole
// number of blocks, the window's length rounded up, before the newest; then the table has an entry
// for every block between them.
struct alignas(double) HistoryState {
  Arena::Ref table = Arena::kNone;  // ring of references to the closed blocks, oldest first
  std::uint32_t closed_points = 0;  // in all closed blocks, visible or not
  std::uint16_t table_room = 0;     // entries allocated
  std::uint16_t table_begin = 0;    // where the oldest is
  std::uint16_t blocks = 0;         // entries in use; the last is the one before the newest block.
                                    // kNone in an entry: a whole block without points
  std::uint8_t first_place = 0;  // in its block, of the first value; 0 while both blocks are here
  std::uint8_t room = 0;         // first_place + room <= kBlockSlots
  std::uint8_t newest_points = 0;
  std::uint8_t oldest_points = 0;

  [[nodiscard]] std::uint32_t entry(std::size_t index) const noexcept {
    const std::size_t at = table_begin + index;
    return static_cast<std::uint32_t>(at < table_room ? at : at - table_room);
  }
  void pop_entry() noexcept {
    table_begin = static_cast<std::uint16_t>(entry(1));
    --blocks;
  }
  [[nodiscard]] double& value_at(std::size_t place) noexcept {
    return reinterpret_cast<double*>(this + 1)[place - first_place];
  }
  [[nodiscard]] const double& value_at(std::size_t place) const noexcept {
    return reinterpret_cast<const double*>(this + 1)[place - first_place];
  }
  // Calls visit(place, value) for each point at the places `from` .. `end` - 1.
  template <class Visit>
  void for_each_at(std::size_t from, std::size_t end, Visit&& visit) const {
    for (std::size_t place = from; place < end; ++place) {
      if (const double value = value_at(place); value == value) visit(place, value);
    }
  }
};
static_assert(sizeof(HistoryState) == 24);

// Arena bytes held by one history, the handle itself not counted.
struct HistoryMemory {
  std::size_t buffer = 0;  // with the state in front of it
  std::size_t table = 0;
  std::size_t blocks = 0;       // compressed
  std::size_t block_heads = 0;  // that part of `blocks` which is not packed points

  [[nodiscard]] std::size_t total() const noexcept { return buffer + table + blocks; }
};

class HistoryPool {
 public:
  // Borrows `arena`, which must outlive the pool; several pools may share one.
  HistoryPool(Arena& arena, const HistoryConfig& config) noexcept;
  HistoryPool(const HistoryPool&) = delete;
  HistoryPool& operator=(const HistoryPool&) = delete;

  // What append() will say, but that kStored may yet become kNoMemory.
  [[nodiscard]] static AppendStatus check(const History& history, std::int64_t slot,
                                          double value) noexcept;
  [[nodiscard]] AppendStatus append(History& history, std::int64_t slot, double value) noexcept;
  // Frees everything; the history is empty again and keeps its stagger.
  void release(History& history) noexcept;
  // Fetches what the next append writes and what leaves the window then.
  void prefetch(const History& history) const noexcept;

  [[nodiscard]] HistoryMemory memory(const History& history) const noexcept;
  [[nodiscard]] const HistoryConfig& config() const noexcept { return config_; }
  [[nodiscard]] const Arena& arena() const noexcept { return arena_; }

 private:
  [[nodiscard]] bool store(History& history, std::int64_t slot, double value) noexcept;
  [[nodiscard]] bool make_state(History& history) noexcept;
  [[nodiscard]] bool resize(History& history, std::size_t first_place, std::size_t room) noexcept;
  [[nodiscard]] bool begin_block(History& history, std::int64_t next_slot) noexcept;
  [[nodiscard]] bool keep_newest_as_oldest(History& history, std::int64_t next) noexcept;
  [[nodiscard]] bool close_newest(History& history, std::int64_t next) noexcept;
  [[nodiscard]] std::size_t encode_newest(History& history, EncodedBlock& encoded) const noexcept;
  static void open_oldest(HistoryState& state, const std::byte* block) noexcept;
  void drop_blocks_before(History& history, std::int64_t first_kept) noexcept;
  [[nodiscard]] bool make_table_room(HistoryState& state, std::size_t entries) noexcept;
  void release_table(HistoryState& state) noexcept;
  [[nodiscard]] Arena::Ref& front_entry(HistoryState& state) noexcept;
  void push_entry(HistoryState& state, Arena::Ref block) noexcept;

  Arena& arena_;
  HistoryConfig config_;
  std::int64_t window_blocks_;  // the oldest block lies so many before the newest
};

}  // namespace tocsin::series
