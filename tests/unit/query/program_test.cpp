#include "src/query/program.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "src/query/parser.hpp"

using namespace tocsin::query;

namespace {

constexpr Relation kRelations[] = {Relation::kEqual,   Relation::kNotEqual,
                                   Relation::kLess,    Relation::kLessEqual,
                                   Relation::kGreater, Relation::kGreaterEqual};

Program parsed(std::string_view text) {
  auto program = parse(text, {});
  REQUIRE_MESSAGE(program.has_value(), (program ? "" : program.error().message()));
  return *std::move(program);
}

bool same_texts(std::string_view a, std::string_view b) {
  return same(parsed(a), parsed(b));
}

}  // namespace

TEST_CASE("a relation seen from the other side holds of the same pairs") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string text = "x";
  const Value values[] = {Value::missing(), Value::integer(1),       Value::integer(2),
                          Value::real(1.5), Value::real(nan),        Value::text(text),
                          Value::text("1"), Value::of(Literal{true})};
  for (const Relation relation : kRelations) {
    CAPTURE(to_string(relation));
    CHECK(mirrored(mirrored(relation)) == relation);
    for (const Value& a : values) {
      for (const Value& b : values) {
        CHECK(holds(a, relation, b) == holds(b, mirrored(relation), a));
      }
    }
  }
}

TEST_CASE("a relation holds as its sign says") {
  struct Row {
    std::string_view sign;
    bool less, equal, greater;  // for 1 R 2, 2 R 2, 3 R 2
    bool order;
  };
  const Row rows[] = {{"=", false, true, false, false}, {"!=", true, false, true, false},
                      {"<", true, false, false, true},  {"<=", true, true, false, true},
                      {">", false, false, true, true},  {">=", false, true, true, true}};
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    CAPTURE(rows[i].sign);
    const Relation relation = kRelations[i];
    CHECK(to_string(relation) == rows[i].sign);
    CHECK(is_order(relation) == rows[i].order);
    CHECK(holds(Value::integer(1), relation, Value::integer(2)) == rows[i].less);
    CHECK(holds(Value::integer(2), relation, Value::integer(2)) == rows[i].equal);
    CHECK(holds(Value::integer(3), relation, Value::integer(2)) == rows[i].greater);
  }
}

TEST_CASE("of values that have no order only `!=` holds") {
  for (const Relation relation : kRelations) {
    CAPTURE(to_string(relation));
    CHECK(holds(Value::missing(), relation, Value::integer(1)) ==
          (relation == Relation::kNotEqual));
  }
}

TEST_CASE("programs are the same when they ask the same, wherever their constants lie") {
  // The second one has other constants in its pool before those that it uses: they were folded.
  CHECK(same_texts("host = 'a' and b =~ 'x%'", "(c = 'z' and false) or host = 'a' and b =~ 'x%'"));
  CHECK(same_texts("a in (1, 'b') and tagged 'x' and d ~= 'r' and e < f",
                   "a in (1,'b') and (tagged \"x\" and d ~= 'r') and e<f"));
  CHECK(same_texts("true", "1 = 1"));
}

TEST_CASE("programs that differ in one place are not the same") {
  const std::string one =
      "a in (1, 'b') and tagged 'x' and d ~= 'r' and e < f and g =~ 'l%' and h != 1 and not i";
  const std::pair<std::string, std::string> changes[] = {
      {"'b'", "'c'"},         {"1, ", "1, 2, "},  {"'x'", "'y'"},        {"'r'", "'s'"},
      {"e < f", "e <= f"},    {"e < f", "e < k"}, {"e < f", "e < host"}, {"'l%'", "'l_'"},
      {"h != 1", "h != 1.0"}, {"not i", "i"},     {"not i", "not j"},    {"and not i", ""}};
  for (const auto& [from, to] : changes) {
    std::string other = one;
    other.replace(other.find(from), from.size(), to);
    CAPTURE(other);
    CHECK_FALSE(same_texts(one, other));
  }
  CHECK_FALSE(same_texts("true", "false"));
  CHECK_FALSE(same_texts("a and b", "a or b"));
  CHECK_FALSE(same_texts("a and b", "b and a"));
  // The same tests in the same order, but other parentheses.
  CHECK_FALSE(same_texts("(a and b) or c or d", "(a and b and c) or d"));
}

TEST_CASE("NaN is the literal NaN, and the two zeros are two") {
  CHECK(same_texts("a = NaN", "a = NaN"));
  CHECK_FALSE(same_texts("a = NaN", "a = 1.5"));
  CHECK_FALSE(same_texts("a = 0.0", "a = -0.0"));
}

TEST_CASE("the fields of a program are those of all its tests, on either side") {
  const FieldSet fields = fields_of(parsed("not (host = 'a' or metric > limit) and ttl < time"));
  for (const Field field :
       {Field::kHost, Field::kMetric, Field::kAttribute, Field::kTtl, Field::kTime}) {
    CHECK(fields.contains(field));
  }
  for (const Field field : {Field::kService, Field::kTags, Field::kState, Field::kDescription}) {
    CHECK_FALSE(fields.contains(field));
  }
  CHECK(fields_of(parsed("tagged 'x'")).contains(Field::kTags));
  CHECK_FALSE(fields_of(parsed("true")).contains(Field::kHost));
}

TEST_CASE("searches that gave up are summed over the expressions of a program") {
  const Program program = parsed("a ~= '^(a+)+$' and b ~= '^(b+)+$' and c = 'x'");
  CHECK(give_ups_of(program) == 0);
  REQUIRE(program.pool->regexes.size() == 2);
  (void)program.pool->regexes[0].search(std::string(64, 'a') + "!");
  (void)program.pool->regexes[1].search(std::string(64, 'b') + "!");
  (void)program.pool->regexes[1].search(std::string(64, 'b') + "!");
  (void)program.pool->regexes[1].search("b");
  CHECK(give_ups_of(program) == 3);
}
