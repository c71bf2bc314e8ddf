#include "src/rules/grok/engine/fingerprints.hpp"

namespace tocsin::rules::grok::engine {

void Fingerprints::add(std::size_t bucket, const std::array<ByteSet, kPlaces>& bytes) {
  const unsigned bit = 1U << bucket;
  for (std::size_t place = 0; place < kPlaces; ++place) {
    for (std::size_t byte = 0; byte < bytes[place].size(); ++byte) {
      if (!bytes[place][byte]) continue;
      std::uint8_t& by_low = low[place][byte & 15];
      std::uint8_t& by_high = high[place][byte >> 4];
      by_low = static_cast<std::uint8_t>(by_low | bit);
      by_high = static_cast<std::uint8_t>(by_high | bit);
    }
  }
}

FingerprintHit find_fingerprint_portably(const Fingerprints& fingerprints, const PaddedText& text,
                                         std::size_t from) {
  const std::uint8_t* const bytes = text.bytes();
  for (std::size_t at = from; at <= text.size(); ++at) {
    unsigned buckets = 0xFF;
    for (std::size_t place = 0; place < Fingerprints::kPlaces && buckets != 0; ++place) {
      const std::uint8_t byte = bytes[at + place];
      buckets &= fingerprints.low[place][byte & 15U] & fingerprints.high[place][byte >> 4];
    }
    if (buckets != 0) return {at, static_cast<std::uint8_t>(buckets)};
  }
  return {};
}

std::size_t find_fingerprints_portably(const Fingerprints& fingerprints, const PaddedText& text,
                                       std::size_t from, std::span<std::uint32_t> places) {
  std::size_t count = 0;
  while (count < places.size() && from <= text.size()) {
    const FingerprintHit hit = find_fingerprint_portably(fingerprints, text, from);
    if (hit.at == FingerprintHit::kNone) break;
    places[count++] = static_cast<std::uint32_t>(hit.at);
    from = hit.at + 1;
  }
  return count;
}

#if defined(__x86_64__)
FindFingerprint find_fingerprint_with_avx2;
FindFingerprints find_fingerprints_with_avx2;

FindFingerprint& best_find_fingerprint() noexcept {
  static FindFingerprint& best =
      __builtin_cpu_supports("avx2") ? find_fingerprint_with_avx2 : find_fingerprint_portably;
  return best;
}

FindFingerprints& best_find_fingerprints() noexcept {
  static FindFingerprints& best =
      __builtin_cpu_supports("avx2") ? find_fingerprints_with_avx2 : find_fingerprints_portably;
  return best;
}
#else
FindFingerprint& best_find_fingerprint() noexcept {
  return find_fingerprint_portably;
}

FindFingerprints& best_find_fingerprints() noexcept {
  return find_fingerprints_portably;
}
#endif

}  // namespace tocsin::rules::grok::engine
