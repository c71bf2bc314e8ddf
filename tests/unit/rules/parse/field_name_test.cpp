#include "src/rules/parse/field_name.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::parse {
namespace {

TEST_CASE("brackets and dots spell the same field") {
  CHECK(FieldName::parse("[http][response][status_code]").text() == "http.response.status_code");
  CHECK(FieldName::parse("[http][status]") == FieldName::parse("http.status"));
  CHECK(FieldName::parse("[status]").text() == "status");
  CHECK(FieldName::parse("[@metadata][x]").text() == "@metadata.x");
}

TEST_CASE("what is not wholly in brackets is a name as it is") {
  for (const char* text : {"a[b]", "[a]b", "[a", "a]", "[]", "[a][]", "[[a]]", ""}) {
    CAPTURE(text);
    CHECK(FieldName::parse(text).text() == text);
  }
}

TEST_CASE("the event's own fields are known by name, in brackets too") {
  CHECK(FieldName::parse("host").role() == FieldRole::kHost);
  CHECK(FieldName::parse("[message]").role() == FieldRole::kMessage);
  CHECK(FieldName::parse("description").role() == FieldRole::kMessage);
  CHECK(FieldName::parse("@timestamp").role() == FieldRole::kTime);
  CHECK(FieldName::parse("tags").role() == FieldRole::kTags);
  CHECK(FieldName::parse("time").role() == FieldRole::kAttribute);
  CHECK(FieldName::parse("host.name").role() == FieldRole::kAttribute);
}

TEST_CASE("hashes tell apart names that differ in length, beginning or end") {
  for (const auto& [a, b] : {std::pair("a", "b"),
                             {"ab", "ba"},
                             {"status", "statu"},
                             {"response_bytes", "response_time"},
                             {"request_bytes", "responsebytes"},
                             {"", "x"}}) {
    CAPTURE(a);
    CHECK(name_hash(a) != name_hash(b));
    CHECK(name_hash(a) == name_hash(std::string(a)));
  }
}

}  // namespace
}  // namespace tocsin::rules::parse
