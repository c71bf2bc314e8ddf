#include "src/rules/parse/text_template.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

std::string expanded(std::string_view text, const test::Rig& rig) {
  return std::string(TextTemplate::parse(text).expand(rig.record));
}

TEST_CASE("fields stand in a text by their names") {
  test::Rig rig("GET /", {{"verb", "GET"}});
  rig.set("http.status", Value::integer(200));
  CHECK(expanded("%{verb}", rig) == "GET");
  CHECK(expanded("<%{verb}>", rig) == "<GET>");
  CHECK(expanded("%{verb} -> %{[http][status]}!", rig) == "GET -> 200!");
  CHECK(expanded("%{message} on %{host}", rig) == "GET / on web-1");
  CHECK(expanded("at %{@timestamp}", rig) == "at 2023-11-14T22:13:20Z");
}

TEST_CASE("what is missing or null stays as it is written") {
  test::Rig rig;
  rig.set("null", {});
  CHECK(expanded("a %{missing} b %{[no][such]}", rig) == "a %{missing} b %{[no][such]}");
  CHECK(expanded("%{null}", rig) == "%{null}");
  CHECK(expanded("%{state}", rig) == "%{state}");
}

TEST_CASE("a list shows its elements") {
  test::Rig rig;
  rig.set_list("list", {"a", "b"});
  CHECK(expanded("[%{list}]", rig) == "[a,b]");
}

TEST_CASE("what is no reference is text") {
  const test::Rig rig;
  for (const char* text : {"", "100%", "%{", "%{open", "%{}", "%{+YYYY.MM.dd}", "}{%"}) {
    CAPTURE(text);
    CHECK(TextTemplate::parse(text).is_constant());
    CHECK(expanded(text, rig) == text);
  }
  CHECK(expanded("%{+YYYY}-%{host}", rig) == "%{+YYYY}-web-1");
}

}  // namespace
}  // namespace tocsin::rules::parse
