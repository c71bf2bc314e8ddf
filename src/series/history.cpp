#include "src/series/history.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <new>

namespace tocsin::series {
namespace {

constexpr std::size_t kFirstRoom = 8;
constexpr std::size_t kRoomStep = 16;
constexpr std::size_t kFirstTableRoom = 4;

// 8, 16, 32, 48 ... 112, 120: a new series costs little, and a growing one copies little.
std::size_t next_room(std::size_t room) noexcept {
  return std::min(room < kRoomStep ? kRoomStep : room + kRoomStep, kBlockSlots);
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
      max_blocks_((config.capacity + kBlockSlots - 1) / kBlockSlots + 1) {
  assert(config.capacity >= kBlockSlots && config.capacity <= 1'000'000);
}

AppendStatus HistoryPool::append(History& history, std::int64_t slot, double value) noexcept {
  if (!std::isfinite(value)) return AppendStatus::kNotFinite;
  if (slot < 0 || slot > kMaxSlot) return AppendStatus::kBadSlot;
  if (history.empty()) {
    history.has_points_ = true;
    history.last_slot_ = slot;
    history.last_value_ = value;
    return AppendStatus::kStored;
  }
  if (slot <= history.last_slot_) return AppendStatus::kLate;

  HistoryState* state = history.state_ == Arena::kNone ? make_state(history, kFirstRoom)
                                                       : arena_.as<HistoryState>(history.state_);
  if (state == nullptr) return AppendStatus::kNoMemory;
  if (history.block_of(slot) != history.block_of(history.last_slot_)) {
    if (!close_newest_block(history, slot)) return AppendStatus::kNoMemory;
    state = arena_.as<HistoryState>(history.state_);
  } else if (state->count == state->room) {
    state = grow(history, *state);
    if (state == nullptr) return AppendStatus::kNoMemory;
  }
  state->slots.add(history.place_of(slot));
  state->values()[state->count++] = value;
  history.last_slot_ = slot;
  history.last_value_ = value;
  return AppendStatus::kStored;
}

// A state that holds the one point the handle held so far.
HistoryState* HistoryPool::make_state(History& history, std::size_t room) noexcept {
  const Arena::Ref block = arena_.allocate(state_bytes(room));
  if (block == Arena::kNone) return nullptr;
  auto* state = new (arena_.at(block)) HistoryState;
  state->room = static_cast<std::uint8_t>(room);
  state->slots.add(history.place_of(history.last_slot_));
  state->values()[0] = history.last_value_;
  state->count = 1;
  history.state_ = block;
  return state;
}

HistoryState* HistoryPool::grow(History& history, HistoryState& state) noexcept {
  const std::size_t room = next_room(state.room);
  const Arena::Ref block = arena_.allocate(state_bytes(room));
  if (block == Arena::kNone) return nullptr;
  std::memcpy(arena_.at(block), &state, state_bytes(state.count));
  arena_.release(history.state_, state_bytes(state.room));
  history.state_ = block;
  auto* grown = arena_.as<HistoryState>(block);
  grown->room = static_cast<std::uint8_t>(room);
  return grown;
}

// Makes room for the block of `next_slot`. On success the newest block is empty, to be filled at
// once by the caller; on failure it is as it was.
bool HistoryPool::close_newest_block(History& history, std::int64_t next_slot) noexcept {
  const std::int64_t newest = history.block_of(history.last_slot_);
  const std::int64_t next = history.block_of(next_slot);
  const std::int64_t window_begin =
      std::max<std::int64_t>(0, next_slot - static_cast<std::int64_t>(config_.capacity) + 1);
  const std::int64_t first_kept = history.block_of(window_begin);

  // First, because in a steady shard this is where the memory for the new block comes from.
  drop_blocks_before(history, std::min(first_kept, newest));
  auto& state = *arena_.as<HistoryState>(history.state_);
  if (first_kept <= newest) {
    const auto entries = static_cast<std::size_t>(next - newest);  // the block and the empty ones
    assert(state.blocks + entries <= max_blocks_);
    if (!make_table_room(state, state.blocks + entries)) return false;
    const Arena::Ref block = encode_newest_block(history, state);
    if (block == Arena::kNone) return false;
    auto* table = arena_.as<Arena::Ref>(state.table);
    table[state.entry(state.blocks++)] = block;
    for (std::size_t i = 1; i < entries; ++i) table[state.entry(state.blocks++)] = Arena::kNone;
    state.closed_points += state.count;
  } else if (state.table != Arena::kNone) {
    arena_.release(state.table, state.table_room * sizeof(Arena::Ref));
    state.table = Arena::kNone;
    state.table_room = 0;
    state.table_begin = 0;
  }
  state.slots = {};
  state.count = 0;

  // Start small again: blocks close at different times, so on average half of this memory is free.
  if (state.room == kFirstRoom) return true;
  const Arena::Ref small = arena_.allocate(state_bytes(kFirstRoom));
  if (small == Arena::kNone) return true;  // the old buffer serves as well
  std::memcpy(arena_.at(small), &state, sizeof state);
  arena_.release(history.state_, state_bytes(state.room));
  history.state_ = small;
  arena_.as<HistoryState>(small)->room = kFirstRoom;
  return true;
}

void HistoryPool::drop_blocks_before(History& history, std::int64_t first_kept) noexcept {
  auto& state = *arena_.as<HistoryState>(history.state_);
  std::int64_t oldest = history.block_of(history.last_slot_) - state.blocks;
  // Empty entries at the front go too: the oldest block kept always has points.
  while (state.blocks > 0) {
    const Arena::Ref block = arena_.as<Arena::Ref>(state.table)[state.entry(0)];
    if (oldest >= first_kept && block != Arena::kNone) break;
    if (block != Arena::kNone) {
      const std::byte* const bytes = arena_.at(block);
      state.closed_points -= static_cast<std::uint32_t>(block_slots(bytes).count());
      arena_.release(block, block_bytes(bytes));
    }
    state.table_begin = static_cast<std::uint16_t>(state.entry(1));
    --state.blocks;
    ++oldest;
  }
}

Arena::Ref HistoryPool::encode_newest_block(History& history, const HistoryState& state) noexcept {
  EncodedBlock encoded;
  const std::size_t used =
      encode_block({state.values(), state.count}, state.slots, history.exponent_hint_, encoded);
  const Arena::Ref block = arena_.allocate(used);
  if (block != Arena::kNone) std::memcpy(arena_.at(block), encoded.data(), used);
  return block;
}

bool HistoryPool::make_table_room(HistoryState& state, std::size_t entries) noexcept {
  if (entries <= state.table_room) return true;
  std::size_t room = std::max<std::size_t>(kFirstTableRoom, state.table_room);
  while (room < entries) room *= 2;
  room = std::min(room, max_blocks_);
  const Arena::Ref table = arena_.allocate(room * sizeof(Arena::Ref));
  if (table == Arena::kNone) return false;
  if (state.table != Arena::kNone) {
    const auto* const from = arena_.as<Arena::Ref>(state.table);
    auto* const to = arena_.as<Arena::Ref>(table);
    for (std::size_t i = 0; i < state.blocks; ++i) to[i] = from[state.entry(i)];
    arena_.release(state.table, state.table_room * sizeof(Arena::Ref));
  }
  state.table = table;
  state.table_begin = 0;
  state.table_room = static_cast<std::uint16_t>(room);
  return true;
}

void HistoryPool::release(History& history) noexcept {
  if (history.state_ != Arena::kNone) release_state(history);
  history.state_ = Arena::kNone;
  history.has_points_ = false;
  history.exponent_hint_ = 0;
}

void HistoryPool::release_state(History& history) noexcept {
  drop_blocks_before(history, INT64_MAX);
  const auto& state = *arena_.as<HistoryState>(history.state_);
  if (state.table != Arena::kNone) {
    arena_.release(state.table, state.table_room * sizeof(Arena::Ref));
  }
  arena_.release(history.state_, state_bytes(state.room));
}

std::size_t HistoryPool::memory_bytes(const History& history) const noexcept {
  if (history.state_ == Arena::kNone) return 0;
  const auto& state = *arena_.as<HistoryState>(history.state_);
  std::size_t bytes = Arena::rounded_bytes(state_bytes(state.room));
  if (state.table == Arena::kNone) return bytes;
  bytes += Arena::rounded_bytes(state.table_room * sizeof(Arena::Ref));
  for (std::size_t i = 0; i < state.blocks; ++i) {
    const Arena::Ref block = arena_.as<Arena::Ref>(state.table)[state.entry(i)];
    if (block != Arena::kNone) bytes += block_bytes(arena_.at(block));
  }
  return bytes;
}

}  // namespace tocsin::series
