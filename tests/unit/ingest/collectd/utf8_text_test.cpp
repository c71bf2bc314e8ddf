#include "ingest/collectd/utf8_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::collectd::testing {
namespace {

TEST_CASE("ASCII is told from the rest at every place") {
  for (std::size_t size = 0; size <= 20; ++size) {
    std::string text(size, 'a');
    CHECK(is_ascii(text));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = '\x80';
      CHECK_FALSE(is_ascii(other));
    }
  }
}

TEST_CASE("a cut ends between characters") {
  CHECK(cut_utf8("größe", 10) == "größe");
  CHECK(cut_utf8("größe", 4) == "grö");
  CHECK(cut_utf8("größe", 3) == "gr");
  CHECK(cut_utf8("✓✓", 5) == "✓");
  CHECK(cut_utf8("✓", 2).empty());
}

TEST_CASE("what is not UTF-8 is replaced") {
  std::string out = "before";
  assign_utf8(out, "gr\xf6\xc3\x9f");
  CHECK(out == "gr\xEF\xBF\xBDß");
  assign_utf8(out, "plain");
  CHECK(out == "plain");
}

}  // namespace
}  // namespace tocsin::collectd::testing
