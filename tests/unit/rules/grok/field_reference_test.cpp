#include "src/rules/grok/field_reference.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

using Keys = std::vector<std::string>;

Value text(const char* value) {
  return {std::string(value)};
}

TEST_CASE("brackets nest, everything else is one flat key") {
  CHECK(FieldReference::parse("name").keys() == Keys{"name"});
  CHECK(FieldReference::parse("[a][b][c]").keys() == Keys{"a", "b", "c"});
  CHECK(FieldReference::parse("[@metadata][x]").keys() == Keys{"@metadata", "x"});
  for (const char* flat : {"a.b", "[a]b", "[a", "[]", "[a[b]]", ""}) {
    CHECK(FieldReference::parse(flat).keys() == Keys{flat});
  }
}

TEST_CASE("a reference goes under another") {
  const auto target = FieldReference::parse("[@metadata][grok]");
  CHECK(FieldReference::parse("x").under(target).keys() == Keys{"@metadata", "grok", "x"});
}

TEST_CASE("objects on the way are made") {
  Object event;
  Value* const value = FieldReference::parse("[a][b]").find_or_add(event);
  REQUIRE(value != nullptr);
  CHECK(value->is_null());
  *value = text("x");
  CHECK(Value{event} == Value{Object{{"a", {Object{{"b", text("x")}}}}}});
}

TEST_CASE("what stands in the way stays") {
  Object event{{"a", text("x")}};
  CHECK(FieldReference::parse("[a][b]").find_or_add(event) == nullptr);
  CHECK(FieldReference::parse("[a][b]").find(event) == nullptr);
  CHECK_FALSE(FieldReference::parse("[a][b]").remove(event));
  CHECK(Value{event} == Value{Object{{"a", text("x")}}});
}

TEST_CASE("numbers choose elements of arrays") {
  Object event{{"a", {Array{text("x"), text("y")}}}};
  const auto found = [&](const char* field) { return FieldReference::parse(field).find(event); };
  REQUIRE(found("[a][1]") != nullptr);
  CHECK(*found("[a][1]") == text("y"));
  REQUIRE(found("[a][-2]") != nullptr);
  CHECK(*found("[a][-2]") == text("x"));
  CHECK(found("[a][2]") == nullptr);
  CHECK(found("[a][-3]") == nullptr);
  CHECK(found("[a][1x]") == nullptr);
}

TEST_CASE("removing says whether the field was there") {
  Object event{{"a", {Object{{"b", text("x")}}}}, {"c", text("y")}};
  CHECK(FieldReference::parse("[a][b]").remove(event));
  CHECK_FALSE(FieldReference::parse("[a][b]").remove(event));
  CHECK(FieldReference::parse("c").remove(event));
  CHECK(Value{event} == Value{Object{{"a", {Object{}}}}});
}

}  // namespace
}  // namespace tocsin::rules::grok
