#include "src/rules/parse/decoration.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

using test::Texts;

TEST_CASE("fields are added, by names and with values that may hold other fields") {
  test::Rig rig("", {{"unit", "ms"}, {"took", "12"}});
  Decoration decoration;
  decoration.add_field.push_back(
      {TargetName("duration_%{unit}"), {TextTemplate::parse("%{took}")}});
  decoration.add_field.push_back({TargetName("[http][%{unit}]"), {TextTemplate::parse("x")}});
  CHECK(decoration.apply(rig.record));
  CHECK(rig.attributes() ==
        Texts{{"duration_ms", "12"}, {"http.ms", "x"}, {"took", "12"}, {"unit", "ms"}});
}

TEST_CASE("a second value makes a list, of the event's own fields it takes the place") {
  test::Rig rig("", {{"a", "1"}});
  Decoration decoration;
  decoration.add_field.push_back(
      {TargetName("a"), {TextTemplate::parse("2"), TextTemplate::parse("3")}});
  decoration.add_field.push_back({TargetName("service"), {TextTemplate::parse("rails")}});
  decoration.add_field.push_back({TargetName("tags"), {TextTemplate::parse("t")}});
  CHECK(decoration.apply(rig.record));
  CHECK(rig.text("a") == R"(["1","2","3"])");
  CHECK(rig.record.view().service == "rails");
  CHECK(rig.tags() == std::vector<std::string>{"t"});
}

TEST_CASE("fields and tags go by name, after what was added") {
  test::Rig rig("", {{"a", "b"}, {"b", "1"}, {"c.x", "1"}, {"d", "1"}});
  rig.record.add_tag("old_b");
  Decoration decoration;
  decoration.add_field.push_back({TargetName("e"), {TextTemplate::parse("%{d}")}});
  decoration.remove_field = {TargetName("%{a}"), TargetName("c"), TargetName("d")};
  decoration.add_tag = {TextTemplate::parse("new_%{a}")};
  decoration.remove_tag = {TextTemplate::parse("old_%{a}")};
  CHECK(decoration.apply(rig.record));
  CHECK(rig.attributes() == Texts{{"a", "b"}, {"e", "1"}});
  CHECK(rig.tags() == std::vector<std::string>{"new_b"});
}

TEST_CASE("a value that its field cannot hold is told, and the rest is done") {
  test::Rig rig;
  Decoration decoration;
  decoration.add_field.push_back({TargetName("metric"), {TextTemplate::parse("fast")}});
  decoration.add_tag = {TextTemplate::parse("t")};
  CHECK_FALSE(decoration.empty());
  CHECK_FALSE(decoration.apply(rig.record));
  CHECK(rig.tags() == std::vector<std::string>{"t"});
}

}  // namespace
}  // namespace tocsin::rules::parse
