// A translated expression, compiled: for lines of ASCII by our own engine (engine/program.hpp),
// which decides nearly all of them, and twice by PCRE2 to machine code, without UTF for the lines
// of ASCII that the engine leaves undecided (and for what it cannot do at all), with UTF for all
// other lines. All three agree.
//
// A search is bounded; the engine by its fuel. PCRE2's match limit counts steps from one start
// offset; it does not bound the number of offsets, nor what a step costs, so a line of 64 KiB could
// take minutes within it. So:
//
//     1. A short line is searched whole, with so few steps per offset that the sum stays below
//        kQuickSteps. Nearly all lines end here.
//     2. In long lines, and lines that broke a limit there, only offsets are tried at which a match
//        may begin (match_starts.hpp): often there are none. They are tried in windows of a few,
//        with few steps from each. While that finds nothing the windows widen, so far that one pass
//        over the rest of the line from each offset costs about a millisecond together, and
//        somewhat farther while windows cost next to nothing.
//     3. A window that breaks the limit shrinks to one offset; an offset that breaks it gets four
//        times as many steps, unless they would cost more than the effort. After each window the
//        clock is read, and past the effort the search gives up.
//
// What stays unbounded is the cost of one step, at most a pass over the line (a lookahead, say):
// step 1 can take so much longer where each step is of that kind.
// "Gave up" is its own outcome, neither match nor no match; each pattern counts how often it did.
// Threads: search() from any number of threads, each with its own scratch memory.
// Cost:    no allocation after a thread's first searches.
// Clock:   the thread's CPU time, read only in 2 and 3; it bounds effort and never enters a result.
// Source:  PCRE2 10.42, pcre2api "match limits", pcre2jit; reference of the grok filter, section 9.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/engine/machine.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/subject.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok {

// CPU time that searches may take, about; see above for what they may exceed it by.
using Effort = std::chrono::microseconds;
inline constexpr Effort kDefaultEffort{1'200};

// Where the groups of a match lie. Valid until the thread's next search.
class Groups {
 public:
  Groups() = default;
  Groups(std::string_view subject, std::span<const std::size_t> offsets)
      : subject_(subject), offsets_(offsets) {}

  // Group 0 is the whole match. Empty: the group took no part.
  [[nodiscard]] std::optional<std::string_view> find(std::size_t group) const {
    if (group >= size() || (*this)[group].data() == nullptr) return {};
    return (*this)[group];
  }
  // The same with data() == nullptr if it took no part. Precondition: below size().
  [[nodiscard]] std::string_view operator[](std::size_t group) const {
    const std::size_t begin = offsets_[2 * group];
    const std::size_t end = offsets_[2 * group + 1];
    // \K may put the end of the whole match before its begin.
    if (begin == engine::kUnset || end < begin) return {};
    return {subject_.data() + begin, end - begin};
  }
  [[nodiscard]] std::size_t size() const { return offsets_.size() / 2; }

 private:
  std::string_view subject_;
  std::span<const std::size_t> offsets_;  // pairs: begin, end
};

class Regex {
 public:
  enum class Outcome : std::uint8_t { kNoMatch, kMatch, kGaveUp };
  enum class Twin : std::uint8_t { kAscii, kUtf };

  // Errors: kSyntax or kLimit (64 KiB when compiled, nesting) with PCRE2's words, at the place in
  //         `source`.
  [[nodiscard]] static Result<Regex> compile(const Translation& translation,
                                             const Expansion& source);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  // The first match anywhere in `subject`. On kMatch `groups` has them all. What the search takes
  // of `effort` is subtracted; nothing when the line ended in step 1.
  Outcome search(const Subject& subject, Effort& effort, Groups& groups) const noexcept;

  // The first match that begins at byte `from` or behind it; what is before it is looked at, not
  // matched. Precondition: a character begins or the text ends there.
  Outcome search_from(const Subject& subject, std::size_t from, Effort& effort,
                      Groups& groups) const noexcept;

  // The same as search() by PCRE2 alone. Precondition: kUtf, or the subject is ASCII.
  Outcome search(const Subject& subject, Twin twin, Effort& effort, Groups& groups) const noexcept;

  // A literal that every match holds, in any text; the rarest of them. Empty: none is known.
  [[nodiscard]] const std::string& literal() const noexcept;
  // Whether the engine can do it.
  [[nodiscard]] bool has_program() const noexcept;
  [[nodiscard]] std::size_t group_count() const noexcept;  // without group 0
  [[nodiscard]] std::uint64_t give_ups() const noexcept;

 private:
  Outcome search_with_pcre2(const Subject& subject, Twin twin, std::size_t from, Effort& effort,
                            Groups& groups) const noexcept;

  struct Compiled;
  explicit Regex(std::unique_ptr<Compiled> compiled) noexcept;

  std::unique_ptr<Compiled> compiled_;
};

}  // namespace tocsin::rules::grok
