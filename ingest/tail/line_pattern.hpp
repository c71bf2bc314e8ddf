// LinePattern: a regular expression that says which lines begin a record, with bounded effort.
// Threads: one thread.
// Cost:    compiled to machine code where PCRE2 can; search() allocates nothing.
// Source:  PCRE2 10.x, pcre2api; in lines that are not UTF-8 only the parts that are can match.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::tail {

class LinePattern {
 public:
  enum class Outcome : std::uint8_t { kNoMatch, kMatch, kGaveUp };

  // Steps of backtracking before a search gives up.
  static constexpr std::uint32_t kMatchLimit = 100'000;

  // Errors: kSyntax with PCRE2's words and the byte in `pattern`; `where` is left empty.
  [[nodiscard]] static Result<LinePattern> compile(std::string_view pattern);

  LinePattern(LinePattern&&) noexcept;
  LinePattern& operator=(LinePattern&&) noexcept;
  ~LinePattern();

  [[nodiscard]] Outcome search(std::string_view line) const noexcept;

 private:
  struct Compiled;
  explicit LinePattern(std::unique_ptr<Compiled> compiled) noexcept;

  std::unique_ptr<Compiled> compiled_;
};

}  // namespace tocsin::tail
