#include "ingest/json/object_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::json_lines {
namespace {

using Status = ObjectReader::Status;
using Lines = std::vector<std::string>;
using std::string_literals::operator""s;

constexpr ObjectReader::Names kNames = {"attributes", "tags"};

// "key=value", with what the value is behind it.
Lines fields_of(const ObjectReader& reader) {
  Lines out;
  for (const Field& field : reader.fields()) {
    constexpr std::string_view kKinds[] = {"", " number", " bool", " json"};
    out.push_back(std::string(field.key) + "=" + std::string(field.value) +
                  std::string(kKinds[static_cast<std::size_t>(field.kind)]) +
                  (field.unwrapped ? " unwrapped" : ""));
  }
  return out;
}

Lines read(std::string_view object, const Limits& limits = {}) {
  ObjectReader reader(limits, kNames);
  REQUIRE(reader.read(object) == Status::kObject);
  return fields_of(reader);
}

Status status_of(std::string_view object, const Limits& limits = {}) {
  ObjectReader reader(limits, kNames);
  return reader.read(object);
}

TEST_CASE("scalars keep their letters, and null is no value") {
  CHECK(read(R"({"a":"x","b":-12.50e+3,"c":true,"d":false,"e":null,"f":""})") ==
        Lines{"a=x", "b=-12.50e+3 number", "c=true bool", "d=false bool", "f="});
  CHECK(read(" {} ") == Lines{});
}

TEST_CASE("objects in objects are names with dots") {
  CHECK(read(R"({"a":{"b":{"c":1},"d":"x"},"e":{},"f":2,"":{"":3}})") ==
        Lines{"a.b.c=1 number", "a.d=x", "f=2 number", ".=3 number"});
}

TEST_CASE("an array is JSON text as it was sent") {
  CHECK(read(R"({"a":[1, "x\"y", {"b":[]}],"c":[],"d":{"e":[2]}})") ==
        Lines{R"(a=[1, "x\"y", {"b":[]}] json)", "c=[] json", "d.e=[2] json"});
}

TEST_CASE("what is nested deeper than the limit is JSON text") {
  Limits limits;
  limits.max_depth = 2;
  CHECK(read(R"({"a":{"b":{"c":{"d":1}}},"e":{"f":2}})", limits) ==
        Lines{R"(a.b={"c":{"d":1}} json)", "e.f=2 number"});
}

TEST_CASE("members of the unwrapped object need no dot") {
  CHECK(read(R"({"attributes":{"k":"v","o":{"p":1}},"x":{"attributes":{"q":2}}})") ==
        Lines{"k=v unwrapped", "o.p=1 number unwrapped", "x.attributes.q=2 number"});
  CHECK(read(R"({"attributes":[1]})") == Lines{"attributes=[1] json"});
}

TEST_CASE("the list is one only when it holds texts alone") {
  ObjectReader reader({}, kNames);
  REQUIRE(reader.read(R"({"tags":["a","b\n"]})") == Status::kObject);
  CHECK(reader.fields().empty());
  CHECK(Lines(reader.list().begin(), reader.list().end()) == Lines{"a", "b\n"});

  for (const char* mixed :
       {R"(["a",1])", R"(["a",null])", R"(["a",["b"]])", R"(["a",{}])", R"(["a",true])"}) {
    const std::string object = R"({"tags":)"s + mixed + "}";
    REQUIRE(reader.read(object) == Status::kObject);
    CHECK(reader.list().empty());
    CHECK(fields_of(reader) == Lines{"tags="s + mixed + " json"});
  }
  REQUIRE(reader.read(R"({"tags":["a"],"x":{"tags":["b"]},"tags":["c"]})") == Status::kObject);
  CHECK(Lines(reader.list().begin(), reader.list().end()) == Lines{"c"});
  CHECK(fields_of(reader) == Lines{R"(x.tags=["b"] json)"});
}

