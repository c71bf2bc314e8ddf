// Remembers which number the raw spelling of a series got, so that cleaning and interning happen
// once per spelling and not once per line.
//
// Two generations: look-ups go to the young table; what is found only in the old one moves over.
// rotate() drops the old table and makes the young one old. So a spelling that was not seen for one
// to two rotation periods falls out, without a time stamp being written on every hit, and a flood
// of random names cannot push out the names that are in use.
//
// A slot is 16 bytes: a 64-bit seeded hash and the number. Names are not compared: two of a million
// spellings share a hash with a chance of 3 in 10^8, under a seed that senders do not know, and
// then count as one. (Twice the bits cost a statsd line a tenth of its instructions.)
// Threads: one.
// Cost:    find() touches one cache line as a rule; prefetch() asks for it ahead.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/base/huge_pages.hpp"

namespace tocsin::pipeline {

class SpellingCache {
 public:
  using Key = std::uint64_t;  // a hash: all of its bits are used
  static constexpr std::uint32_t kAbsent = 0xffff'ffff;
  // Numbers must stay below this.
  static constexpr std::uint32_t kMaxValue = 0xffff'fff0;

  // `limit`: how many spellings one generation may hold.
  explicit SpellingCache(std::size_t limit);

  void prefetch(Key key) const noexcept { __builtin_prefetch(&young_.slots[key & young_.mask]); }
  // The number of `key`, or kAbsent. Moves an entry of the old generation to the young one.
  [[nodiscard]] std::uint32_t find(Key key) {
    const Slot* slot = probe(young_, key);
    if (slot->value_plus_one != 0) [[likely]]
      return slot->value_plus_one - 1;
    return old_.count == 0 ? kAbsent : find_in_old(key);
  }
  // True: no room in the young generation; rotate() before insert().
  [[nodiscard]] bool full() const noexcept { return young_.count >= limit_; }
  // Precondition: find(key) == kAbsent and !full().
  void insert(Key key, std::uint32_t value);

  // Ages everything. Appends to `dropped` the numbers that nobody used since the last rotation.
  void rotate(std::vector<std::uint32_t>& dropped);

  [[nodiscard]] std::size_t size() const noexcept { return young_.count + old_.count; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return (young_.slots.capacity() + old_.slots.capacity()) * sizeof(Slot);
  }

 private:
  struct Slot {
    Key key = 0;
    std::uint32_t value_plus_one = 0;  // 0: empty; kMoved: was here, look on
  };
  static_assert(sizeof(Slot) == 16);
  static constexpr std::uint32_t kMoved = 0xffff'ffff;

  struct Table {
    std::vector<Slot, base::TableAllocator<Slot>> slots;
    std::size_t mask = 0;
    std::size_t count = 0;  // live entries
  };

  // The slot of `key`, or the empty slot where it would go.
  static const Slot* probe(const Table& table, Key key) noexcept {
    std::size_t position = key & table.mask;
    // Ends: a table is never more than half full. That is not for its ending: most look-ups find
    // their slot at once, and the branch is foreseen.
    while (true) {
      const Slot& slot = table.slots[position];
      if (slot.value_plus_one == 0) return &slot;
      if (slot.key == key && slot.value_plus_one != kMoved) return &slot;
      position = (position + 1) & table.mask;
    }
  }
  [[nodiscard]] std::uint32_t find_in_old(Key key);
  void grow();

  std::size_t limit_;
  Table young_;
  Table old_;
};

}  // namespace tocsin::pipeline
