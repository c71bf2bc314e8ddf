// The pattern of `~=`: a regular expression, found anywhere in the text, with bounded effort.
// "Gave up" is its own outcome, neither match nor no match, and is counted.
// Threads: search() from any number of threads; each thread keeps its own scratch memory.
// Cost:    compiled to machine code where PCRE2 can; no allocation after a thread's first search.
// Source:  PCRE2 10.x, pcre2api; UTF-8, and bytes that are not UTF-8 match nothing but break
// nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::query {

class Regex {
 public:
  enum class Outcome : std::uint8_t { kNoMatch, kMatch, kGaveUp };

  // Steps of backtracking before a search gives up.
  static constexpr std::uint32_t kMatchLimit = 100'000;

  // Errors: kSyntax with PCRE2's words and the byte in `pattern`; `where` is left empty.
  [[nodiscard]] static Result<Regex> compile(std::string pattern);

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  [[nodiscard]] Outcome search(std::string_view subject) const noexcept;

  [[nodiscard]] const std::string& pattern() const noexcept;
  // How many searches gave up so far.
  [[nodiscard]] std::uint64_t give_ups() const noexcept;

 private:
  struct Compiled;
  explicit Regex(std::unique_ptr<Compiled> compiled) noexcept;

  std::unique_ptr<Compiled> compiled_;
};

}  // namespace tocsin::query
