#include "src/rules/parse/mutate/assign.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

Assignments all(std::initializer_list<std::pair<const char*, const char*>> texts) {
  Assignments assignments;
  for (const auto& [field, text] : texts) {
    assignments.emplace_back(FieldName::parse(field), TextTemplate::parse(text));
  }
  return assignments;
}

TEST_CASE("replace sets any field, update those that are there, coerce those that are null") {
  const Assignments assignments = all({{"there", "x"}, {"null", "x"}, {"missing", "x"}});
  const struct {
    AssignTo to;
    const char* there;
    const char* null;
    const char* missing;
  } cases[] = {{AssignTo::kAny, "x", "x", "x"},
               {AssignTo::kPresent, "x", "x", "(none)"},
               {AssignTo::kNull, "1", "x", "(none)"}};
  for (const auto& [to, there, null, missing] : cases) {
    test::Rig rig("", {{"there", "1"}});
    rig.set("null", {});
    CHECK(rig.apply(make_assign(to, assignments)) == Outcome::kDone);
    CHECK(rig.text("there") == there);
    CHECK(rig.text("null") == null);
    CHECK(rig.text("missing") == missing);
  }
}

TEST_CASE("texts may hold other fields, and set the event's own") {
  test::Rig rig("GET", {{"n", "7"}});
  CHECK(rig.apply(make_assign(AssignTo::kAny, all({{"message", "%{message} %{n}"},
                                                   {"metric", "%{n}"}}))) == Outcome::kDone);
  CHECK(rig.record.view().description == "GET 7");
  CHECK(rig.find("metric") == Value::integer(7));
  CHECK(rig.apply(make_assign(AssignTo::kAny, all({{"metric", "x"}}))) == Outcome::kFailed);
}

}  // namespace
}  // namespace tocsin::rules::parse
