#include "ingest/riemann/text_mender.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin::riemann {
namespace {

TEST_CASE("a text is ASCII when none of its bytes has the top bit set, wherever it stands") {
  for (std::size_t size = 0; size <= 70; ++size) {
    // Exactly as large as the text, so that a sanitizer sees any byte read outside.
    const auto text = std::make_unique<char[]>(size);
    std::fill_n(text.get(), size, '\x7F');
    CHECK(is_ascii({text.get(), size}));
    for (std::size_t at = 0; at < size; ++at) {
      text[at] = '\x80';
      CHECK_FALSE(is_ascii({text.get(), size}));
      text[at] = '\0';
    }
    CHECK(is_ascii({text.get(), size}));
  }
}

TEST_CASE("well-formed texts stay where they are") {
  TextMender mender;
  mender.begin_record(100);
  for (const std::string_view text : {"", "a", "seven b", "exactly8", "more than eight bytes",
                                      "gr\xC3\xB6\xC3\x9F", "\xF0\x9F\x94\x94"}) {
    CHECK(mender.mend(text).data() == text.data());
    CHECK(mender.mend(text).size() == text.size());
  }
}

TEST_CASE("a byte that is no UTF-8 is replaced wherever it stands") {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = '\xFF';
      TextMender mender;
      mender.begin_record(size);
      std::string expected(size, 'x');
      expected.replace(at, 1, "\xEF\xBF\xBD");
      CHECK(mender.mend(text) == expected);
    }
  }
}

TEST_CASE("all mended texts of a record hold until the next one") {
  const std::string record = "a\xFF" + std::string(5000, '\xFE') + "b\xFD";
  TextMender mender;
  for (int round = 0; round < 3; ++round) {
    mender.begin_record(record.size());
    const std::string_view view = record;
    const std::string_view first = mender.mend(view.substr(0, 2));
    const std::string_view second = mender.mend(view.substr(2, 5000));
    const std::string_view third = mender.mend(view.substr(5002));
    CHECK(first == "a\xEF\xBF\xBD");
    CHECK(second.size() == 15000);
    CHECK(third == "b\xEF\xBF\xBD");
  }
}

}  // namespace
}  // namespace tocsin::riemann
