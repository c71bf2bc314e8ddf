#include "src/app/flat_json.hpp"

#include <doctest/doctest.h>

namespace tocsin::app {
namespace {

std::string at(std::size_t offset) {
  return "at " + std::to_string(offset);
}

FlatJson parsed(std::string_view text) {
  auto json = FlatJson::parse(text, at);
  if (!json) FAIL(json.error().message());
  return std::move(*json);
}

TEST_CASE("texts and numbers are taken by their keys") {
  FlatJson json = parsed(R"( {"a" : "x\ny\u00e4", "n":-2.5e1,"e":""} )");
  CHECK(json.has("a"));
  CHECK_FALSE(json.has("b"));
  CHECK(json.text("a", "a text") == "x\ny\xc3\xa4");
  CHECK(json.number("n") == -25.0);
  CHECK_FALSE(json.number("b").has_value());
  CHECK(json.text_or_empty("e").empty());
  json.finish();
  CHECK_FALSE(json.fault().has_value());
}

TEST_CASE("what is no flat object is refused, with its place") {
  struct Case {
    std::string text;
    std::string where;
    std::string why;
  };
  const Case cases[] = {
      {"", "at 0", "not a JSON object"},
      {"7", "at 0", "expected a JSON object"},
      {"\"a\"", "at 0", "expected a JSON object"},
      {"[]", "at 0", "expected a text or a number"},
      {"{\"a\": 1, \"b\" 2}", "at 13", "not a JSON object"},
      {"{\"a\":  [1]}", "at 7", "a: found a list or another object"},
      {"{\"a\":{}}", "at 5", "a: found a list or another object"},
      {"{\"a\":true}", "at 5", "a: found another value"},
      {"{\"a\":null}", "at 5", "a: found another value"},
      {"{\"a\":1,\"a\":2}", "at 11", "a: found it twice"},
      {"{\"a\":1,\"a\"", "at 10", "a: found it twice"},
      {"{\"a\":1} x", "at 8", "not a JSON object"},
      {std::string("{\"a\":1}\0{}", 10), "at 7", "behind the JSON object"},
      {"{\"a\":\"\xff\"}", "at 6", "not a JSON object"},
      {"{\"a\":1", "at 6", "not a JSON object"},
      {"{\"a\":1e999}", "at 5", "too big"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto json = FlatJson::parse(c.text, at);
    REQUIRE_FALSE(json);
    CHECK(json.error().where == c.where);
    CHECK_MESSAGE(json.error().text.find(c.why) != std::string::npos, json.error().text);
  }
}

TEST_CASE("depth and the number of members are bounded") {
  CHECK_FALSE(FlatJson::parse("{\"a\":" + std::string(100'000, '['), at));
  std::string many = "{";
  for (std::size_t i = 0; i <= FlatJson::kMaxMembers; ++i) {
    many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  }
  const auto json = FlatJson::parse(many + "}", at);
  REQUIRE_FALSE(json);
  CHECK(json.error().text.find("at most 32") != std::string::npos);
}

TEST_CASE("the first complaint is kept, at the value or the end of the object") {
  SUBCASE("a missing text") {
    FlatJson json = parsed(R"({"a":1})");
    CHECK(json.text("b", "somebody").empty());
    CHECK(json.text("c", "somebody").empty());
    REQUIRE(json.fault().has_value());
    CHECK(json.fault()->message() == "at 6: b: found nothing, expected somebody");
  }
  SUBCASE("a number for a text, and a text for a number") {
    FlatJson json = parsed(R"({"a":1,"b":"2"})");
    CHECK(json.text_or_empty("a").empty());
    CHECK(json.fault()->message() == "at 5: a: found the number 1, expected a text in quotes");
    FlatJson other = parsed(R"({"a":1,"b":"2"})");
    CHECK_FALSE(other.number("b").has_value());
    CHECK(other.fault()->message() == "at 11: b: found '2', expected a number");
  }
  SUBCASE("a key that nobody asked for") {
    FlatJson json = parsed(R"({"a":"x","autor":"ann"})");
    CHECK(json.text("a", "a text") == "x");
    json.finish();
    REQUIRE(json.fault().has_value());
    CHECK(json.fault()->code == Errc::kUnknownName);
    CHECK(json.fault()->message().starts_with("at 17: found the key 'autor'"));
    FlatJson near = parsed(R"({"autor":"ann"})");
    CHECK(near.text_or_empty("author").empty());
    near.finish();
    CHECK(near.fault()->message() == "at 9: found the key 'autor', did you mean 'author'?");
  }
}

}  // namespace
}  // namespace tocsin::app
