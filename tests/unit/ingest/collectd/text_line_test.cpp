#include "ingest/collectd/text_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tocsin::collectd::testing {
namespace {

std::vector<std::string> split(std::string_view text) {
  TextLine line;
  REQUIRE(line.split(text));
  return {line.fields().begin(), line.fields().end()};
}

using Fields = std::vector<std::string>;

TEST_CASE("fields stand between blanks") {
  CHECK(split("PUTVAL a/b/c  interval=10\tN:1\r") ==
        Fields{"PUTVAL", "a/b/c", "interval=10", "N:1"});
  CHECK(split("") == Fields{});
  CHECK(split(" \t ") == Fields{});
}

TEST_CASE("quotes hold blanks, and in them a backslash takes the next character") {
  CHECK(split(R"("a b/c/d" x)") == Fields{"a b/c/d", "x"});
  CHECK(split(R"(message="a \"b\" \\ c")") == Fields{R"(message=a "b" \ c)"});
  CHECK(split(R"(a\b)") == Fields{R"(a\b)"});
  CHECK(split(R"("" x)") == Fields{"", "x"});
}

TEST_CASE("an open quote is a fault") {
  TextLine line;
  CHECK_FALSE(line.split(R"(PUTVAL "a b)"));
  CHECK_FALSE(line.split(R"(PUTVAL "a b\")"));
  CHECK(line.split("x"));
  CHECK(line.fields().size() == 1);
}

TEST_CASE("fields are UTF-8") {
  CHECK(split("gr\xf6 gr\xc3\xb6") == Fields{"gr\xEF\xBF\xBD", "grö"});
}

TEST_CASE("an identifier is cut at two slashes and the first dash of each part") {
  const auto name = parse_identifier("web-01/cpu-0/cpu-idle-x");
  REQUIRE(name);
  CHECK(name->host == "web-01");
  CHECK(name->plugin == "cpu");
  CHECK(name->plugin_instance == "0");
  CHECK(name->type == "cpu");
  CHECK(name->type_instance == "idle-x");
  CHECK(parse_identifier("h/p/t/u")->type == "t/u");
  CHECK(parse_identifier("h/p/t")->type_instance.empty());
}

TEST_CASE("what lacks a host, a plugin or a type is no identifier") {
  for (const char* text : {"", "h", "h/p", "/p/t", "h//t", "h/p/", "h/-i/t", "h/p/-i"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_identifier(text));
  }
}

TEST_CASE("an option is cut at its first equals sign") {
  CHECK(parse_option("message=a=b").key == "message");
  CHECK(parse_option("message=a=b").value == "a=b");
  CHECK(parse_option("N:1").key.empty());
  CHECK(parse_option("=1").key.empty());
}

TEST_CASE("words are told whatever their case") {
  CHECK(is_word("PutVal", "putval"));
  CHECK_FALSE(is_word("putva", "putval"));
  CHECK_FALSE(is_word("putvals", "putval"));
  CHECK_FALSE(is_word("putv@l", "putval"));
}

}  // namespace
}  // namespace tocsin::collectd::testing
