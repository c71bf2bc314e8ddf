#include "src/rules/derive/group_roster.hpp"

#include <algorithm>
#include <bit>

namespace tocsin::rules::derive {
namespace {

// Room for four times the groups keeps the ways short, also past words of groups that have ended.
constexpr std::size_t kRoom = 4;
constexpr std::size_t kLeastWords = 128;

std::uint64_t tag_of(std::uint64_t hash, std::uint64_t minute_mask) noexcept {
  return (hash & ~minute_mask) | (minute_mask + 1);  // never 0
}

}  // namespace

GroupRoster::GroupRoster(std::uint32_t most, std::uint32_t ttl_minutes)
    : most_(most),
      ttl_minutes_(ttl_minutes),
      mask_(std::bit_ceil(std::max(kLeastWords, most * kRoom)) - 1),
      words_(std::make_unique<Word[]>(mask_ + 1)) {}

// A clock that was set back makes words of the future: they count as heard just now.
bool GroupRoster::expired(std::uint64_t word, std::uint32_t minute) const noexcept {
  const auto heard = static_cast<std::uint32_t>(word & kMinuteMask);
  const auto now = static_cast<std::uint32_t>(minute & kMinuteMask);
  return now > heard && now - heard > ttl_minutes_;
}

GroupRoster::Place GroupRoster::find(std::uint64_t hash, std::uint32_t minute) noexcept {
  const std::uint64_t tag = tag_of(hash, kMinuteMask);
  Place place;
  for (std::size_t i = 0; i < kProbes; ++i) {
    Word& word = words_[(hash + i) & mask_];
    const std::uint64_t value = word.load(std::memory_order_relaxed);
    if (value == 0) {
      if (place.free == nullptr) place.free = &word;
      break;
    }
    if ((value & ~kMinuteMask) == tag) {
      place.found = &word;
      break;
    }
    if (place.free == nullptr && expired(value, minute)) place.free = &word;
  }
  return place;
}

bool GroupRoster::admit(std::uint64_t hash, std::uint32_t minute) {
  if (Word* const word = find(hash, minute).found; word != nullptr) {
    std::uint64_t value = word->load(std::memory_order_relaxed);
    const std::uint64_t heard = tag_of(hash, kMinuteMask) | (minute & kMinuteMask);
    if (value == heard) return true;
    // Exchanged, not stored: the word may just have been taken over. Relaxed: it orders nothing
    // else.
    const bool same = (value & ~kMinuteMask) == tag_of(hash, kMinuteMask);
    if (same && !expired(value, minute)) {
      word->compare_exchange_strong(value, heard, std::memory_order_relaxed);
      return true;
    }
  }
  if (full_minute_.load(std::memory_order_relaxed) == minute) return false;
  return add(hash, minute);
}

bool GroupRoster::add(std::uint64_t hash, std::uint32_t minute) {
  const std::lock_guard lock(mutex_);
  if (live_.load(std::memory_order_relaxed) >= most_) {
    recount(minute);
    if (live_.load(std::memory_order_relaxed) >= most_) {
      full_minute_.store(minute, std::memory_order_relaxed);
      return false;
    }
  }
  const Place place = find(hash, minute);
  const std::uint64_t heard = tag_of(hash, kMinuteMask) | (minute & kMinuteMask);
  Word* const word = place.found != nullptr ? place.found : place.free;
  if (word == nullptr) return false;  // a crowd around one place; the rest of the table is free
  const std::uint64_t before = word->exchange(heard, std::memory_order_relaxed);
  const bool counted = place.found != nullptr && !expired(before, minute);
  if (!counted) live_.store(live_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return true;
}

void GroupRoster::recount(std::uint32_t minute) noexcept {
  std::uint32_t live = 0;
  for (std::size_t i = 0; i <= mask_; ++i) {
    const std::uint64_t value = words_[i].load(std::memory_order_relaxed);
    if (value != 0 && !expired(value, minute)) ++live;
  }
  live_.store(live, std::memory_order_relaxed);
}

}  // namespace tocsin::rules::derive
