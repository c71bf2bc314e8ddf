#include "src/rules/grok/engine/set_pages.hpp"

#include <algorithm>
#include <cstddef>

namespace tocsin::rules::grok::engine {
namespace {

constexpr std::size_t kSetsOfPage = 64;

}  // namespace

SetPages::Bits SetPages::find_or_add(const ByteSet& one, const ByteSet& other) {
  // A page with room for both comes at the latest with the one that is added.
  for (std::size_t page = 0;; ++page) {
    if (page == pages_.size()) {
      pages_.emplace_back();
      sets_.emplace_back();
    }
    const std::uint64_t bit = find_or_add_in(page, one);
    const std::uint64_t other_bit = bit == 0 ? 0 : find_or_add_in(page, other);
    if (other_bit != 0) return {static_cast<std::uint16_t>(page), bit, other_bit};
  }
}

std::uint64_t SetPages::find_or_add_in(std::size_t page, const ByteSet& set) {
  std::vector<ByteSet>& sets = sets_[page];
  const auto known = std::find(sets.begin(), sets.end(), set);
  const auto index = static_cast<std::size_t>(known - sets.begin());
  if (index == kSetsOfPage) return 0;
  const std::uint64_t bit = std::uint64_t{1} << index;
  if (known == sets.end()) {
    sets.push_back(set);
    for (std::size_t byte = 0; byte < set.size(); ++byte) {
      if (set[byte]) pages_[page][byte] |= bit;
    }
  }
  return bit;
}

std::uint16_t SetPages::find_or_add_vector(const ByteSet& set) {
  const auto known = std::find(vector_sets_.begin(), vector_sets_.end(), set);
  const auto index = static_cast<std::uint16_t>(known - vector_sets_.begin());
  if (known != vector_sets_.end()) return index;
  vector_sets_.push_back(set);
  SetVector& vector = vectors_.emplace_back();
  for (std::size_t byte = 0; byte < 0x80; ++byte) {
    std::uint8_t& row = vector.rows[byte & 15];
    if (set[byte]) row = static_cast<std::uint8_t>(row | 1U << (byte >> 4));
  }
  return index;
}

}  // namespace tocsin::rules::grok::engine
