// Where in a text a match of one expression may begin, as far as bytes alone can tell: most offsets
// of a long line are passed at the speed of reading it, without asking the regular expression.
//
//     "(?<x>b)"    before each 'b'            "^a"    where a line begins
//     "[0-9]+=x"   before each digit, but not behind the last '='
//
// Threads: fixed once described; then read by any.
// Cost:    64 KiB without an offset take about 50 microseconds, about 2 if one byte is looked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tocsin::rules::grok::engine {

class MatchStarts {
 public:
  static constexpr std::size_t kNone = std::string_view::npos;
  using Bytes = std::array<bool, 256>;

  // Until described: any offset of a character, and the end.
  explicit MatchStarts(bool utf) : utf_(utf) {}

  void only_at_text_start() { where_ = Where::kTextStart; }
  void only_at_line_starts() { where_ = Where::kLineStarts; }
  // The byte, and of a letter the other case too.
  [[nodiscard]] static std::array<char, 2> both_cases(char byte);

  // Every match begins with one of these bytes.
  void only_before(const Bytes& bytes);
  // Every match holds this byte, or this letter in either case.
  void require(char byte);

  // The first offset for a search that begins at `from`, kNone: there is none. Where only one is
  // tried, this is it: what begins with ".*" matches from wherever the search begins.
  [[nodiscard]] std::size_t first(std::string_view text, std::size_t from) const noexcept {
    return where_ == Where::kTextStart ? from : next(text, from);
  }
  // The first offset at or behind `from` at which a match may begin; kNone: there is none.
  [[nodiscard]] std::size_t next(std::string_view text, std::size_t from) const noexcept;
  // No match begins behind this offset; kNone: nowhere.
  [[nodiscard]] std::size_t last(std::string_view text) const noexcept;

 private:
  enum class Where : std::uint8_t { kAnywhere, kTextStart, kLineStarts, kBytes, kOneByte };

  bool utf_;
  Where where_ = Where::kAnywhere;
  char one_ = '\0';
  Bytes bytes_{};
  bool requires_ = false;
  std::array<char, 2> required_{};
};

}  // namespace tocsin::rules::grok::engine
