// The shipped pattern sets: two generations of the standard names, which differ in the fields they
// fill. `legacy` uses flat fields, `ecs-v1` nested ones with numbers for numbers.
// Layout:  ROOT/legacy/* and ROOT/ecs-v1/*, pattern files by subject.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "src/rules/grok/pattern_library.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

enum class PatternSet : std::uint8_t { kLegacy, kEcsV1 };

// Errors: kUnknownName, with what was expected.
[[nodiscard]] Result<PatternSet> parse_pattern_set(std::string_view word);
[[nodiscard]] std::string_view to_string(PatternSet set) noexcept;

[[nodiscard]] Result<PatternLibrary> load_pattern_set(const std::filesystem::path& root,
                                                      PatternSet set);

}  // namespace tocsin::rules::grok
