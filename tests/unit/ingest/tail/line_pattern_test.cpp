#include "ingest/tail/line_pattern.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::tail {
namespace {

using Outcome = LinePattern::Outcome;

TEST_CASE("a pattern is found in a line") {
  const auto pattern = LinePattern::compile(R"(^\d{4}-\d\d-\d\d )");
  REQUIRE(pattern);
  CHECK(pattern->search("2026-03-01 begins") == Outcome::kMatch);
  CHECK(pattern->search(" at 2026-03-01 ") == Outcome::kNoMatch);
  CHECK(pattern->search("") == Outcome::kNoMatch);
  CHECK(pattern->search("2026-03-01 \xff") == Outcome::kMatch);
}

TEST_CASE("a pattern that cannot be read says where") {
  const auto pattern = LinePattern::compile("^(ab");
  REQUIRE_FALSE(pattern);
  CHECK(pattern.error().code == Errc::kSyntax);
  CHECK(pattern.error().text.find("(byte 4 of the expression)") != std::string::npos);
}

TEST_CASE("a search that would take too long gives up") {
  const auto pattern = LinePattern::compile("^(a+)+$");
  REQUIRE(pattern);
  CHECK(pattern->search(std::string(40, 'a') + "b") == Outcome::kGaveUp);
}

}  // namespace
}  // namespace tocsin::tail
