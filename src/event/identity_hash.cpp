#include "src/event/identity_hash.hpp"

#include <xxhash.h>

#include <charconv>

#include "src/event/compact_form.hpp"

namespace tocsin::event {
namespace {

constexpr std::size_t kHexDigits = 32;

void write_hex(std::uint64_t value, char* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) *out++ = kDigits[(value >> shift) & 0xF];
}

bool is_lower_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::uint64_t read_hex(std::string_view digits) {
  std::uint64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

}  // namespace

Hash128 hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
  return {hash.low64, hash.high64};
}

Hash128 hash_identity(const Identity& identity, std::uint64_t seed) {
  std::string canonical;
  append_identity(identity, canonical);
  return hash_bytes(canonical, seed);
}

std::string to_hex(const Hash128& hash) {
  std::string out(kHexDigits, '0');
  write_hex(hash.high, out.data());
  write_hex(hash.low, out.data() + kHexDigits / 2);
  return out;
}

Result<Hash128> parse_hash(std::string_view hex) {
  if (hex.size() != kHexDigits || !is_lower_hex(hex)) {
    return Error{Errc::kSyntax, "", "expected 32 lower-case hexadecimal digits"};
  }
  return Hash128{read_hex(hex.substr(kHexDigits / 2)), read_hex(hex.substr(0, kHexDigits / 2))};
}

}  // namespace tocsin::event
