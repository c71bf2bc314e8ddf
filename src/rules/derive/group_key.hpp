// The group of an event as bytes: which values its `by` fields have. They travel as the tags of a
// sample, and are made into the identity of a series when they are first seen.
//
//     key   := (length (2, little endian) name  length (2) value)*      empty values are left out
//
// A field `host` is the host of the series, others are its attributes.
// Input of the resolver: only what append_group() wrote.
#pragma once

#include <cstddef>
#include <string_view>

#include "src/rules/parse/text_arena.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::rules::derive {

// Longer values are cut, at the end of a character.
inline constexpr std::size_t kMostValueBytes = 256;

// What stands for all groups beyond the limit.
inline constexpr std::string_view kOther = "_other";

// Bytes that one field takes at most.
[[nodiscard]] std::size_t group_bytes(std::string_view name) noexcept;
// Writes one field to `at`, which has room for group_bytes(); returns where it ends.
[[nodiscard]] char* append_group(char* at, std::string_view name, std::string_view value) noexcept;

// Turns samples with such tags into identities: the name is the service, the kind that of the
// sample.
class GroupResolver final : public IdentityResolver {
 public:
  [[nodiscard]] Result<Identity> resolve(const RawSample& sample) const override;
  [[nodiscard]] std::uint64_t seed() const noexcept override { return 0x6465'7269'7665'0001u; }
};

}  // namespace tocsin::rules::derive
