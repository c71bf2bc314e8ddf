#include "ingest/statsd/byte_scan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <random>
#include <string>

namespace tocsin::statsd {
namespace {

TEST_CASE("the first delimiter is found at every length and place, reading nothing beyond") {
  for (std::size_t size = 0; size < 70; ++size) {
    // Exactly as large as the range, so that a sanitizer sees any byte read outside.
    const auto text = std::make_unique<char[]>(size);
    for (std::size_t place = 0; place <= size; ++place) {
      std::fill_n(text.get(), size, 'x');
      if (place < size) text[place] = place % 2 == 0 ? ':' : '|';
      if (place + 1 < size) text[place + 1] = ':';
      const char* const found = find_any<':', '|'>(text.get(), text.get() + size);
      REQUIRE(static_cast<std::size_t>(found - text.get()) == place);
    }
  }
}

TEST_CASE("random text is searched as find_first_of searches it") {
  std::mt19937 random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text(random() % 100, ' ');
    for (char& c : text) c = static_cast<char>(random() % 7 == 0 ? random() % 256 : 'a');
    const auto found = find_any<':', '|', '\n'>(text.data(), text.data() + text.size());
    REQUIRE(static_cast<std::size_t>(found - text.data()) ==
            std::min(text.find_first_of(":|\n"), text.size()));
  }
}

}  // namespace
}  // namespace tocsin::statsd
