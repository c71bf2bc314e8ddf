#include "src/rules/grok/engine/padded_text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "src/rules/grok/engine/byte_set.hpp"

namespace tocsin::rules::grok::engine {
namespace {

TEST_CASE("a text is copied and padded at every length") {
  PaddedText padded;
  for (std::size_t size = 0; size < 100; ++size) {
    CAPTURE(size);
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    CHECK(padded.assign(text));
    CHECK(padded.text() == text);
    for (std::size_t i = 0; i < PaddedText::kPaddingBytes; ++i) {
      REQUIRE(padded.bytes()[size + i] == kEndOfText);
    }
  }
}

TEST_CASE("a byte beyond ASCII is seen wherever it stands") {
  PaddedText padded;
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, '\x7F');
      text[at] = '\x80';
      CAPTURE(size);
      CAPTURE(at);
      CHECK_FALSE(padded.assign(text));
    }
  }
}

TEST_CASE("memory is used again") {
  PaddedText padded;
  padded.assign(std::string(1000, 'x'));
  const auto* const bytes = padded.bytes();
  padded.assign("short");
  CHECK(padded.bytes() == bytes);
  CHECK(padded.text() == "short");
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
