#include "src/rules/parse/mutate/convert.hpp"

#include <doctest/doctest.h>

#include "tests/unit/rules/parse/rig.hpp"

namespace tocsin::rules::parse {
namespace {

std::string converted(const Value& value, ValueType type) {
  test::Rig rig;
  rig.set("f", value);
  CHECK(rig.apply(make_convert({{FieldName::parse("f"), type}})) == Outcome::kDone);
  const Value made = rig.find("f");
  const char* const kinds[] = {"none ", "text ", "integer ", "real ", "boolean ", "list "};
  return kinds[static_cast<int>(made.kind())] + rig.text("f");
}

TEST_CASE("texts become numbers by as much of them as is one") {
  CHECK(converted(Value::text("42"), ValueType::kInteger) == "integer 42");
  CHECK(converted(Value::text("1,234.5ms"), ValueType::kInteger) == "integer 1234");
  CHECK(converted(Value::text("1,234.5ms"), ValueType::kFloat) == "real 1234.5");
  CHECK(converted(Value::text("1.234,5"), ValueType::kIntegerEu) == "integer 1234");
  CHECK(converted(Value::text("1.234,5"), ValueType::kFloatEu) == "real 1234.5");
  CHECK(converted(Value::text("12"), ValueType::kFloatEu) == "real 12.0");
  CHECK(converted(Value::text("abc"), ValueType::kInteger) == "integer 0");
  CHECK(converted(Value::text(""), ValueType::kFloat) == "real 0.0");
  CHECK(converted(Value::text("123456789012345678901"), ValueType::kInteger) ==
        "text 123456789012345678901");
}

TEST_CASE("numbers and truth values become each other") {
  CHECK(converted(Value::real(12.9), ValueType::kInteger) == "integer 12");
  CHECK(converted(Value::real(1e30), ValueType::kInteger) == "real 1e+30");
  CHECK(converted(Value::integer(12), ValueType::kFloat) == "real 12.0");
  CHECK(converted(Value::boolean(true), ValueType::kInteger) == "integer 1");
  CHECK(converted(Value::boolean(false), ValueType::kFloat) == "real 0.0");
  CHECK(converted(Value::integer(1), ValueType::kBoolean) == "boolean true");
  CHECK(converted(Value::real(0), ValueType::kBoolean) == "boolean false");
  CHECK(converted(Value::integer(2), ValueType::kBoolean) == "integer 2");
}

TEST_CASE("words are truth values, others stay") {
  for (const char* word : {"true", "T", "Yes", "y", "1", "1.0"}) {
    CHECK(converted(Value::text(word), ValueType::kBoolean) == "boolean true");
  }
  for (const char* word : {"false", "F", "No", "n", "0", "0.0", ""}) {
    CHECK(converted(Value::text(word), ValueType::kBoolean) == "boolean false");
  }
  CHECK(converted(Value::text("maybe"), ValueType::kBoolean) == "text maybe");
}

TEST_CASE("anything becomes a text") {
  CHECK(converted(Value::integer(5), ValueType::kString) == "text 5");
  CHECK(converted(Value::boolean(true), ValueType::kString) == "text true");
}

TEST_CASE("of a list each element; what is missing stays so") {
  test::Rig rig;
  rig.set_list("l", {"1", "x"});
  CHECK(rig.apply(make_convert({{FieldName::parse("l"), ValueType::kInteger},
                                {FieldName::parse("missing"), ValueType::kInteger}})) ==
        Outcome::kDone);
  CHECK(rig.text("l") == "[1,0]");
  CHECK_FALSE(rig.record.has(test::name("missing")));
}

}  // namespace
}  // namespace tocsin::rules::parse
