#include "src/series/history.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <utility>

namespace tocsin::series {
namespace {

constexpr std::size_t kFirstRoom = 8;
constexpr std::size_t kNextRoom = 32;
constexpr std::size_t kFirstTableRoom = 4;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr auto kBlock = static_cast<std::int64_t>(kBlockSlots);

// A new series costs little, and one that grows leaves little behind that serves nobody else.
std::size_t room_for(std::size_t places) noexcept {
  if (places <= kFirstRoom) return kFirstRoom;
  return places <= kNextRoom ? kNextRoom : kBlockSlots;
}

std::size_t state_bytes(std::size_t room) noexcept {
  return sizeof(HistoryState) + room * sizeof(double);
}

}  // namespace

const char* to_string(AppendStatus status) noexcept {
  switch (status) {
    case AppendStatus::kStored:
      return "stored";
    case AppendStatus::kLate:
      return "late";
    case AppendStatus::kNotFinite:
      return "not_finite";
    case AppendStatus::kBadSlot:
      return "bad_slot";
    case AppendStatus::kNoMemory:
      return "no_memory";
  }
  return "unknown";
}

HistoryPool::HistoryPool(Arena& arena, const HistoryConfig& config) noexcept
    : arena_(arena),
      config_(config),
      window_blocks_((static_cast<std::int64_t>(config.capacity) + kBlock - 1) / kBlock) {
  assert(config.capacity >= kBlockSlots && config.capacity <= 1'000'000);
}

AppendStatus HistoryPool::check(const History& history, std::int64_t slot, double value) noexcept {
  if (!std::isfinite(value)) return AppendStatus::kNotFinite;
  if (slot < 0 || slot > kMaxSlot) return AppendStatus::kBadSlot;
  if (!history.empty() && slot <= history.last_slot_) return AppendStatus::kLate;
  return AppendStatus::kStored;
}

AppendStatus HistoryPool::append(History& history, std::int64_t slot, double value) noexcept {
  const AppendStatus status = check(history, slot, value);
  if (status != AppendStatus::kStored) return status;
  if (!history.empty() && !store(history, slot, value)) return AppendStatus::kNoMemory;
  history.has_points_ = true;
  history.last_slot_ = slot;
  history.last_value_ = value;
  ++history.changes_;
  return AppendStatus::kStored;
}

// Puts the second or a later point into the buffer. False: no memory.
bool HistoryPool::store(History& history, std::int64_t slot, double value) noexcept {
  const std::size_t last_place = history.place_of(history.last_slot_);
  if (history.state_ == Arena::kNone && !make_state(history)) return false;
  auto* state = arena_.as<HistoryState>(history.state_);
  std::size_t next = last_place + 1;
  std::size_t place;
  if (slot - history.last_slot_ < kBlock - static_cast<std::int64_t>(last_place)) {
    place = last_place + static_cast<std::size_t>(slot - history.last_slot_);
    const std::size_t places = place - state->first_place + 1;
    if (places > state->room) {
      if (!resize(history, state->first_place, room_for(places))) return false;
      state = arena_.as<HistoryState>(history.state_);
    }
  } else {
    if (!begin_block(history, slot)) return false;
    state = arena_.as<HistoryState>(history.state_);
    place = history.place_of(slot);
    next = state->first_place;
  }
  // The places from `next` to `place` hold what leaves the window now.
  if (state->oldest_points > 0) {
    state->for_each_at(next, place + 1, [&](std::size_t, double) { --state->oldest_points; });
  }
  for (; next < place; ++next) state->value_at(next) = kMissing;
  state->value_at(place) = value;
  ++state->newest_points;
  return true;
}

// A state that holds the one point the handle held so far.
bool HistoryPool::make_state(History& history) noexcept {
  const Arena::Ref block = arena_.allocate(state_bytes(kFirstRoom));
  if (block == Arena::kNone) return false;
  auto* state = new (arena_.at(block)) HistoryState;
  const std::size_t place = history.place_of(history.last_slot_);
  state->first_place = static_cast<std::uint8_t>(place);
  state->room = kFirstRoom;
  state->newest_points = 1;
  state->value_at(place) = history.last_value_;
  history.state_ = block;
  return true;
}

// Gives the buffer another size and begin; of its points only those of the newest block stay.
// Precondition: they fit.
bool HistoryPool::resize(History& history, std::size_t first_place, std::size_t room) noexcept {
  auto& state = *arena_.as<HistoryState>(history.state_);
  if (state.room == room && state.first_place == first_place) return true;
  if (state.room == room && state.newest_points == 0) {
    state.first_place = static_cast<std::uint8_t>(first_place);
    return true;
  }
  const Arena::Ref block = arena_.allocate(state_bytes(room));
  if (block == Arena::kNone) return false;
  auto* resized = new (arena_.at(block)) HistoryState(state);
  resized->first_place = static_cast<std::uint8_t>(first_place);
  resized->room = static_cast<std::uint8_t>(room);
  if (state.newest_points > 0) {
    const std::size_t begin = state.first_place;
    std::fill_n(&resized->value_at(first_place), begin - first_place, kMissing);
    std::copy_n(&state.value_at(begin), history.place_of(history.last_slot_) + 1 - begin,
                &resized->value_at(begin));
  }
  arena_.release(history.state_, state_bytes(state.room));
  history.state_ = block;
  return true;
}

// Ends the newest block and makes the buffer ready for that of `next_slot`, to be filled at once by
// the caller. False: no memory; nothing has changed, but that what lies before the window of
// `next_slot` may be gone.
bool HistoryPool::begin_block(History& history, std::int64_t next_slot) noexcept {
  const std::int64_t newest = history.block_of(history.last_slot_);
  const std::int64_t next = history.block_of(next_slot);
  const std::int64_t oldest = next - window_blocks_;
  arena_.as<HistoryState>(history.state_)->oldest_points = 0;
  drop_blocks_before(history, std::min(oldest, newest));
  if (oldest == newest) return keep_newest_as_oldest(history, next);
  if (oldest < newest && !close_newest(history, next)) return false;

  auto& state = *arena_.as<HistoryState>(history.state_);
  const std::size_t points = std::exchange(state.newest_points, std::uint8_t{0});
  if (oldest > newest) release_table(state);
  if (state.oldest_points > 0) return true;
  // Small again where few points are to be expected.
  const std::size_t place = history.place_of(next_slot);
  const bool is_dense = oldest < newest && points >= kBlockSlots / 2;
  if (is_dense || !resize(history, place, kFirstRoom)) {
    state.first_place = static_cast<std::uint8_t>(place);
  }
  return true;
}

// The newest block becomes the oldest that the window reaches, so it stays where it is.
bool HistoryPool::keep_newest_as_oldest(History& history, std::int64_t next) noexcept {
  const auto between = static_cast<std::size_t>(next - history.block_of(history.last_slot_) - 1);
  if (!resize(history, 0, kBlockSlots)) return false;
  auto& state = *arena_.as<HistoryState>(history.state_);
  if (!make_table_room(state, between)) return false;
  for (std::size_t i = 0; i < between; ++i) push_entry(state, Arena::kNone);
  const std::size_t end = history.place_of(history.last_slot_) + 1;
  std::fill_n(&state.value_at(end), kBlockSlots - end, kMissing);
  state.oldest_points = std::exchange(state.newest_points, std::uint8_t{0});
  return true;
}

// Compresses the newest block; if the window of block `next` reaches a closed block only in part,
// that one takes over the buffer. False: no memory; nothing has changed.
bool HistoryPool::close_newest(History& history, std::int64_t next) noexcept {
  const std::int64_t newest = history.block_of(history.last_slot_);
  const std::int64_t first_closed = newest - arena_.as<HistoryState>(history.state_)->blocks;
  const bool opens_oldest = first_closed < newest && first_closed == next - window_blocks_;
  if (opens_oldest && !resize(history, 0, kBlockSlots)) return false;
  auto& state = *arena_.as<HistoryState>(history.state_);
  const auto entries = static_cast<std::size_t>(next - first_closed - (opens_oldest ? 1 : 0));
  if (!make_table_room(state, entries)) return false;

  EncodedBlock encoded;
  const std::size_t bytes = encode_newest(history, encoded);
  // Its memory first, since in a steady shard it is what the new block is put into.
  EncodedBlock oldest;
  std::size_t oldest_bytes = 0;
  if (opens_oldest) {
    const Arena::Ref block = front_entry(state);
    oldest_bytes = block_bytes(arena_.at(block));
    std::memcpy(oldest.data(), arena_.at(block), oldest_bytes);
    arena_.release(block, oldest_bytes);
  }
  const Arena::Ref block = arena_.allocate(bytes);
  if (block == Arena::kNone) {
    if (opens_oldest) {
      front_entry(state) = arena_.allocate(oldest_bytes);  // there is what was just released
      std::memcpy(arena_.at(front_entry(state)), oldest.data(), oldest_bytes);
    }
    return false;
  }
  std::memcpy(arena_.at(block), encoded.data(), bytes);
  state.closed_points += state.newest_points;
  if (opens_oldest) {
    state.pop_entry();
    open_oldest(state, oldest.data());
  }
  push_entry(state, block);
  while (state.blocks < entries) push_entry(state, Arena::kNone);
  return true;
}

std::size_t HistoryPool::encode_newest(History& history, EncodedBlock& encoded) const noexcept {
  const auto& state = *arena_.as<HistoryState>(history.state_);
  std::array<double, kBlockSlots> values;
  SlotSet slots;
  std::size_t count = 0;
  state.for_each_at(state.first_place, history.place_of(history.last_slot_) + 1,
                    [&](std::size_t place, double value) {
                      slots.add(place);
                      values[count++] = value;
                    });
  return encode_block(std::span(values).first(count), slots, history.exponent_hint_, encoded);
}

// Fills the buffer with a block that was closed.
void HistoryPool::open_oldest(HistoryState& state, const std::byte* block) noexcept {
  std::array<double, kBlockSlots> values;
  const std::size_t count = decode_block(block, values);
  state.closed_points -= static_cast<std::uint32_t>(count);
  state.oldest_points = static_cast<std::uint8_t>(count);
  std::fill_n(&state.value_at(0), kBlockSlots, kMissing);
  std::size_t next = 0;
  block_slots(block).for_each([&](std::size_t place) { state.value_at(place) = values[next++]; });
}

void HistoryPool::drop_blocks_before(History& history, std::int64_t first_kept) noexcept {
  auto& state = *arena_.as<HistoryState>(history.state_);
  std::int64_t oldest = history.block_of(history.last_slot_) - state.blocks;
  // Empty entries at the front go too: the first one kept has points.
  while (state.blocks > 0) {
    const Arena::Ref block = arena_.as<Arena::Ref>(state.table)[state.entry(0)];
    if (oldest >= first_kept && block != Arena::kNone) break;
    if (block != Arena::kNone) {
      const std::byte* const bytes = arena_.at(block);
      state.closed_points -= static_cast<std::uint32_t>(block_slots(bytes).count());
      arena_.release(block, block_bytes(bytes));
    }
    state.pop_entry();
    ++oldest;
  }
}

bool HistoryPool::make_table_room(HistoryState& state, std::size_t entries) noexcept {
  if (entries <= state.table_room) return true;
  std::size_t room = std::max<std::size_t>(kFirstTableRoom, state.table_room);
  while (room < entries) room *= 2;
  room = std::min(room, static_cast<std::size_t>(window_blocks_ - 1));
  const Arena::Ref table = arena_.allocate(room * sizeof(Arena::Ref));
  if (table == Arena::kNone) return false;
  if (state.table != Arena::kNone) {
    const auto* const from = arena_.as<Arena::Ref>(state.table);
    auto* const to = arena_.as<Arena::Ref>(table);
    for (std::size_t i = 0; i < state.blocks; ++i) to[i] = from[state.entry(i)];
  }
  release_table(state);
  state.table = table;
  state.table_room = static_cast<std::uint16_t>(room);
  return true;
}

void HistoryPool::release_table(HistoryState& state) noexcept {
  if (state.table == Arena::kNone) return;
  arena_.release(state.table, state.table_room * sizeof(Arena::Ref));
  state.table = Arena::kNone;
  state.table_room = 0;
  state.table_begin = 0;
}

Arena::Ref& HistoryPool::front_entry(HistoryState& state) noexcept {
  return arena_.as<Arena::Ref>(state.table)[state.entry(0)];
}

// Precondition: there is room.
void HistoryPool::push_entry(HistoryState& state, Arena::Ref block) noexcept {
  arena_.as<Arena::Ref>(state.table)[state.entry(state.blocks)] = block;
  ++state.blocks;
}

void HistoryPool::release(History& history) noexcept {
  if (history.state_ != Arena::kNone) {
    drop_blocks_before(history, INT64_MAX);
    auto& state = *arena_.as<HistoryState>(history.state_);
    release_table(state);
    arena_.release(history.state_, state_bytes(state.room));
  }
  history.state_ = Arena::kNone;
  history.has_points_ = false;
  history.exponent_hint_ = 0;
  ++history.changes_;
}

void HistoryPool::prefetch(const History& history) const noexcept {
  if (history.state_ == Arena::kNone) return;
  const std::byte* const state = arena_.at(history.state_);
  // Of a buffer that holds both blocks: there it is worth while.
  const std::size_t place = history.place_of(history.last_slot_) + 1;
  __builtin_prefetch(state, 1);
  __builtin_prefetch(state + state_bytes(place), 1);
}

HistoryMemory HistoryPool::memory(const History& history) const noexcept {
  HistoryMemory memory;
  if (history.state_ == Arena::kNone) return memory;
  const auto& state = *arena_.as<HistoryState>(history.state_);
  memory.buffer = Arena::rounded_bytes(state_bytes(state.room));
  if (state.table == Arena::kNone) return memory;
  memory.table = Arena::rounded_bytes(state.table_room * sizeof(Arena::Ref));
  for (std::size_t i = 0; i < state.blocks; ++i) {
    const Arena::Ref block = arena_.as<Arena::Ref>(state.table)[state.entry(i)];
    if (block == Arena::kNone) continue;
    memory.blocks += block_bytes(arena_.at(block));
    memory.block_heads += block_head_bytes(arena_.at(block));
  }
  return memory;
}

}  // namespace tocsin::series
