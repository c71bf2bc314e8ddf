#include "src/query/lexer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace tocsin::query;
using Kind = TokenKind;

namespace {

std::vector<Kind> kinds(std::string_view text) {
  std::vector<Kind> found;
  for (const Token& token : tokenise(text)) found.push_back(token.kind);
  return found;
}

std::string complaint(std::string_view text) {
  const std::vector<Token> tokens = tokenise(text);
  REQUIRE(tokens.back().kind == Kind::kInvalid);
  return tokens.back().text;
}

}  // namespace

TEST_CASE("an operator is never part of a name") {
  CHECK(kinds("metric>2") == std::vector{Kind::kName, Kind::kGreater, Kind::kInteger, Kind::kEnd});
  CHECK(kinds("a!=b") == std::vector{Kind::kName, Kind::kNotEqual, Kind::kName, Kind::kEnd});
  CHECK(kinds("a=~'x'") == std::vector{Kind::kName, Kind::kLike, Kind::kString, Kind::kEnd});
  CHECK(kinds("a<=-5") == std::vector{Kind::kName, Kind::kLessEqual, Kind::kInteger, Kind::kEnd});
}

TEST_CASE("a name holds letters, digits and _ - . /, and keeps a keyword inside it") {
  for (const char* name : {"disk_free", "k8s.io/pod-name", "android", "or_else", "inside", "_x"}) {
    CAPTURE(name);
    const auto tokens = tokenise(name);
    CHECK(tokens[0].kind == Kind::kName);
    CHECK(tokens[0].text == name);
    CHECK(is_bare_name(name));
  }
}

TEST_CASE("backquotes make a name of anything") {
  const auto tokens = tokenise("`1st field, (odd)` `and`");
  CHECK(tokens[0].text == "1st field, (odd)");
  CHECK(tokens[1].kind == Kind::kName);
  CHECK(tokens[1].text == "and");
  for (const char* name : {"", "1x", "and", "NULL", "NaN", "a b", "a=b", "h\xC3\xB6he", "-x"}) {
    CAPTURE(name);
    CHECK_FALSE(is_bare_name(name));
  }
}

TEST_CASE("integers stay integers; a fraction or an exponent makes a double") {
  struct Row {
    const char* text;
    std::int64_t integer;
  };
  for (const Row& row : {Row{"0", 0}, Row{"-7", -7}, Row{"5L", 5}, Row{"5N", 5},
                         Row{"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
                         Row{"-9223372036854775808", std::numeric_limits<std::int64_t>::min()}}) {
    CAPTURE(row.text);
    const Token token = tokenise(row.text)[0];
    CHECK(token.kind == Kind::kInteger);
    CHECK(token.integer == row.integer);
  }
  for (const char* text : {"1.5", "-0.25", "1e3", "1E-3", "2.5e+2"}) {
    CAPTURE(text);
    const Token token = tokenise(text)[0];
    CHECK(token.kind == Kind::kReal);
    CHECK(token.real == std::stod(text));
  }
  CHECK(tokenise("-Infinity")[0].real == -std::numeric_limits<double>::infinity());
  CHECK(tokenise("NaN")[0].real != tokenise("NaN")[0].real);
}

TEST_CASE("either quote makes a string, with the other one and escapes inside") {
  CHECK(tokenise(R"("it's")")[0].text == "it's");
  CHECK(tokenise(R"('it\'s "x"')")[0].text == "it's \"x\"");
  CHECK(tokenise(R"("\u0041" 'b')")[0].source == R"("\u0041")");
  CHECK(tokenise(R"("\u0041" 'b')")[1].text == "b");
}

TEST_CASE("what is no token says what was found and what was expected") {
  CHECK(
      complaint("a AND b") ==
      "found 'AND' where 'and' was expected: the words of the language are in lower case (a field "
      "of that name is written `AND`)");
  CHECK(complaint("a == b") == "found '==' where '=' was expected");
  CHECK(complaint("a && b") == "found '&&' where 'and' was expected");
  CHECK(complaint("!a") == "found '!' where 'not' was expected");
  CHECK(complaint("metric > 5m").starts_with("found '5m' where a number was expected"));
  CHECK(complaint("99999999999999999999")
            .starts_with("found '99999999999999999999' where an integer of 64 bits was expected"));
  CHECK(complaint("1e999") == "found '1e999', which is outside the range of a double");
  CHECK(complaint("\"abc") == "found the end where the closing \" of this quotation was expected");
  CHECK(complaint("\"abc\\").starts_with("found the end"));
  CHECK(complaint("`abc").starts_with("found the end"));
  CHECK(complaint(R"("\d+")").starts_with("found '\\d' where one of"));
  CHECK(complaint("h\xC3\xB6he").starts_with("found '\xC3\xB6', which is no part"));
  CHECK(complaint("-Infinite").starts_with("found '-Infinite' where a number was expected"));
}
