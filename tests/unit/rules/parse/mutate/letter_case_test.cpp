#include "src/rules/parse/mutate/letter_case.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

TEST_CASE("fields change their case") {
  test::Rig rig("Text", {{"a", "gEt"}});
  rig.set_list("l", {"x", "Y"});
  const std::vector<FieldName> fields = {FieldName::parse("a"), FieldName::parse("l"),
                                         FieldName::parse("message"), FieldName::parse("missing")};
  CHECK(rig.apply(make_transform(Transform::kUppercase, fields)) == Outcome::kDone);
  CHECK(rig.text("a") == "GET");
  CHECK(rig.text("l") == R"(["X","Y"])");
  CHECK(rig.record.view().description == "TEXT");
  CHECK(rig.apply(make_transform(Transform::kCapitalize, fields)) == Outcome::kDone);
  CHECK(rig.text("a") == "Get");
}

TEST_CASE("blanks at the ends are taken off") {
  test::Rig rig("", {{"a", " \t x y \r\n"}, {"b", "  "}});
  CHECK(rig.apply(make_strip({FieldName::parse("a"), FieldName::parse("b")})) == Outcome::kDone);
  CHECK(rig.text("a") == "x y");
  CHECK(rig.text("b").empty());
}

}  // namespace
}  // namespace tocsin::rules::parse
