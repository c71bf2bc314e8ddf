#include "ingest/syslog/text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::syslog {
namespace {

using std::string_literals::operator""s;

std::string cleaned(std::string_view text, Cleaning cleaning) {
  std::string out(text.size() * kCleanedGrowth, '\0');
  out.resize(static_cast<std::size_t>(write_clean(text, cleaning, out.data()) - out.data()));
  CHECK(is_clean(text, cleaning) == (out == text));
  return out;
}

TEST_CASE("only printable ASCII is plain, wherever the byte stands") {
  for (std::size_t size = 0; size <= 40; ++size) {
    const std::string plain(size, '~');
    CHECK(is_plain(plain));
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = plain;
        text[at] = static_cast<char>(byte);
        if (is_plain(text) != (byte >= ' ' && byte <= '~')) FAIL(size << " " << at << " " << byte);
      }
    }
  }
}

TEST_CASE("bytes that are no UTF-8 are replaced, one by one") {
  CHECK(cleaned("gr\xC3\xB6\xC3\x9F"
                "e \xE2\x9C\x93",
                Cleaning::kText) ==
        "gr\xC3\xB6\xC3\x9F"
        "e \xE2\x9C\x93");
  CHECK(cleaned("Latin-1 \xF6\xDF, long enough", Cleaning::kText) ==
        "Latin-1 \xEF\xBF\xBD\xEF\xBF\xBD, long enough");
  CHECK(cleaned("\xE2\x9C", Cleaning::kText) == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(cleaned("\xED\xA0\x80", Cleaning::kName) == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("control characters stay, are escaped or are replaced") {
  const std::string text = "a\0b\tc\nd\x1B[1m\x7F"s;
  CHECK(cleaned(text, Cleaning::kText) == text);
  CHECK(cleaned(text, Cleaning::kEscapedText) == "a#000b\tc\nd#033[1m#177");
  CHECK(cleaned(text, Cleaning::kName) ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD"
        "c\xEF\xBF\xBD"
        "d\xEF\xBF\xBD[1m\xEF\xBF\xBD");
  CHECK(cleaned("eight printable bytes\a", Cleaning::kEscapedText) == "eight printable bytes#007");
}

TEST_CASE("no byte grows by more than the stated factor") {
  for (int byte = 0; byte < 256; ++byte) {
    for (const Cleaning cleaning : {Cleaning::kText, Cleaning::kEscapedText, Cleaning::kName}) {
      char out[kCleanedGrowth];
      const char text = static_cast<char>(byte);
      CHECK(write_clean({&text, 1}, cleaning, out) - out <=
            static_cast<std::ptrdiff_t>(kCleanedGrowth));
    }
  }
}

}  // namespace
}  // namespace tocsin::syslog
