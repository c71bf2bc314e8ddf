#include "src/rules/grok/candidates.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules::grok {
namespace {

using Indices = std::vector<std::size_t>;

Indices found(const Candidates& candidates, std::size_t count, std::string_view line) {
  const Subject subject(line);
  Candidates::Flags flags;
  candidates.find(subject, flags);
  Indices indices;
  for (std::size_t i = flags.next(0, count); i < count; i = flags.next(i + 1, count)) {
    CHECK(flags.has(i));
    indices.push_back(i);
  }
  return indices;
}

TEST_CASE("expressions whose literal is there are candidates, in their order") {
  const Candidates candidates({"from ", "users", "", "port ", "ab"});
  CHECK(found(candidates, 5, "3 users from 1.2.3.4") == Indices{0, 1, 2, 4});
  CHECK(found(candidates, 5, "port 3") == Indices{2, 3, 4});
  CHECK(found(candidates, 5, "") == Indices{2, 4});
  CHECK(found(candidates, 5, "\xFFport \xC3\xA4") == Indices{2, 3, 4});
}

TEST_CASE("of a few expressions all are candidates") {
  CHECK(found(Candidates({"from ", "users"}), 2, "x") == Indices{0, 1});
  CHECK(found(Candidates({}), 0, "x").empty());
}

TEST_CASE(
    "of very many expressions those behind the last that is looked for are always candidates") {
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < Candidates::kMost + 2; ++i) {
    literals.push_back("number " + std::to_string(i) + ".");
  }
  const Indices expected{70, Candidates::kMost, Candidates::kMost + 1};
  CHECK(found(Candidates(literals), literals.size(), "number 70.") == expected);
}

TEST_CASE("a text that was repaired is looked through as it is searched") {
  const Candidates candidates({"a\xEF\xBF\xBD", "bcd", "efg"});
  CHECK(found(candidates, 3, "a\xFF") == Indices{0});
}

}  // namespace
}  // namespace tocsin::rules::grok
