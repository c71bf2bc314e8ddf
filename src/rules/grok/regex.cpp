#include "src/rules/grok/regex.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "src/rules/grok/engine/follow.hpp"
#include "src/rules/grok/engine/machine.hpp"
#include "src/rules/grok/engine/mandatory_literals.hpp"
#include "src/rules/grok/engine/match_starts.hpp"
#include "src/rules/grok/engine/program.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok {
namespace {

static_assert(sizeof(PCRE2_SIZE) == sizeof(std::size_t));
static_assert(PCRE2_UNSET == engine::kUnset);

constexpr std::uint32_t kHeapLimitKib = 4096;  // of the interpreter, where there is no machine code
constexpr std::size_t kJitStackStartBytes = 32U * 1024;
constexpr std::size_t kJitStackMostBytes = 1024U * 1024;
constexpr std::uint32_t kMostNestedGroups = 1000;

constexpr std::size_t kShortLine_bytes = 1024;
constexpr std::uint32_t kQuickSteps = 1U << 18;             // of a whole short line
constexpr std::size_t kWindowBytes = std::size_t{1} << 20;  // offsets times line length
constexpr std::chrono::microseconds kCheapWindow{10};
constexpr std::size_t kMostWidening = 8;          // of a window after cheap ones
constexpr std::size_t kCheapBytesPerOffset = 64;  // to be passed before a window may be widened
constexpr std::uint32_t kFirstSteps = 16;         // from an offset of a long line, at first
constexpr std::uint32_t kStepsGrowth = 4;
constexpr std::uint32_t kWindowSteps = 1U << 16;  // of all offsets of a window
constexpr std::uint32_t kOffsetSteps = 1U << 16;  // from one offset, at the default effort

constexpr std::uint32_t kBothOptions = PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_NEVER_UCP |
                                       PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
constexpr std::uint32_t kAsciiOptions = kBothOptions | PCRE2_NEVER_UTF;
constexpr std::uint32_t kUtfOptions = kBothOptions | PCRE2_UTF;

struct Free {
  void operator()(pcre2_code* p) const noexcept { pcre2_code_free(p); }
  void operator()(pcre2_compile_context* p) const noexcept { pcre2_compile_context_free(p); }
  void operator()(pcre2_match_context* p) const noexcept { pcre2_match_context_free(p); }
  void operator()(pcre2_match_data* p) const noexcept { pcre2_match_data_free(p); }
  void operator()(pcre2_jit_stack* p) const noexcept { pcre2_jit_stack_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// What PCRE2 writes to while it searches: one for each thread, shared by all its patterns.
struct Scratch {
  Owned<pcre2_match_data> match;
  std::uint32_t match_pairs = 0;
  Owned<pcre2_jit_stack> stack{
      pcre2_jit_stack_create(kJitStackStartBytes, kJitStackMostBytes, nullptr)};
  Owned<pcre2_match_context> context{pcre2_match_context_create(nullptr)};
  engine::Workspace workspace;
  std::vector<std::size_t> groups;  // of the engine

  Scratch() {
    if (!context) return;
    // Without a stack PCRE2 uses 32 KiB of its own.
    pcre2_jit_stack_assign(context.get(), nullptr, stack.get());
    pcre2_set_heap_limit(context.get(), kHeapLimitKib);
  }

  // Room for `pairs` of offsets; false: no memory.
  bool reserve(std::uint32_t pairs) noexcept {
    if (match_pairs < pairs) {
      match.reset(pcre2_match_data_create(pairs, nullptr));
      match_pairs = match ? pairs : 0;
    }
    return match && context;
  }
};

Scratch& scratch() noexcept {
  thread_local Scratch mine;
  return mine;
}

// How much of its effort a search has used. The wall clock is cheap and never behind CPU time, so
// the CPU clock, a system call, is only read when the wall clock says that time may be up.
class Stopwatch {
 public:
  explicit Stopwatch(Effort effort) noexcept : effort_(effort) {}

  // Wall time since the last call, or since the beginning.
  std::chrono::nanoseconds lap() noexcept {
    const auto before = std::exchange(lap_, now(CLOCK_MONOTONIC));
    return lap_ - before;
  }

  // By the end of the last lap.
  [[nodiscard]] bool is_over() const noexcept {
    return lap_ - wall_ >= effort_ && used() >= effort_;
  }

  [[nodiscard]] std::chrono::nanoseconds used() const noexcept {
    return now(CLOCK_THREAD_CPUTIME_ID) - cpu_;
  }

 private:
  static std::chrono::nanoseconds now(clockid_t clock) noexcept {
    timespec time{};
    ::clock_gettime(clock, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  const std::chrono::nanoseconds effort_;
  const std::chrono::nanoseconds wall_ = now(CLOCK_MONOTONIC);
  const std::chrono::nanoseconds cpu_ = now(CLOCK_THREAD_CPUTIME_ID);
  std::chrono::nanoseconds lap_ = wall_;
};

std::uint32_t info_of(const pcre2_code& code, std::uint32_t what) {
  std::uint32_t number = 0;
  pcre2_pattern_info(&code, what, &number);
  return number;
}

// What PCRE2 knows of its code. A letter may stand for both of its cases: it does not say which.
engine::MatchStarts describe_starts(const pcre2_code& code, bool utf) {
  engine::MatchStarts starts(utf);
  const std::uint8_t* bitmap = nullptr;
  pcre2_pattern_info(&code, PCRE2_INFO_FIRSTBITMAP, &bitmap);
  const std::uint32_t first = info_of(code, PCRE2_INFO_FIRSTCODETYPE);
  engine::MatchStarts::Bytes bytes{};
  if ((info_of(code, PCRE2_INFO_ALLOPTIONS) & PCRE2_ANCHORED) != 0) {
    starts.only_at_text_start();
  } else if (first == 2) {
    starts.only_at_line_starts();
  } else if (first == 1) {
    const auto byte = static_cast<char>(info_of(code, PCRE2_INFO_FIRSTCODEUNIT));
    for (const char letter : engine::MatchStarts::both_cases(byte))
      bytes[static_cast<unsigned char>(letter)] = true;
    starts.only_before(bytes);
  } else if (bitmap != nullptr) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = (bitmap[i / 8] >> i % 8 & 1) != 0;
    starts.only_before(bytes);
  }
  if (info_of(code, PCRE2_INFO_LASTCODETYPE) == 1) {
    starts.require(static_cast<char>(info_of(code, PCRE2_INFO_LASTCODEUNIT)));
  }
  return starts;
}

// One twin, and where its matches may begin.
struct Code {
  Code(Owned<pcre2_code> compiled, bool utf)
      : code(std::move(compiled)), starts(describe_starts(*code, utf)) {}

  Owned<pcre2_code> code;
  engine::MatchStarts starts;
};

// One subject, searched piece by piece.
class Search {
 public:
  // For matches that begin at `from` or behind.
  Search(const Code& code, std::string_view text, std::size_t from, Scratch& scratch) noexcept
      : code_(*code.code), starts_(code.starts), text_(text), from_(from), scratch_(scratch) {}

  // PCRE2's answer: positive for a match, PCRE2_ERROR_NOMATCH, or a limit.
  int run(Effort& effort) const noexcept {
    if (text_.size() <= kShortLine_bytes) {
      const auto offsets = static_cast<std::uint32_t>(text_.size() + 1);
      const int found = match(from_, PCRE2_UNSET, kQuickSteps / offsets);
      if (found != PCRE2_ERROR_MATCHLIMIT) return found;
    }
    const std::size_t last = starts_.last(text_);
    const std::size_t first = first_start(last);
    if (first == engine::MatchStarts::kNone) return PCRE2_ERROR_NOMATCH;
    Stopwatch stopwatch(effort);
    const int found = run_in_windows(first, last, stopwatch, effort);
    const auto used = std::chrono::duration_cast<Effort>(stopwatch.used());
    effort -= std::min(effort, used);
    return found;
  }

 private:
  // Offsets at which a match may begin: from `first` to `last`, and the next one.
  struct Window {
    std::size_t first;
    std::size_t last;
    std::size_t next;
  };

  int run_in_windows(std::size_t begin, std::size_t last, Stopwatch& stopwatch,
                     Effort effort) const noexcept {
    const std::uint32_t most_steps = most_steps_for(effort);
    std::size_t width = 1;
    std::uint32_t steps = kFirstSteps;
    // Invariant: no match begins before `begin`; one may begin there.
    while (begin != engine::MatchStarts::kNone) {
      const bool single = width == 1;
      const Window window = window_from(begin, width, last);
      const auto before = single ? stopwatch.used() : std::chrono::nanoseconds(0);
      const int found = match(window.first, window.last, steps);
      const auto lap = stopwatch.lap();
      if (found != PCRE2_ERROR_NOMATCH && found != PCRE2_ERROR_MATCHLIMIT) return found;
      if (found == PCRE2_ERROR_NOMATCH) {
        begin = window.next;
        const std::size_t most =
            std::min<std::size_t>(most_offsets(window, lap), kWindowSteps / steps);
        width = std::clamp<std::size_t>(most, 1, 2 * width);
      } else if (!single) {
        width = 1;
      } else {
        const auto now = stopwatch.used();
        const auto with_next = now + kStepsGrowth * (now - before);
        if (steps >= most_steps || with_next > effort + effort / 2) return PCRE2_ERROR_MATCHLIMIT;
        steps *= kStepsGrowth;
      }
      if (begin != engine::MatchStarts::kNone && stopwatch.is_over()) return PCRE2_ERROR_MATCHLIMIT;
    }
    return PCRE2_ERROR_NOMATCH;
  }

  // `width` of them at most. Precondition: `begin` is one.
  Window window_from(std::size_t begin, std::size_t width, std::size_t last) const noexcept {
    Window window{begin, begin, next_start(begin + 1, last)};
    while (--width > 0 && window.next != engine::MatchStarts::kNone) {
      window.last = window.next;
      window.next = next_start(window.last + 1, last);
    }
    return window;
  }

  // How wide the next window may be. What is dear may begin anywhere, so a window is widened beyond
  // what it may cost at worst only in small proportion to what was cheap before it.
  std::size_t most_offsets(const Window& passed, std::chrono::nanoseconds lap) const noexcept {
    const std::size_t safe = std::max<std::size_t>(kWindowBytes / (text_.size() + 1), 1);
    if (lap > kCheapWindow) return safe;
    return std::clamp(passed.last / kCheapBytesPerOffset, safe, kMostWidening * safe);
  }

  // kNone: none up to `last`, which may be kNone too.
  std::size_t next_start(std::size_t from, std::size_t last) const noexcept {
    if (last == engine::MatchStarts::kNone) return last;
    const std::size_t next = starts_.next(text_, from);
    return next <= last ? next : engine::MatchStarts::kNone;
  }

  std::size_t first_start(std::size_t last) const noexcept {
    const std::size_t first = starts_.first(text_, from_);
    return last != engine::MatchStarts::kNone && first <= last ? first : engine::MatchStarts::kNone;
  }

  static std::uint32_t most_steps_for(Effort effort) noexcept {
    const auto scale = std::clamp<std::int64_t>(effort / kDefaultEffort, 1,
                                                0xFFFF'FFFF / kStepsGrowth / kOffsetSteps);
    return static_cast<std::uint32_t>(kOffsetSteps * scale);
  }

  // Matches that begin from `first` to `last`.
  int match(std::size_t first, std::size_t last, std::uint32_t steps) const noexcept {
    pcre2_set_match_limit(scratch_.context.get(), steps);
    pcre2_set_offset_limit(scratch_.context.get(), last);
    return pcre2_match(&code_, reinterpret_cast<PCRE2_SPTR>(text_.data()), text_.size(), first,
                       PCRE2_NO_UTF_CHECK, scratch_.match.get(), scratch_.context.get());
  }

  const pcre2_code& code_;
  const engine::MatchStarts& starts_;
  const std::string_view text_;
  const std::size_t from_;
  Scratch& scratch_;
};

bool is_limit(int code) {
  return code == PCRE2_ERROR_PATTERN_TOO_LARGE || code == PCRE2_ERROR_PATTERN_TOO_COMPLICATED ||
         code == PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP ||
         code == PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED || code == PCRE2_ERROR_TOO_MANY_CAPTURES;
}

Error complaint(int code, const Place& place) {
  if (code == PCRE2_ERROR_PATTERN_TOO_LARGE) {
    return Error{Errc::kLimit, place.text(),
                 "found an expression that takes more than 64 KiB once compiled, which is PCRE2's "
                 "limit, expected a shorter one or fewer counted repeats x{n,m}"};
  }
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return Error{is_limit(code) ? Errc::kLimit : Errc::kSyntax, place.text(),
               "found an expression that PCRE2 refuses: " +
                   std::string(reinterpret_cast<const char*>(text.data()))};
}

// Whether an atomic group may match nothing. Before such a group PCRE2 10.42 makes repeats
// possessive that must give back: it finds no match for "d+(?>(?:ef)?)d" in "dd".
bool has_empty_atomic(const engine::Node& node) {
  using Kind = engine::Node::Kind;
  const bool possessive = node.kind == Kind::kRepeat &&
                          node.greed == engine::Node::Greed::kPossessive &&
                          node.children.front()->kind != Kind::kSet;
  if ((possessive || node.kind == Kind::kAtomic) && engine::is_nullable(node)) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [](const engine::Node* child) { return has_empty_atomic(*child); });
}

// To be added to both twins'.
std::uint32_t options_for(const Translation& translation) {
  const auto tree = engine::SyntaxTree::read(translation.ascii, engine::Encoding::kAscii);
  return !tree || has_empty_atomic(tree->root()) ? PCRE2_NO_AUTO_POSSESS : 0;
}

// Of the text for UTF: what its matches hold those on ASCII hold too, and not the other way round.
std::string literal_of(const Translation& translation) {
  const auto tree = engine::SyntaxTree::read(translation.utf, engine::Encoding::kUtf);
  return tree ? engine::rarest_literal(tree->root()) : std::string();
}

}  // namespace

struct Regex::Compiled {
  Compiled(Code of_ascii, Code of_utf, const Translation& translation)
      : ascii(std::move(of_ascii)),
        utf(std::move(of_utf)),
        program(engine::Program::compile(translation.ascii)),
        literal(literal_of(translation)),
        pairs(static_cast<std::uint32_t>(translation.groups.size()) + 1) {}

  // Fixed after construction.
  Code ascii;
  Code utf;
  std::optional<engine::Program> program;  // for ASCII too
  std::string literal;
  std::uint32_t pairs;
  // Written by every searching thread, read by whoever reports. Relaxed: a statistic that orders
  // nothing; shared because giving up is rare and dear anyway.
  std::atomic<std::uint64_t> give_ups{0};
};

Regex::Regex(std::unique_ptr<Compiled> compiled) noexcept : compiled_(std::move(compiled)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

Result<Regex> Regex::compile(const Translation& translation, const Expansion& source) {
  const Owned<pcre2_compile_context> context(pcre2_compile_context_create(nullptr));
  if (!context) return Error{Errc::kLimit, {}, "no memory for a regular expression"};
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_bsr(context.get(), PCRE2_BSR_UNICODE);
  pcre2_set_parens_nest_limit(context.get(), kMostNestedGroups);
  int code = 0;
  PCRE2_SIZE offset = 0;
  const auto compile_one = [&](const std::string& text, std::uint32_t options) {
    Owned<pcre2_code> one(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                        options, &code, &offset, context.get()));
    // A refusal is no fault: the search then interprets, slower and with the same outcome.
    if (one) (void)pcre2_jit_compile(one.get(), PCRE2_JIT_COMPLETE);
    return one;
  };
  const std::uint32_t more = options_for(translation);
  Owned<pcre2_code> utf = compile_one(translation.utf, kUtfOptions | more);
  if (!utf) return complaint(code, source.place_of(translation.read_at(offset)));
  Owned<pcre2_code> ascii = compile_one(translation.ascii, kAsciiOptions | more);
  if (!ascii) return complaint(code, source.place_of(0));
  return Regex(std::make_unique<Compiled>(Code(std::move(ascii), false), Code(std::move(utf), true),
                                          translation));
}

Regex::Outcome Regex::search(const Subject& subject, Effort& effort,
                             Groups& groups) const noexcept {
  return search_from(subject, 0, effort, groups);
}

Regex::Outcome Regex::search_from(const Subject& subject, std::size_t from, Effort& effort,
                                  Groups& groups) const noexcept {
  assert(from <= subject.text().size());
  if (!subject.is_ascii()) return search_with_pcre2(subject, Twin::kUtf, from, effort, groups);
  if (compiled_->program) {
    Scratch& mine = scratch();
    const std::size_t size = std::size_t{2} * compiled_->pairs;
    if (mine.groups.size() < size) mine.groups.resize(size);
    const std::span<std::size_t> offsets(mine.groups.data(), size);
    const auto outcome =
        compiled_->program->search(subject.padded(), from, offsets, mine.workspace);
    if (outcome == engine::Program::Outcome::kNoMatch) return Outcome::kNoMatch;
    if (outcome == engine::Program::Outcome::kMatch) {
      groups = Groups(subject.text(), offsets);
      return Outcome::kMatch;
    }
  }
  return search_with_pcre2(subject, Twin::kAscii, from, effort, groups);
}

Regex::Outcome Regex::search(const Subject& subject, Twin twin, Effort& effort,
                             Groups& groups) const noexcept {
  return search_with_pcre2(subject, twin, 0, effort, groups);
}

Regex::Outcome Regex::search_with_pcre2(const Subject& subject, Twin twin, std::size_t from,
                                        Effort& effort, Groups& groups) const noexcept {
  assert(twin == Twin::kUtf || subject.is_ascii());
  Scratch& mine = scratch();
  const Code& code = twin == Twin::kAscii ? compiled_->ascii : compiled_->utf;
  const int found = mine.reserve(compiled_->pairs)
                        ? Search(code, subject.text(), from, mine).run(effort)
                        : PCRE2_ERROR_NOMEMORY;
  if (found > 0) {
    groups = Groups(subject.text(), {pcre2_get_ovector_pointer(mine.match.get()),
                                     std::size_t{2} * compiled_->pairs});
    return Outcome::kMatch;
  }
  if (found == PCRE2_ERROR_NOMATCH) return Outcome::kNoMatch;
  compiled_->give_ups.fetch_add(1, std::memory_order_relaxed);
  return Outcome::kGaveUp;
}

const std::string& Regex::literal() const noexcept {
  return compiled_->literal;
}

bool Regex::has_program() const noexcept {
  return compiled_->program.has_value();
}

std::size_t Regex::group_count() const noexcept {
  return compiled_->pairs - 1;
}

std::uint64_t Regex::give_ups() const noexcept {
  return compiled_->give_ups.load(std::memory_order_relaxed);
}

}  // namespace tocsin::rules::grok
