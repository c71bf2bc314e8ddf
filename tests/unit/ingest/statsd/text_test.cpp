#include "ingest/statsd/text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::statsd {
namespace {

TEST_CASE("a name keeps what a Graphite path may hold") {
  CHECK(clean_name("web.api-12_x;env=prod") == "web.api-12_x;env=prod");
  CHECK(clean_name("weird key/with slash@!") == "weird_key-with_slash");
  CHECK(clean_name("a \t\n b") == "a_b");
  CHECK(clean_name(" a ") == "_a_");
  CHECK(clean_name("gr\xC3\xB6\xC3\x9F"
                   "e") == "gre");
  CHECK(clean_name("!@#").empty());
}

TEST_CASE("well-formed UTF-8 passes unchanged") {
  for (const std::string text :
       {"", "plain", "gr\xC3\xB6\xC3\x9F", "\xE2\x9C\x93", "\xF0\x9F\x94\x94", "\xF4\x8F\xBF\xBF",
        "\xED\x9F\xBF", "\xEE\x80\x80"}) {
    CHECK(to_utf8(text) == text);
  }
}

TEST_CASE("every byte that is not part of UTF-8 becomes the replacement character") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(to_utf8("\xFF") == bad);
  CHECK(to_utf8("a\x80z") == "a" + bad + "z");
  CHECK(to_utf8("\xC3") == bad);                                // cut off
  CHECK(to_utf8("\xC0\xAF") == bad + bad);                      // overlong
  CHECK(to_utf8("\xE0\x80\xAF") == bad + bad + bad);            // overlong
  CHECK(to_utf8("\xED\xA0\x80") == bad + bad + bad);            // surrogate
  CHECK(to_utf8("\xF4\x90\x80\x80") == bad + bad + bad + bad);  // above U+10FFFF
  CHECK(to_utf8("\xE2\x9C!") == bad + bad + "!");
}

}  // namespace
}  // namespace tocsin::statsd
