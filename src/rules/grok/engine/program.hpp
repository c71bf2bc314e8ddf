// A regular expression on lines of ASCII, made to be faster than PCRE2, with the same result.
//
// The search, so that lines that do not match cost less than those that do:
//
//     1. The rarest literal of every match is looked for; mostly it is not there, and all is said.
//     2. A match is tried from the first offset that it may begin at: of most log lines the first.
//        Where the literal holds no rare byte, so that looking for it costs much, this is first.
//     3. If that fails, what it saw is used: a pivot is a literal that every match holds, outside
//        of all choices, so whether the rest behind it matches does not depend on how it was
//        reached. If every place where the literal stands was reached, and nothing behind it
//        matched, no match is left. Places that were not reached are asked by themselves.
//     4. Only then are further offsets tried.
//
// Example: an access log line without its last quote reaches the "] \"" behind the date, fails
// behind it, and ends in step 3 at the price of one attempt; PCRE2 tries some hundred more.
// Undecided: work beyond the fuel, or a text beyond kMostTextBytes. Then PCRE2 is to be asked.
// Threads: fixed after compile(); search() from any thread, each with its own workspace.
// Cost:    no allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "src/rules/grok/engine/compiler.hpp"
#include "src/rules/grok/engine/fingerprints.hpp"
#include "src/rules/grok/engine/machine.hpp"
#include "src/rules/grok/engine/match_starts.hpp"
#include "src/rules/grok/engine/padded_text.hpp"

namespace tocsin::rules::grok::engine {

inline constexpr std::size_t kMostTextBytes = std::size_t{128} << 10;
inline constexpr std::int64_t kFuel = 256 * 1024;  // some hundred microseconds

class Program {
 public:
  enum class Outcome : std::uint8_t { kNoMatch, kMatch, kUndecided };

  // `written`: the ASCII text of a translation. Empty: it has something that programs cannot do.
  [[nodiscard]] static std::optional<Program> compile(std::string_view written);

  // The leftmost match that begins at `from` or behind. On kMatch `groups` holds the begin and end
  // of the match and then of each group, kUnset where one took no part. Precondition: `text` is
  // ASCII; `groups` has room for all.
  Outcome search(const PaddedText& text, std::size_t from, std::span<std::size_t> groups,
                 Workspace& workspace) const noexcept;

  [[nodiscard]] std::size_t operation_count() const { return compiled_.tables.operations.size(); }

 private:
  class Search;
  explicit Program(Compiled compiled);

  Compiled compiled_;
  MatchStarts starts_{false};
  bool has_prefixes_ = false;  // then they say where a match may begin
  Fingerprints prefixes_;
  FindFingerprint* find_prefix_ = &best_find_fingerprint();
  RunFunction* run_ = &best_run();
  std::size_t sought_;  // the pivot that is looked for; the number of them: none
  bool seeks_first_ = false;
};

}  // namespace tocsin::rules::grok::engine
