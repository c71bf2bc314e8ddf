#include "src/rules/grok/pattern_set.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

const std::filesystem::path kRoot = TOCSIN_TEST_DATA "/../../rules/patterns";

TEST_CASE("pattern sets are chosen by their words") {
  for (const PatternSet set : {PatternSet::kLegacy, PatternSet::kEcsV1}) {
    const auto parsed = parse_pattern_set(to_string(set));
    REQUIRE(parsed);
    CHECK(*parsed == set);
  }
  CHECK(parse_pattern_set("v8").error().text ==
        "found the pattern set 'v8', expected legacy or ecs-v1");
}

TEST_CASE("the shipped sets define the standard names") {
  for (const PatternSet set : {PatternSet::kLegacy, PatternSet::kEcsV1}) {
    CAPTURE(to_string(set));
    const auto library = load_pattern_set(kRoot, set);
    REQUIRE(library);
    CHECK(library->find("COMBINEDAPACHELOG") != nullptr);
    CHECK(library->find("SYSLOGLINE") != nullptr);
  }
}

TEST_CASE("a root without the sets is named") {
  const auto library = load_pattern_set("no/such/root", PatternSet::kLegacy);
  REQUIRE_FALSE(library);
  CHECK(library.error().where == "no/such/root/legacy");
}

}  // namespace
}  // namespace tocsin::rules::grok
