#include "src/app/grok_json.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::app {
namespace {

using rules::grok::Array;
using rules::grok::BigInteger;
using rules::grok::Object;
using rules::grok::Value;

Value parsed(std::string_view text) {
  auto value = parse_grok_json(text);
  CAPTURE(text);
  REQUIRE(value);
  return *std::move(value);
}

TEST_CASE("numbers keep what they are") {
  CHECK(parsed("42") == Value{std::int64_t{42}});
  CHECK(parsed("12.0") == Value{12.0});
  CHECK(parsed("1e3") == Value{1000.0});
  CHECK(parsed("-9223372036854775809") == Value{BigInteger{"-9223372036854775809"}});
}

TEST_CASE("trees are built, and the last of equal keys counts") {
  CHECK(parsed(R"({"a":[null,true,"\u00e9"],"b":{"c":{}},"a":1})") ==
        Value{Object{{"a", {std::int64_t{1}}}, {"b", {Object{{"c", {Object{}}}}}}}});
  CHECK(parsed(R"([null,true,"x"])") == Value{Array{{}, {true}, {std::string("x")}}});
}

TEST_CASE("what is no JSON is refused with its byte") {
  const auto refused = parse_grok_json("{\"a\":}");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "byte 5");
  CHECK_FALSE(parse_grok_json(""));
  CHECK_FALSE(parse_grok_json("1 2"));
  CHECK_FALSE(parse_grok_json("\"\xFF\""));
}

TEST_CASE("nesting has a limit") {
  CHECK(parse_grok_json(std::string(64, '[') + std::string(64, ']')));
  CHECK_FALSE(parse_grok_json(std::string(65, '[') + std::string(65, ']')));
}

}  // namespace
}  // namespace tocsin::app
