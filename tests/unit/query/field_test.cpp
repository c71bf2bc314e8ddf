#include "src/query/field.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace tocsin::query;

namespace {

constexpr std::initializer_list<Field> kNamed = {Field::kHost,  Field::kService,     Field::kTags,
                                                 Field::kState, Field::kDescription, Field::kMetric,
                                                 Field::kTime,  Field::kTtl};

}  // namespace

TEST_CASE("each field is found by the name that it shows, and every other name is an attribute") {
  CHECK(kNamed.size() == std::size(kFieldNames));
  for (const Field field : kNamed) {
    CAPTURE(to_string(field));
    CHECK(field_named(to_string(field)) == field);
  }
  CHECK(to_string(Field::kDescription) == "description");
  CHECK(to_string(Field::kTtl) == "ttl");
  for (const char* name : {"", "Host", "hosts", "hos", "attribute", "metric_type"}) {
    CAPTURE(name);
    CHECK(field_named(name) == Field::kAttribute);
  }
}

TEST_CASE("metric, time and ttl are numbers") {
  for (const Field field : kNamed) {
    CAPTURE(to_string(field));
    const bool number = field == Field::kMetric || field == Field::kTime || field == Field::kTtl;
    CHECK(is_numeric(field) == number);
  }
  CHECK_FALSE(is_numeric(Field::kAttribute));
}

TEST_CASE("a set holds what was inserted and nothing else") {
  FieldSet fields;
  for (const Field field : kNamed) CHECK_FALSE(fields.contains(field));
  fields.insert(Field::kHost);
  fields.insert(Field::kAttribute);
  fields.insert(Field::kHost);
  CHECK(fields.contains(Field::kHost));
  CHECK(fields.contains(Field::kAttribute));
  for (const Field field : kNamed) {
    if (field != Field::kHost) CHECK_FALSE(fields.contains(field));
  }
}
