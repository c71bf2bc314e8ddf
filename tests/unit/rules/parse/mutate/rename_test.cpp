#include "src/rules/parse/mutate/rename.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

using test::Texts;

Renames pairs(std::initializer_list<std::pair<const char*, const char*>> names) {
  Renames renames;
  for (const auto& [from, to] : names) renames.emplace_back(FieldName::parse(from), TargetName(to));
  return renames;
}

TEST_CASE("fields get new names, in order, with what stands below them") {
  test::Rig rig("", {{"a", "1"}, {"h.x", "2"}, {"h.y", "3"}, {"kind", "q"}});
  CHECK(rig.apply(make_rename(
            pairs({{"a", "b"}, {"[h]", "http"}, {"b", "[of][%{kind}]"}, {"missing", "z"}}))) ==
        Outcome::kDone);
  CHECK(rig.attributes() == Texts{{"http.x", "2"}, {"http.y", "3"}, {"kind", "q"}, {"of.q", "1"}});
}

TEST_CASE("a field that cannot hold what is renamed to it fails the step") {
  test::Rig rig("", {{"a", "fast"}});
  CHECK(rig.apply(make_rename(pairs({{"a", "metric"}}))) == Outcome::kFailed);
  CHECK(rig.attributes() == Texts{{"a", "fast"}});
}

TEST_CASE("copies leave the original, also of what stands below") {
  test::Rig rig("text", {{"a", "1"}, {"h.x", "2"}});
  CHECK(
      rig.apply(make_copy(pairs(
          {{"a", "b"}, {"h", "g"}, {"message", "original"}, {"host", "h2"}, {"missing", "z"}}))) ==
      Outcome::kDone);
  CHECK(rig.attributes() == Texts{{"a", "1"},
                                  {"b", "1"},
                                  {"h.x", "2"},
                                  {"g.x", "2"},
                                  {"original", "text"},
                                  {"h2", "web-1"}});
  CHECK(rig.apply(make_copy(pairs({{"message", "metric"}}))) == Outcome::kFailed);
}

}  // namespace
}  // namespace tocsin::rules::parse
