#include "src/rules/grok/pattern_set.hpp"

#include <string>

namespace tocsin::rules::grok {

Result<PatternSet> parse_pattern_set(std::string_view word) {
  for (const PatternSet set : {PatternSet::kLegacy, PatternSet::kEcsV1}) {
    if (word == to_string(set)) return set;
  }
  return Error{Errc::kUnknownName,
               {},
               "found the pattern set '" + std::string(word) + "', expected legacy or ecs-v1"};
}

std::string_view to_string(PatternSet set) noexcept {
  return set == PatternSet::kLegacy ? "legacy" : "ecs-v1";
}

Result<PatternLibrary> load_pattern_set(const std::filesystem::path& root, PatternSet set) {
  PatternLibrary library;
  if (Result<void> added = library.add_directory(root / to_string(set), "*"); !added) {
    return added.error();
  }
  return library;
}

}  // namespace tocsin::rules::grok
