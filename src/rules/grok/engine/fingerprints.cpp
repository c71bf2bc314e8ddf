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

#if defined(__x86_64__)
FindFingerprint find_fingerprint_with_avx2;

FindFingerprint& best_find_fingerprint() noexcept {
  static FindFingerprint& best =
      __builtin_cpu_supports("avx2") ? find_fingerprint_with_avx2 : find_fingerprint_portably;
  return best;
}
#else
FindFingerprint& best_find_fingerprint() noexcept {
  return find_fingerprint_portably;
}
#endif

}  // namespace tocsin::rules::grok::engine
