#include "ingest/statsd/byte_scan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <string_view>

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

TEST_CASE(
    "a line's delimiters are found as one by one, whatever its length, reading nothing beyond") {
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    const std::size_t size = 1 + random() % 200;
    const auto rarity = 2 + random() % 60;
    const auto text = std::make_unique<char[]>(size);
    const std::string_view all(text.get(), size);
    const char kinds[] = {':', '|', '\n', 'm'};
    for (std::size_t i = 0; i < size; ++i) {
      text[i] = random() % rarity == 0 ? kinds[random() % 4] : 'a';
    }
    const char* const end = text.get() + size;
    const LineScan scan(text.get(), end);
    const std::size_t line_size = std::min(all.find('\n'), size);
    REQUIRE(static_cast<std::size_t>(scan.line_end() - text.get()) == line_size);
    REQUIRE(static_cast<std::size_t>(scan.first_delimiter() - text.get()) ==
            std::min(all.find_first_of(":|"), line_size));
    for (std::size_t from = 0; from <= line_size; ++from) {
      REQUIRE(static_cast<std::size_t>(scan.next_bar(text.get() + from) - text.get()) ==
              std::min(all.find('|', from), line_size));
    }
  }
}

}  // namespace
}  // namespace tocsin::statsd