TEST_CASE("a reader without names treats no member differently") {
  ObjectReader reader({}, {});
  REQUIRE(reader.read(R"({"attributes":{"k":1},"tags":["a"],"":["b"]})") == Status::kObject);
  CHECK(fields_of(reader) ==
        Lines{"attributes.k=1 number", R"(tags=["a"] json)", R"(=["b"] json)"});
}

TEST_CASE("escapes are read, and names may have them too") {
  CHECK(read(R"({"\u0061":"\"\\\/\b\f\n\r\t\u00f6\u2713\ud83d\ude00"})") ==
        Lines{"a=\"\\/\b\f\n\r\t\xC3\xB6\xE2\x9C\x93\xF0\x9F\x98\x80"});
  CHECK(read(R"({"a":"\u0000"})") == Lines{"a=\0"s});
}

TEST_CASE("half a character in escapes is replaced") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(read(R"({"a":"\ud83d"})") == Lines{"a=" + mark});
  CHECK(read(R"({"a":"\ude00x\uD83D\n"})") == Lines{"a=" + mark + "x" + mark + "\n"});
  CHECK(read(R"({"a":"\ud83d\ud83d\ude00"})") == Lines{"a=" + mark + "\xF0\x9F\x98\x80"});
  CHECK(read(R"({"a":"\\ud83d"})") == Lines{"a=\\ud83d"});
  CHECK(read(R"({"a":"\\\ud83d"})") == Lines{"a=\\" + mark});
  CHECK(status_of(R"({"a":"\ud8)") == Status::kNoObject);
}

TEST_CASE("a byte that is not UTF-8 is replaced") {
  CHECK(read("{\"a\xFF\":\"\xC3\",\"b\":[\"\xFF\"]}") ==
        Lines{"a\xEF\xBF\xBD=\xEF\xBF\xBD", "b=[\"\xEF\xBF\xBD\"] json"});
}

TEST_CASE("what is not one JSON object is refused") {
  for (const std::string& text : {""s,
                                  " "s,
                                  "{"s,
                                  "}"s,
                                  "[]"s,
                                  "[{}]"s,
                                  "1"s,
                                  "null"s,
                                  "\"{}\""s,
                                  "{}{}"s,
                                  "{} x"s,
                                  "{}\0"s,
                                  "{}\0{}"s,
                                  R"({"a":1)"s,
                                  R"({"a"})"s,
                                  R"({"a":})"s,
                                  R"({a:1})"s,
                                  R"({"a":1,})"s,
                                  R"({"a":01})"s,
                                  R"({"a":+1})"s,
                                  R"({"a":.5})"s,
                                  R"({"a":1.})"s,
                                  R"({"a":NaN})"s,
                                  R"({'a':1})"s,
                                  R"({"a":"\x"})"s,
                                  "{\"a\":\"\n\"}"s,
                                  R"({"a":[1,]})"s,
                                  R"({"a":[1})"s,
                                  R"({"a":"b)"s,
                                  R"({"a":1e999})"s}) {
    CAPTURE(text);
    CHECK(status_of(text) == Status::kNoObject);
  }
}

