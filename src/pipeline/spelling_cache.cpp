#include "src/pipeline/spelling_cache.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace tocsin::pipeline {
namespace {

constexpr std::size_t kFirstSlots = 1024;

}  // namespace

SpellingCache::SpellingCache(std::size_t limit) : limit_(std::max<std::size_t>(limit, 16)) {
  young_.slots.resize(kFirstSlots);
  young_.mask = kFirstSlots - 1;
}

std::uint32_t SpellingCache::find_in_old(Key key) {
  auto* slot = const_cast<Slot*>(probe(old_, key));  // NOLINT(*-const-cast): our own table
  if (slot->value_plus_one == 0 || full()) {
    return slot->value_plus_one == 0 ? kAbsent : slot->value_plus_one - 1;
  }
  const std::uint32_t value = slot->value_plus_one - 1;
  slot->value_plus_one = kMoved;  // not emptied: later entries of the same chain stay reachable
  --old_.count;
  insert(key, value);
  return value;
}

void SpellingCache::insert(Key key, std::uint32_t value) {
  assert(value < kMaxValue && !full());
  if ((young_.count + 1) * 2 > young_.slots.size()) grow();
  auto* slot = const_cast<Slot*>(probe(young_, key));  // NOLINT(*-const-cast): our own table
  *slot = {key, value + 1};
  ++young_.count;
}

void SpellingCache::grow() {
  Table larger;
  larger.slots.resize(young_.slots.size() * 2);
  larger.mask = larger.slots.size() - 1;
  larger.count = young_.count;
  for (const Slot& slot : young_.slots) {
    if (slot.value_plus_one == 0) continue;
    std::size_t position = slot.key & larger.mask;
    while (larger.slots[position].value_plus_one != 0) position = (position + 1) & larger.mask;
    larger.slots[position] = slot;
  }
  young_ = std::move(larger);
}

void SpellingCache::rotate(std::vector<std::uint32_t>& dropped) {
  for (const Slot& slot : old_.slots) {
    if (slot.value_plus_one != 0 && slot.value_plus_one != kMoved) {
      dropped.push_back(slot.value_plus_one - 1);
    }
  }
  std::swap(young_, old_);
  // As large as the last generation needed: the next one will hold about the same names.
  const std::size_t slots = std::max(std::bit_ceil(old_.count * 2), kFirstSlots);
  young_.slots.assign(slots, Slot{});
  young_.mask = slots - 1;
  young_.count = 0;
}

}  // namespace tocsin::pipeline
