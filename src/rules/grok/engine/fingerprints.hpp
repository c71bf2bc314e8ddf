// Finds the places in a text where something may begin, sixteen bytes at a time: where three bytes
// side by side are among those that one of eight buckets allows.
//
//     bucket 0: [Jj] a n   bucket 1: [Ff] e b     "on 3 Feb" -> 5, bucket 1
//
// What is found only may be meant: several things share a bucket, and the quick way looks at halves
// of bytes, which allow more than the sets that were added.
// Threads: fixed once filled; then read by any.
// Source:  the matcher "Teddy" of Hyperscan, as described in X. Wang et al., "Hyperscan: A Fast
//          Multi-pattern Regex Matcher for Modern CPUs" (NSDI 2019), section 4.3. Here with sets of
//          bytes instead of bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "src/rules/grok/engine/byte_set.hpp"
#include "src/rules/grok/engine/padded_text.hpp"

namespace tocsin::rules::grok::engine {

struct Fingerprints {
  static constexpr std::size_t kPlaces = 3;
  static constexpr std::size_t kBuckets = 8;
  using Halves = std::array<std::uint8_t, 16>;

  // `bucket` also allows these bytes; kEndOfText stands for none.
  void add(std::size_t bucket, const std::array<ByteSet, kPlaces>& bytes);

  // One bit for each bucket: by the low half of a byte, and by the high half.
  alignas(16) std::array<Halves, kPlaces> low{};
  alignas(16) std::array<Halves, kPlaces> high{};
};

struct FingerprintHit {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t at = kNone;    // kNone: nowhere
  std::uint8_t buckets = 0;  // bits
};

// The first place at or behind `from`, which is at most the text's size.
using FindFingerprint = FingerprintHit(const Fingerprints& fingerprints, const PaddedText& text,
                                       std::size_t from);

// The quickest that this processor can do; the same for all of the process.
[[nodiscard]] FindFingerprint& best_find_fingerprint() noexcept;

// All places from `from` on in ascending order, as far as `places` has room; how many they are.
using FindFingerprints = std::size_t(const Fingerprints& fingerprints, const PaddedText& text,
                                     std::size_t from, std::span<std::uint32_t> places);
[[nodiscard]] FindFingerprints& best_find_fingerprints() noexcept;

// Without instructions beyond those of every processor of this kind.
FindFingerprint find_fingerprint_portably;
FindFingerprints find_fingerprints_portably;

}  // namespace tocsin::rules::grok::engine
