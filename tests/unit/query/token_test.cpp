#include "src/query/token.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace tocsin::query;
using Kind = TokenKind;

namespace {

Token token(Kind kind, std::string_view source = "") {
  Token made;
  made.kind = kind;
  made.source = source;
  return made;
}

}  // namespace

TEST_CASE("six tokens spell a relation, the others none") {
  const std::vector<std::pair<Kind, Relation>> pairs = {
      {Kind::kEqual, Relation::kEqual},     {Kind::kNotEqual, Relation::kNotEqual},
      {Kind::kLess, Relation::kLess},       {Kind::kLessEqual, Relation::kLessEqual},
      {Kind::kGreater, Relation::kGreater}, {Kind::kGreaterEqual, Relation::kGreaterEqual}};
  for (const auto& [kind, relation] : pairs) CHECK(relation_of(kind) == relation);
  for (const Kind kind :
       {Kind::kEnd, Kind::kName, Kind::kLike, Kind::kRegex, Kind::kIn, Kind::kNot}) {
    CHECK_FALSE(relation_of(kind).has_value());
  }
}

TEST_CASE("strings, numbers, true, false and nil are literals; an empty string is nil") {
  Token made = token(Kind::kString);
  CHECK(literal_of(made) == Literal{});
  made.text = "x";
  CHECK(literal_of(made) == Literal{"x"});
  made = token(Kind::kInteger);
  made.integer = -7;
  CHECK(literal_of(made) == Literal{std::int64_t{-7}});
  made = token(Kind::kReal);
  made.real = 0.5;
  CHECK(literal_of(made) == Literal{0.5});
  CHECK(literal_of(token(Kind::kTrue)) == Literal{true});
  CHECK(literal_of(token(Kind::kFalse)) == Literal{false});
  CHECK(literal_of(token(Kind::kNil)) == Literal{});
  for (const Kind kind : {Kind::kName, Kind::kTagged, Kind::kComma, Kind::kEnd, Kind::kInvalid}) {
    CHECK_FALSE(literal_of(token(kind)).has_value());
  }
}

TEST_CASE("an excerpt has forty bytes at most and never half a character") {
  CHECK(excerpt("") == "");
  CHECK(excerpt(std::string(40, 'x')) == std::string(40, 'x'));
  CHECK(excerpt(std::string(41, 'x')) == std::string(40, 'x') + "...");
  const std::string euro = "\xE2\x82\xAC";
  CHECK(excerpt(std::string(39, 'x') + euro) == std::string(39, 'x') + "...");
  CHECK(excerpt(std::string(37, 'x') + euro) == std::string(37, 'x') + euro);
  CHECK(excerpt(std::string(37, 'x') + euro + euro) == std::string(37, 'x') + euro + "...");
}

TEST_CASE("an excerpt of bytes that are no text ends all the same") {
  CHECK(excerpt(std::string(100, '\x80')) == "...");
}

TEST_CASE("an excerpt shows no control character") {
  CHECK(excerpt("a\x1b[31m\n\tb\x7F") == "a?[31m??b?");
}

TEST_CASE("a token is described as it was written, a string by its own quotes") {
  CHECK(describe(token(Kind::kEnd)) == "the end");
  CHECK(describe(token(Kind::kAnd, "and")) == "'and'");
  CHECK(describe(token(Kind::kString, "\"some text\"")) == "\"some text\"");
  CHECK(describe(token(Kind::kName, std::string(60, 'n'))) == "'" + std::string(40, 'n') + "...'");
}

TEST_CASE("a position counts lines and characters from one") {
  const std::string text = "h\xC3\xB6he\n\nx = \xE2\x82\xAC y";
  CHECK(position(text, 0) == "1:1");
  CHECK(position(text, 1) == "1:2");
  CHECK(position(text, 3) == "1:3");  // behind the two bytes of one character
  CHECK(position(text, 5) == "1:5");  // the line's end belongs to it
  CHECK(position(text, 6) == "2:1");
  CHECK(position(text, 7) == "3:1");
  CHECK(position(text, text.size() - 1) == "3:7");
  CHECK(position(text, text.size()) == "3:8");
  CHECK(position("", 0) == "1:1");
}
