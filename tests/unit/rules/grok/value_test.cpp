#include "src/rules/grok/value.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace tocsin::rules::grok {
namespace {

std::string text_of(const Value& value) {
  std::string text;
  append_text(value, text);
  return text;
}

std::string json_of(const Value& value) {
  std::string text;
  append_json(value, text);
  return text;
}

TEST_CASE("values are equal when types and contents are") {
  CHECK(Value{std::int64_t{42}} == Value{std::int64_t{42}});
  CHECK_FALSE(Value{std::int64_t{42}} == Value{std::string("42")});
  CHECK_FALSE(Value{std::int64_t{12}} == Value{12.0});
  CHECK(Value{Array{{true}}} == Value{Array{{true}}});
}

TEST_CASE("the order of an object's keys does not matter") {
  const Value ab{Object{{"a", {true}}, {"b", {}}}};
  const Value ba{Object{{"b", {}}, {"a", {true}}}};
  CHECK(ab == ba);
  CHECK_FALSE(ab == Value{Object{{"a", {true}}}});
  CHECK_FALSE(ab == Value{Object{{"a", {true}}, {"c", {}}}});
}

TEST_CASE("a key is found or not") {
  Object object{{"a", {true}}};
  REQUIRE(find(object, "a") != nullptr);
  CHECK(*find(object, "a") == Value{true});
  CHECK(find(object, "b") == nullptr);
}

TEST_CASE("numbers are written as the reference writes them") {
  CHECK(text_of({1.0}) == "1.0");
  CHECK(text_of({-0.5}) == "-0.5");
  CHECK(text_of({1e15}) == "1000000000000000.0");
  CHECK(text_of({1e16}) == "1.0e+16");
  CHECK(text_of({0.0001}) == "0.0001");
  CHECK(text_of({1.5e-5}) == "1.5e-05");
  CHECK(text_of({std::nan("")}) == "NaN");
  CHECK(text_of({-std::numeric_limits<double>::infinity()}) == "-Infinity");
  CHECK(text_of({std::int64_t{-7}}) == "-7");
  CHECK(text_of({BigInteger{"9223372036854775808"}}) == "9223372036854775808");
}

TEST_CASE("null is no text, and trees are JSON") {
  CHECK(text_of({}) == "");
  CHECK(text_of({true}) == "true");
  CHECK(text_of({Array{{std::int64_t{1}}, {std::string("x")}}}) == "[1,\"x\"]");
}

TEST_CASE("JSON escapes what it must") {
  const Value tree{Object{{"k\"", {std::string("a\\\n\t\r\x01\xC3\xA9")}},
                          {"n", {}},
                          {"i", {std::numeric_limits<double>::infinity()}},
                          {"f", {2.0}},
                          {"b", {BigInteger{"-12345678901234567890"}}}}};
  CHECK(json_of(tree) ==
        "{\"k\\\"\":\"a\\\\\\n\\t\\r\\u0001\xC3\xA9\",\"n\":null,\"i\":null,\"f\":2.0,"
        "\"b\":-12345678901234567890}");
}

}  // namespace
}  // namespace tocsin::rules::grok