TEST_CASE("the fault says what was found and what was expected") {
  const std::string escape =
      "found a control character or an unknown escape, expected one of \"\\/bfnrtu behind a "
      "backslash";
  const std::string early = "found the end of the JSON object too early, expected ";
  const struct {
    std::string text;
    std::string fault;
  } cases[] = {
      {"", "found another value, expected a JSON object"},
      {"[]", "found another value, expected a JSON object"},
      {"{", early + "a name in quotes or '}'"},
      {"{a:1}", "found another character, expected a name in quotes"},
      {R"({"a)", early + "a closing quote"},
      {R"({"a")", early + "':' behind a name"},
      {R"({"a"})", "found another character, expected ':' behind a name"},
      {R"({"a":)", early + "a value"},
      {R"({"a":tr)", early + "a value"},
      {R"({"a":})", "found another character, expected a JSON value"},
      {R"({"a":1)", early + "',' or '}'"},
      {R"({"a":1 2})", "found another character, expected ',' or '}' behind a value"},
      {R"({"a":[1)", early + "',' or ']'"},
      {R"({"a":[1}})", "found another character, expected ',' or ']' behind a value"},
      {R"({"a":"b)", early + "a closing quote"},
      {"{\"a\":\"\0\"}"s, "found a NUL, expected a closing quote"},
      {"{\"a\":\"\n\"}", escape},
      {R"({"a":"\x"})", escape},
      {R"({"a":"\)", early + R"(one of "\/bfnrtu)"},
      {R"({"a":"\u12)", early + R"(four hexadecimal digits behind \u)"},
      {R"({"a":"\u12x4"})",
       R"(found another character, expected four hexadecimal digits behind \u)"},
      {R"({"a":1.})", "found another character, expected a digit behind the decimal point"},
      {R"({"a":1.)", early + "a digit behind the decimal point"},
      {R"({"a":1e})", "found another character, expected a digit of the exponent"},
      {R"({"a":1e)", early + "a digit of the exponent"},
      {R"({"a":1e999})", "found a number above 1.8e308, expected one that is not"},
      {"{}{}", "found something behind the JSON object, expected its end"},
      {"{}\0"s, "found something behind the JSON object, expected its end"},
  };
  ObjectReader reader({}, kNames);
  for (const auto& c : cases) {
    CAPTURE(c.text);
    REQUIRE(reader.read(c.text) == Status::kNoObject);
    CHECK(reader.fault() == c.fault);
  }
}

TEST_CASE("more members than the limit are refused, elements of the list too") {
  Limits limits;
  limits.max_members = 2;
  CHECK(status_of(R"({"a":1,"b":{"c":2},"d":null})", limits) == Status::kObject);
  CHECK(status_of(R"({"a":1,"b":{"c":2},"d":3})", limits) == Status::kTooManyMembers);
  CHECK(status_of(R"({"tags":["a","b"]})", limits) == Status::kObject);
  CHECK(status_of(R"({"tags":["a","b","c"]})", limits) == Status::kTooManyMembers);
}

TEST_CASE("a name longer than the limit is refused, the names around it counted") {
  Limits limits;
  limits.max_key_bytes = 5;
  CHECK(read(R"({"abcde":1,"ab":{"cd":2}})", limits) == Lines{"abcde=1 number", "ab.cd=2 number"});
  CHECK(status_of(R"({"abcdef":1})", limits) == Status::kLongKey);
  CHECK(status_of(R"({"ab":{"cde":2}})", limits) == Status::kLongKey);
  CHECK(status_of(R"({"abcde":{"":2}})", limits) == Status::kLongKey);
  CHECK(status_of(R"({"abcdef":null})", limits) == Status::kObject);
}

TEST_CASE("depth costs no stack") {
  const std::size_t depth = 200'000;
  std::string text = R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  ObjectReader reader({}, kNames);
  REQUIRE(reader.read(text) == Status::kObject);
  CHECK(reader.fields()[0].value.size() == 2 * depth);
  text = "{";
  for (std::size_t i = 0; i < depth; ++i) text += R"("a":{)";
  CHECK(reader.read(text) == Status::kNoObject);
  text += std::string(depth + 1, '}');
  REQUIRE(reader.read(text) == Status::kObject);
  CHECK(reader.fields()[0].key == "a.a.a.a.a.a.a.a");
}

TEST_CASE("a reader remembers nothing of the object before") {
  ObjectReader reader({}, kNames);
  REQUIRE(reader.read(R"({"attributes":{"a":{"b":[1,{"c":1)") == Status::kNoObject);
  REQUIRE(reader.read(R"({"tags":["x",{"y":)") == Status::kNoObject);
  REQUIRE(reader.read(R"({"z":1})") == Status::kObject);
  CHECK(fields_of(reader) == Lines{"z=1 number"});
  CHECK(reader.list().empty());
}

}  // namespace
}  // namespace tocsin::json_lines
