#include "ingest/syslog/delimiter_scan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>

namespace tocsin::syslog {
namespace {

// A plain search, for comparison.
const char* naive_next(const char* at, const char* end) {
  return std::find_if(at, end, [](char c) { return c == ' ' || c == '"'; });
}

TEST_CASE("every delimiter is found, wherever it stands and from wherever one looks") {
  std::mt19937 random(514);
  for (std::size_t size = 0; size < 300; ++size) {
    // A block of its own, so that a sanitizer sees any byte read outside.
    const auto text = std::make_unique<char[]>(size);
    const char* const end = text.get() + size;
    for (const unsigned rarity : {2U, 9U, 70U, 1000U}) {
      for (std::size_t i = 0; i < size; ++i) {
        text[i] = random() % rarity != 0 ? 'x' : random() % 2 == 0 ? ' ' : '"';
      }
      DelimiterScan<' ', '"'> scan(text.get(), end);
      for (const char* at = text.get();;) {
        const char* const found = scan.next(at);
        REQUIRE(found == naive_next(at, end));
        if (found == end) break;
        // One further, or some more, as one who knows that no delimiter counts there.
        const auto step = static_cast<std::ptrdiff_t>(1 + random() % 3 * (random() % 80));
        at = end - found <= step ? end : found + step;
      }
    }
  }
}

}  // namespace
}  // namespace tocsin::syslog
