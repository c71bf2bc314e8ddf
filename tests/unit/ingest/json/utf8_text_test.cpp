#include "ingest/json/utf8_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::json_lines {
namespace {

TEST_CASE("text that is UTF-8 is not copied, whatever control characters it has") {
  Utf8Text text;
  for (const std::string& clean : {std::string("plain and long enough to be looked at in blocks"),
                                   std::string("gr\xC3\xB6\xC3\x9F"
                                               "e \a\t\x7F"),
                                   std::string()}) {
    CHECK(text.of(clean).data() == clean.data());
    CHECK(text.of(clean) == clean);
  }
}

TEST_CASE("a byte that is not UTF-8 is replaced, each time anew") {
  Utf8Text text;
  CHECK(text.of("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(text.of("\xC3") == "\xEF\xBF\xBD");
  CHECK(text.of(std::string(100, '\xFF')).size() == 300);
  CHECK(text.of("a\xFFz") == "a\xEF\xBF\xBDz");
}

}  // namespace
}  // namespace tocsin::json_lines
