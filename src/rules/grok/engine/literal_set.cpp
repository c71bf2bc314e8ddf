#include "src/rules/grok/engine/literal_set.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "src/rules/grok/engine/byte_frequency.hpp"

namespace tocsin::rules::grok::engine {
namespace {

constexpr std::size_t kSlotsPerLiteral = 4;

std::size_t rarest_core(std::string_view literal) {
  std::size_t rarest = 0;
  for (std::size_t at = 1; at + LiteralSet::kLeastBytes <= literal.size(); ++at) {
    const auto count = [&](std::size_t i) {
      return expected_count(literal.substr(i, LiteralSet::kLeastBytes));
    };
    if (count(at) < count(rarest)) rarest = at;
  }
  return rarest;
}

}  // namespace

LiteralSet::LiteralSet(const std::vector<std::string>& literals) {
  const std::size_t slots = std::bit_ceil(kSlotsPerLiteral * literals.size() + 2);
  shift_ = 32 - static_cast<unsigned>(std::countr_zero(slots));
  first_.assign(slots, kNone);
  for (const std::string& text : literals) {
    const std::size_t core = rarest_core(text);
    const std::uint32_t packed = pack(reinterpret_cast<const std::uint8_t*>(text.data()) + core);
    std::uint32_t& first = first_[slot_of(packed)];
    literals_.push_back({text, static_cast<std::uint32_t>(core), packed, first});
    first = static_cast<std::uint32_t>(literals_.size() - 1);
  }
  // Cores that are alike share a bucket: so its bytes are few, and seldom found in vain.
  std::vector<std::size_t> alike(literals_.size());
  std::iota(alike.begin(), alike.end(), std::size_t{0});
  const auto core_of = [&](std::size_t i) {
    return std::string_view(literals_[i].text).substr(literals_[i].core, kLeastBytes);
  };
  std::sort(alike.begin(), alike.end(),
            [&](std::size_t a, std::size_t b) { return core_of(a) < core_of(b); });
  for (std::size_t i = 0; i < alike.size(); ++i) {
    std::array<ByteSet, kLeastBytes> bytes;
    for (std::size_t place = 0; place < kLeastBytes; ++place) {
      bytes[place].set(index_of(core_of(alike[i])[place]));
    }
    fingerprints_.add(i * Fingerprints::kBuckets / alike.size(), bytes);
  }
}

}  // namespace tocsin::rules::grok::engine
