#include "src/query/string_literal.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

using namespace tocsin::query;
using namespace std::string_literals;

namespace {

// Reads a text that is all escapes and plain bytes, as the lexer does between two quotes.
std::string read_all(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out.push_back(text[at++]);
      continue;
    }
    const auto wrong = read_escape(text, at, out);
    if (wrong) return "refused: " + *wrong;
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "x";
  append_quoted(out, text);
  REQUIRE(out[0] == 'x');  // appended, not replaced
  return out.substr(1);
}

}  // namespace

TEST_CASE("the escapes are those of JSON, and \\'") {
  CHECK(read_all(R"(a\"b\'c\\d\/e)") == "a\"b'c\\d/e");
  CHECK(read_all(R"(\b\f\n\r\t)") == "\b\f\n\r\t");
}

TEST_CASE("a character is given by its number, in one to four bytes of UTF-8") {
  CHECK(read_all(R"(\u0041\u007f)") == "A\x7F");
  CHECK(read_all(R"(\u0000)") == "\0"s);
  CHECK(read_all(R"(\u0080\u00e9\u07FF)") == "\xC2\x80\xC3\xA9\xDF\xBF");
  CHECK(read_all(R"(\u0800\u20AC\uffff)") == "\xE0\xA0\x80\xE2\x82\xAC\xEF\xBF\xBF");
  CHECK(read_all(R"(\ud800\udc00\ud83d\uDE00\udbff\udfff)") ==
        "\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF");
}

TEST_CASE("an escape leaves the place behind it") {
  std::size_t at = 1;
  std::string out = "before ";
  CHECK_FALSE(read_escape(R"(x\u00e9y)", at, out).has_value());
  CHECK(at == 7);
  CHECK(out == "before \xC3\xA9");
}

TEST_CASE("an escape that is none is refused with what is possible") {
  CHECK(read_all(R"(\d)") ==
        R"(refused: found '\d' where one of \" \' \\ \/ \b \f \n \r \t \uXXXX was expected )"
        R"((a backslash itself is written \\))");
  for (const char* text : {R"(\N)", R"(\x41)", R"(\0)", "\\\n", R"(\U0001f600)"}) {
    CAPTURE(text);
    CHECK(read_all(text).starts_with("refused: found '\\"));
  }
}

TEST_CASE("half a character number, or half a pair of surrogates, is refused") {
  for (const char* text : {R"(\u)", R"(\u12)", R"(\u12g4)", R"(\u-123)", R"(\u 123)", R"(\u+041)",
                           R"(\ud83d)", R"(\ud83dx)", R"(\ud83d\n)", R"(\ud83d\u0041)",
                           R"(\ud83d\ud83d)", R"(\ude00)", R"(\ud83d\u12)"}) {
    CAPTURE(text);
    CHECK(read_all(text).find("four hexadecimal digits") != std::string::npos);
  }
  CHECK(read_all(R"(\u12" and more)").starts_with(R"(refused: found '\u12" ' where \u)"));
}

TEST_CASE(
    "a lone backslash at the end is skipped: the literal is not closed, which is told instead") {
  CHECK(read_all("a\\") == "a");
}

TEST_CASE("a text is quoted so that one can read it") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("it's h\xC3\xB6he / x") == "\"it's h\xC3\xB6he / x\"");
  CHECK(quoted("a\"b\\c") == R"("a\"b\\c")");
  CHECK(quoted("\n\x1b\x7F\0"s) == R"("\u000a\u001b\u007f\u0000")");
  CHECK(quoted("\xFF\x80") == "\"\xFF\x80\"");
}

TEST_CASE("what was quoted reads back as the same bytes, whatever they are") {
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 24, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % (round % 2 == 0 ? 256 : 40));
    const std::string text = quoted(bytes);
    REQUIRE(read_all(std::string_view(text).substr(1, text.size() - 2)) == bytes);
  }
}
