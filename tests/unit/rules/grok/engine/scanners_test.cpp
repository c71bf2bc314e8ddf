#include "src/rules/grok/engine/scanners.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace tocsin::rules::grok::engine {
namespace {

std::optional<Scanner> scanner_of(std::string_view written, const ByteSet& next = {}) {
  const auto tree = SyntaxTree::read(written, Encoding::kAscii);
  REQUIRE(tree);
  return find_scanner(tree->root(), next);
}

TEST_CASE("a scanner stands for its expression and for no other") {
  CHECK(scanner_of("\\b[0-9A-Z\\_a-z]+\\b") == Scanner::kWord);
  CHECK(scanner_of("(?:\\b[0-9]+\\b)") == Scanner::kDigits);
  CHECK(scanner_of("\\b[1-9][0-9]*\\b") == Scanner::kPositive);
  CHECK_FALSE(scanner_of("\\b[0-9A-Z\\_a-z]*\\b").has_value());
  CHECK_FALSE(scanner_of("\\b[0-9A-Za-z]+\\b").has_value());
  CHECK_FALSE(scanner_of("\\b[0-9]+?\\b").has_value());
  CHECK_FALSE(scanner_of("(\\b[0-9]+\\b)").has_value());
}

TEST_CASE("a name has one end only where no part of a name can come next") {
  constexpr std::string_view kHostname =
      R"(\b[0-9A-Za-z][\-0-9A-Za-z]{0,62}(?:\.[0-9A-Za-z][\-0-9A-Za-z]{0,62})*(?:\.?|\b))";
  CHECK(scanner_of(kHostname, byte_range(' ', ' ')) == Scanner::kHost);
  CHECK_FALSE(scanner_of(kHostname, byte_range('.', '.')).has_value());
  CHECK_FALSE(scanner_of(kHostname, ascii_bytes()).has_value());
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
