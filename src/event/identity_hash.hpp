// The 128-bit name of a series: what it is called in keys, snapshots and between machines.
// Input:  the canonical form of the identity (compact_form.hpp) and a seed of the deployment.
// Output: the same on every machine, build and start, as long as the seed stays, which is
//         why it is kept with the deployment's state. A secret seed keeps outsiders from making
//         names collide.
// Source: XXH3_128bits_withSeed, xxHash 0.8 (frozen since that version).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/identity.hpp"
#include "tocsin/result.hpp"

namespace tocsin::event {

struct Hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

// For hash tables: the bits are already as good as random.
struct Hash128Hasher {
  [[nodiscard]] std::size_t operator()(const Hash128& hash) const noexcept { return hash.low; }
};

[[nodiscard]] Hash128 hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept;
[[nodiscard]] Hash128 hash_identity(const Identity& identity, std::uint64_t seed);

// 32 lower-case hexadecimal digits, `high` first.
[[nodiscard]] std::string to_hex(const Hash128& hash);
[[nodiscard]] Result<Hash128> parse_hash(std::string_view hex);

}  // namespace tocsin::event
