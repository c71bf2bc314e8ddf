#include "ingest/nagios/escapes.hpp"

#include <doctest/doctest.h>

namespace tocsin::nagios {
namespace {

TEST_CASE("backslashes with n or another backslash are escapes, others stand for themselves") {
  std::string buffer;
  CHECK(unescape(R"(a\nb)", buffer) == "a\nb");
  CHECK(unescape(R"(a\\nb)", buffer) == R"(a\nb)");
  CHECK(unescape(R"(C:\temp\)", buffer) == R"(C:\temp\)");
  CHECK(unescape(R"(\\)", buffer) == R"(\)");
  CHECK(unescape("", buffer).empty());
}

TEST_CASE("a text without escapes stays where it is") {
  const std::string_view text = "a|b=1";
  std::string buffer;
  CHECK(unescape(text, buffer).data() == text.data());
}

TEST_CASE("a byte of the text is found again in what was escaped") {
  const std::string_view escaped = R"(a\nb\\c\d)";
  std::string buffer;
  const std::string_view text = unescape(escaped, buffer);
  REQUIRE(text == "a\nb\\c\\d");
  const std::size_t places[] = {0, 1, 3, 4, 6, 7, 8, 9};
  for (std::size_t at = 0; at <= text.size(); ++at)
    CHECK(escaped_offset(escaped, at) == places[at]);
}

}  // namespace
}  // namespace tocsin::nagios
