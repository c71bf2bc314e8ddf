#include "ingest/statsd/delimiter_map.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <random>
#include <string_view>

namespace tocsin::statsd {
namespace {

void check_line(const LineScan& scan, const char* line, const char* end) {
  const std::string_view all(line, static_cast<std::size_t>(end - line));
  const std::size_t size = std::min(all.find('\n'), all.size());
  REQUIRE(static_cast<std::size_t>(scan.line_end() - line) == size);
  REQUIRE(static_cast<std::size_t>(scan.first_delimiter() - line) ==
          std::min(all.find_first_of(":|"), size));
  for (std::size_t from = 0; from <= size; ++from) {
    REQUIRE(static_cast<std::size_t>(scan.next_bar(line + from) - line) ==
            std::min(all.find('|', from), size));
  }
}

TEST_CASE("every line's delimiters are found as one by one, reading nothing beyond the range") {
  std::mt19937 random(11);
  for (DelimiterMap::FillFunction* fill :
       {&DelimiterMap::best_fill(), &DelimiterMap::fill_portably}) {
    DelimiterMap map(*fill);  // used again for each range, longer and shorter ones in turn
    for (int round = 0; round < 5'000; ++round) {
      const std::size_t size = 1 + random() % 400;
      const auto rarity = 2 + random() % 60;
      // Exactly as large as the range, so that a sanitizer sees any byte read outside.
      const auto text = std::make_unique<char[]>(size);
      const char kinds[] = {':', '|', '\n', 'm'};
      for (std::size_t i = 0; i < size; ++i) {
        text[i] = random() % rarity == 0 ? kinds[random() % 4] : 'a';
      }
      const char* const end = text.get() + size;
      map.scan(text.get(), end);
      for (const char* line = text.get(); line < end;) {
        const LineScan scan(map, line, end);
        check_line(scan, line, end);
        line = scan.line_end() + 1;
      }
    }
  }
}

TEST_CASE("a line may begin at any byte of a block") {
  const std::string_view text =
      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz:12|c|#tag:value\nnext:1|g";
  const char* const end = text.data() + text.size();
  DelimiterMap map;
  map.scan(text.data(), end);
  for (const char* line = text.data(); line != end; ++line) {
    check_line(LineScan(map, line, end), line, end);
  }
}

}  // namespace
}  // namespace tocsin::statsd
