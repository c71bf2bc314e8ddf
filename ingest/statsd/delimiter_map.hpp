// DelimiterMap: where ':', '|' and LF stand in all that is decoded at once, a bit for each byte.
// LineScan: the same for one line of it.
// Fields differ in length, so a loop that looks for the next delimiter is mispredicted on almost
// every line; asking 64 bits for their lowest one is not, and the next line can be begun before
// this one is understood. All lines are looked through together, since 64 bytes cost the same
// whether they hold the ends of three lines or the middle of one.
//     bytes   a b : 1 | c \n c : 7 ...
//     ends    0 0 0 0 0 0  1 0 0 0    LF
//     bars    0 0 0 0 1 0  1 0 0 0    '|' or LF
//     all     0 0 1 0 1 0  1 0 1 0    ':', '|' or LF
// Input:   [begin, end); nothing outside it is read.
// Memory:  24 bytes for 64 of the largest input so far.
// Cost:    some 25 instructions for 64 bytes with AVX2, 45 with SSE2; then 12 a line.
// Source:  the first stage of G. Langdale and D. Lemire, "Parsing Gigabytes of JSON per Second",
//          2019.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ingest/statsd/byte_scan.hpp"

namespace tocsin::statsd {

class DelimiterMap {
 public:
  static constexpr std::size_t kBlock = 64;  // bytes

  // Bit i: byte i of 64. Behind the end of the range everything is an end.
  struct Block {
    std::uint64_t ends = 0;
    std::uint64_t bars = 0;
    std::uint64_t all = 0;
  };
  // Fills `blocks` for `count` times kBlock bytes.
  using FillFunction = void(const char* bytes, std::size_t count, Block* blocks);

  DelimiterMap() noexcept;
  explicit DelimiterMap(FillFunction& fill) noexcept : fill_(&fill) {}

  // Forgets what was looked through before.
  void scan(const char* begin, const char* end);

  // Of the 64 bytes from `at` on, which is in the range.
  [[nodiscard]] Block from(const char* at) const noexcept {
    const auto offset = static_cast<std::size_t>(at - begin_);
    const Block& low = blocks_[offset / kBlock];
    const Block& high = blocks_[offset / kBlock + 1];
    const auto join = [offset](std::uint64_t a, std::uint64_t b) {
      __extension__ using Wide = unsigned __int128;
      return static_cast<std::uint64_t>((Wide{b} << 64 | a) >> (offset % kBlock));
    };
    return {join(low.ends, high.ends), join(low.bars, high.bars), join(low.all, high.all)};
  }

  // The quickest that this processor can do, and the one that every processor can.
  [[nodiscard]] static FillFunction& best_fill() noexcept;
  static FillFunction fill_portably;

 private:
  FillFunction* fill_;
  const char* begin_ = nullptr;
  std::vector<Block> blocks_;
};

// The delimiters of the line that begins at `line`: in its first 64 bytes known when made, behind
// them looked for when asked.
class LineScan {
 public:
  // `line` is in the range that `map` scanned, which ends at `end`.
  LineScan(const DelimiterMap& map, const char* line, const char* end) noexcept
      : line_(line), end_(end), block_(map.from(line)) {}

  // The line's LF, or the end of the range.
  [[nodiscard]] const char* line_end() const noexcept {
    if (block_.ends != 0) [[likely]]
      return line_ + std::countr_zero(block_.ends);
    return find_any<'\n'>(line_ + DelimiterMap::kBlock, end_);
  }
  // The first ':' or '|' of the line, or its end.
  [[nodiscard]] const char* first_delimiter() const noexcept {
    if (block_.all != 0) [[likely]]
      return line_ + std::countr_zero(block_.all);
    return find_any<':', '|', '\n'>(line_ + DelimiterMap::kBlock, end_);
  }
  // The first '|' at or behind `at`, which is in the line, or the line's end.
  [[nodiscard]] const char* next_bar(const char* at) const noexcept {
    const auto offset = static_cast<std::size_t>(at - line_);
    if (offset < DelimiterMap::kBlock) [[likely]] {
      const std::uint64_t bars = block_.bars >> offset;
      if (bars != 0) [[likely]]
        return at + std::countr_zero(bars);
    }
    return find_any<'|', '\n'>(std::max(at, line_ + DelimiterMap::kBlock), end_);
  }

 private:
  const char* line_;
  const char* end_;
  DelimiterMap::Block block_;
};

}  // namespace tocsin::statsd
