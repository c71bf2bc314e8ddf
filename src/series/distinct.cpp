#include "src/series/distinct.hpp"

#include <algorithm>
#include <cassert>

namespace tocsin::series {
namespace {

constexpr unsigned kFirstRoomLog2 = 2;  // searched in a row, used to the last cell
constexpr unsigned kTableRoomLog2 = 4;  // from here on a hash table, at most three quarters full
constexpr unsigned kLargestRoomLog2 = 13;

constexpr std::uint32_t limit_of(unsigned room_log2) noexcept {
  const std::uint32_t room = std::uint32_t{1} << room_log2;
  return room_log2 < kTableRoomLog2 ? room : room / 4 * 3;
}
// Between rebuilds the estimating table gathers half as many again as it must keep.
static_assert(limit_of(kLargestRoomLog2) == DistinctPool::kMaxExact * 3 / 2);

std::size_t room_bytes(unsigned room_log2) noexcept {
  return sizeof(std::uint64_t) << room_log2;
}

// The cell of `hash`, or the free one where it belongs; null if a short row is full without it.
std::uint64_t* find_cell(std::span<std::uint64_t> cells, std::uint64_t hash) noexcept {
  if (cells.size() < std::size_t{1} << kTableRoomLog2) {
    for (std::uint64_t& cell : cells) {
      if (cell == hash || cell == 0) return &cell;
    }
    return nullptr;
  }
  // The low bits: the smallest hashes, kept when estimating, are alike only in their high bits.
  std::size_t at = hash & (cells.size() - 1);
  while (cells[at] != hash && cells[at] != 0) at = (at + 1) & (cells.size() - 1);
  return &cells[at];
}

}  // namespace

DistinctPool::DistinctPool(Arena& arena)
    : arena_(arena), scratch_(std::size_t{1} << kLargestRoomLog2) {}

std::span<std::uint64_t> DistinctPool::cells(const Distinct& set) noexcept {
  return {arena_.as<std::uint64_t>(set.table_.block), std::size_t{1} << set.room_log2_};
}

bool DistinctPool::add(Distinct& set, std::uint64_t member_hash) noexcept {
  if (member_hash == 0) member_hash = 1;  // 0 marks a free cell
  if (set.room_log2_ == 0) {
    if (set.stored_ == 0) {
      set.only_ = member_hash;
      set.stored_ = 1;
      return true;
    }
    if (set.only_ == member_hash) return true;
  } else {
    if (set.estimating_ && (member_hash >> 32) > set.table_.bound) return true;
    std::uint64_t* const cell = find_cell(cells(set), member_hash);
    if (cell != nullptr && *cell == member_hash) return true;
  }
  if (!make_room(set)) return false;
  // Having made room may have lowered the bound; one member too many in the table does no harm.
  *find_cell(cells(set), member_hash) = member_hash;
  ++set.stored_;
  return true;
}

// Ensures a free cell, by a larger block or, in the largest, by dropping all but the smallest.
bool DistinctPool::make_room(Distinct& set) noexcept {
  if (set.stored_ == kMaxExact && !set.estimating_) {
    // One more is no longer exact. The bound lets everything in until the table is full.
    assert(set.room_log2_ == kLargestRoomLog2);
    set.estimating_ = true;
    set.table_.bound = UINT32_MAX;
  }
  if (set.room_log2_ > 0 && set.stored_ < limit_of(set.room_log2_)) return true;
  if (set.room_log2_ < kLargestRoomLog2) return widen(set);
  keep_smallest(set);
  return true;
}

bool DistinctPool::widen(Distinct& set) noexcept {
  unsigned log2 = kFirstRoomLog2;
  if (set.room_log2_ > 0) log2 = set.room_log2_ + 1u;
  const Arena::Ref block = arena_.allocate(room_bytes(log2));
  if (block == Arena::kNone) return false;
  const std::span<std::uint64_t> wider(arena_.as<std::uint64_t>(block), std::size_t{1} << log2);
  std::fill(wider.begin(), wider.end(), 0);
  if (set.room_log2_ == 0) {
    wider[0] = set.only_;
  } else {
    for (const std::uint64_t hash : cells(set)) {
      if (hash != 0) *find_cell(wider, hash) = hash;
    }
    arena_.release(set.table_.block, room_bytes(set.room_log2_));
  }
  set.table_ = {block, UINT32_MAX};
  set.room_log2_ = static_cast<std::uint8_t>(log2);
  return true;
}

std::size_t DistinctPool::gather(const Distinct& set) noexcept {
  std::size_t count = 0;
  for (const std::uint64_t hash : cells(set)) {
    if (hash != 0) scratch_[count++] = hash;
  }
  const std::size_t kept = std::min(count, kMaxExact);
  const auto begin = scratch_.begin();
  std::nth_element(begin, begin + static_cast<std::ptrdiff_t>(kept - 1),
                   begin + static_cast<std::ptrdiff_t>(count));
  return kept;
}

// Holds after it: the table has the kMaxExact smallest hashes ever seen, and every later one that
// is smaller than the largest of them will pass the bound.
void DistinctPool::keep_smallest(Distinct& set) noexcept {
  const std::size_t kept = gather(set);
  const std::span<std::uint64_t> table = cells(set);
  std::fill(table.begin(), table.end(), 0);
  for (std::size_t i = 0; i < kept; ++i) *find_cell(table, scratch_[i]) = scratch_[i];
  set.stored_ = static_cast<std::uint32_t>(kept);
  set.table_.bound = static_cast<std::uint32_t>(scratch_[kept - 1] >> 32);
}

bool DistinctPool::merge(Distinct& set, const Distinct& other) noexcept {
  if (other.room_log2_ == 0) return other.empty() || add(set, other.only_);
  for (const std::uint64_t hash : cells(other)) {
    if (hash != 0 && !add(set, hash)) return false;
  }
  // The smallest of the union are among the smallest of either, so nothing is missing. A table that
  // estimates holds more than kMaxExact members: taking them over has made `set` estimate too.
  return true;
}

double DistinctPool::estimate(const Distinct& set) noexcept {
  if (!set.estimating_) return set.stored_;
  const std::size_t kept = gather(set);
  // The largest kept hash as a fraction of the range, never 0.
  const double reach = (static_cast<double>(scratch_[kept - 1]) + 1) * 0x1p-64;
  return static_cast<double>(kept - 1) / reach;
}

void DistinctPool::clear(Distinct& set) noexcept {
  if (set.room_log2_ > 0) arena_.release(set.table_.block, room_bytes(set.room_log2_));
  set = {};
}

std::size_t DistinctPool::memory_bytes(const Distinct& set) const noexcept {
  return set.room_log2_ == 0 ? 0 : room_bytes(set.room_log2_);
}

}  // namespace tocsin::series
