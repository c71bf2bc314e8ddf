#include "src/rules/grok/quantifier.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::rules::grok {
namespace {

using Kind = Quantifier::Kind;
constexpr std::uint32_t kUnbounded = Quantifier::kUnbounded;

// As PCRE2 is told; empty: no quantifier. `rest` is what was not taken.
std::string taken(std::string_view text, std::string& rest) {
  Cursor cursor(text);
  const auto quantifier = take_quantifier(cursor);
  CHECK_FALSE(cursor.failed());
  rest = cursor.rest();
  std::string out;
  if (quantifier) append(*quantifier, out);
  return out;
}

TEST_CASE("quantifiers are read as Ruby reads them") {
  struct Row {
    const char* text;
    const char* written;
    const char* rest;
  };
  const Row rows[] = {
      {"*a", "*", "a"},         {"+?", "+?", ""},           {"?+", "?+", ""},
      {"{2}", "{2}", ""},       {"{2,}", "{2,}", ""},       {"{,3}", "{0,3}", ""},
      {"{2,3}?", "{2,3}?", ""}, {"{2,3}+", "{2,3}", "+"},   {"{2}?", "{2}", "?"},
      {"{0,1}", "?", ""},       {"{,}", "", "{,}"},         {"{}", "", "{}"},
      {"{a}", "", "{a}"},       {"{1,2,3}", "", "{1,2,3}"}, {"{1", "", "{1"},
      {"x", "", "x"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    std::string rest;
    CHECK(taken(row.text, rest) == row.written);
    CHECK(rest == row.rest);
  }
}

TEST_CASE("wrong intervals are refused") {
  for (const char* text : {"{3,2}", "{65536}", "{1,99999999999}"}) {
    CAPTURE(text);
    Cursor cursor(text);
    (void)take_quantifier(cursor);
    CHECK(cursor.failed());
    CHECK(cursor.failed_at() == 0);
  }
}

TEST_CASE("plain repeats of repeats collapse") {
  const Quantifier option{0, 1, Kind::kGreedy};
  const Quantifier star{0, kUnbounded, Kind::kGreedy};
  const Quantifier plus{1, kUnbounded, Kind::kGreedy};
  CHECK(collapsed(option, option) == option);
  CHECK(collapsed(option, star) == star);
  CHECK(collapsed(option, plus) == star);
  CHECK(collapsed(plus, option) == star);
  CHECK(collapsed(plus, star) == star);
  CHECK(collapsed(plus, plus) == plus);
  CHECK(collapsed(star, option) == star);
  CHECK_FALSE(collapsed(Quantifier{2, 3, Kind::kGreedy}, plus).has_value());
  CHECK_FALSE(collapsed(plus, Quantifier{0, 1, Kind::kLazy}).has_value());
}

}  // namespace
}  // namespace tocsin::rules::grok
