#include "src/rules/grok/engine/program.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "src/rules/grok/engine/byte_frequency.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;
// Attempts before pivots are looked at, where few places are to be tried.
constexpr int kPatience = 4;
constexpr unsigned kRareByte = 8;     // frequency_of() one that is found at once or not at all
constexpr double kSoughtBelow = 3e6;  // expected_count() of a literal worth to be looked for first

}  // namespace

// One search of one text.
class Program::Search {
 public:
  Search(const Program& program, const PaddedText& text, std::size_t from,
         std::span<std::size_t> groups, Workspace& workspace)
      : program_(program),
        compiled_(program.compiled_),
        padded_(text),
        text_(text.text()),
        from_(from),
        groups_(groups),
        workspace_(workspace) {
    workspace_.fuel = kFuel;
    for (Workspace::Reached& reached : workspace_.reached) reached.count = 0;
  }

  Outcome run() {
    if (text_.size() > kMostTextBytes) return Outcome::kUndecided;
    if (program_.seeks_first_ && lacks_literal()) return Outcome::kNoMatch;
    std::fill(groups_.begin(), groups_.end(), kUnset);
    const int patience = program_.has_prefixes_ ? kPatience : 1;
    int attempts = 0;
    for (std::size_t at = first_start(); at != MatchStarts::kNone;) {
      const Run run = run_from(compiled_.start, at);
      if (run == Run::kMatched) return Outcome::kMatch;
      if (attempts == 0 && !program_.seeks_first_ && lacks_literal()) return Outcome::kNoMatch;
      if (run == Run::kOutOfFuel) return Outcome::kUndecided;
      at = next_start(at + 1);
      if (++attempts == patience && at != MatchStarts::kNone && is_hopeless()) {
        return Outcome::kNoMatch;
      }
      if (workspace_.fuel < 0) return Outcome::kUndecided;
    }
    return Outcome::kNoMatch;
  }

 private:
  // Whether what every match holds is not there.
  bool lacks_literal() const {
    return program_.sought_ < compiled_.pivots.size() &&
           find(compiled_.pivots[program_.sought_], from_) == kNowhere;
  }

  // After an attempt that failed: whether all others must, too.
  bool is_hopeless() {
    for (std::size_t pivot = 0; pivot < compiled_.pivots.size(); ++pivot) {
      if (is_exhausted(pivot, [](std::size_t) { return false; })) return true;
    }
    for (std::size_t pivot = compiled_.pivots.size(); pivot-- > 0;) {
      if (is_exhausted(pivot, [&](std::size_t end) { return rest_fails(pivot, end); })) return true;
    }
    return false;
  }

  // Whether nothing behind a pivot matches, wherever it stands. `fails` says so of a place that no
  // attempt reached.
  template <class Fails>
  bool is_exhausted(std::size_t pivot, Fails fails) {
    const Pivot& sought = compiled_.pivots[pivot];
    std::size_t count = 0;
    for (std::size_t at = find(sought, from_); at != kNowhere; at = find(sought, at + 1)) {
      if (++count > Workspace::kMostReached) return false;
      const std::size_t end = at + sought.literal.size();
      if (!was_reached(workspace_.reached[pivot], end) && !fails(end)) return false;
    }
    return true;
  }

  static bool was_reached(const Workspace::Reached& reached, std::size_t end) {
    const std::size_t count = std::min<std::size_t>(reached.count, Workspace::kMostReached);
    const auto last = reached.at.begin() + static_cast<std::ptrdiff_t>(count);
    return std::find(reached.at.begin(), last, end) != last;
  }

  bool rest_fails(std::size_t pivot, std::size_t end) {
    const std::array<Workspace::Reached, kMostPivots> before = workspace_.reached;
    const Run run = run_from(compiled_.pivots[pivot].rest, end);
    if (run == Run::kFailed) return true;
    workspace_.reached = before;  // what was reached on the way does not fail
    std::fill(groups_.begin(), groups_.end(), kUnset);
    return false;
  }

  // With prefixes too, most lines match from their first byte on if they match at all: a try there
  // costs less than to look for the prefixes.
  std::size_t first_start() const {
    if (!program_.has_prefixes_) return program_.starts_.first(text_, from_);
    return compiled_.first.first[padded_.bytes()[from_]] ? from_ : next_start(from_);
  }

  std::size_t next_start(std::size_t from) const {
    if (!program_.has_prefixes_) return program_.starts_.next(text_, from);
    if (from > text_.size()) return MatchStarts::kNone;
    return program_.find_prefix_(program_.prefixes_, padded_, from).at;
  }

  Run run_from(std::uint32_t start, std::size_t at) {
    return program_.run_(compiled_.tables, start, padded_, at, groups_, workspace_);
  }

  // Where the literal of a pivot stands, from `from` on.
  std::size_t find(const Pivot& pivot, std::size_t from) const {
    const char* const text = text_.data();
    const char rarest = pivot.literal[pivot.rarest];
    for (std::size_t at = from + pivot.rarest; at < text_.size(); ++at) {
      const void* const found = std::memchr(text + at, rarest, text_.size() - at);
      if (found == nullptr) break;
      at = static_cast<std::size_t>(static_cast<const char*>(found) - text);
      // At worst within the padding.
      const std::size_t begin = at - pivot.rarest;
      if (std::memcmp(text + begin, pivot.literal.data(), pivot.literal.size()) == 0) return begin;
    }
    return kNowhere;
  }

  const Program& program_;
  const Compiled& compiled_;
  const PaddedText& padded_;
  const std::string_view text_;
  const std::size_t from_;
  const std::span<std::size_t> groups_;
  Workspace& workspace_;
};

Program::Program(Compiled compiled) : compiled_(std::move(compiled)) {
  if (compiled_.begin == Begin::kTextStart) {
    starts_.only_at_text_start();
  } else if (compiled_.begin == Begin::kLineStarts) {
    starts_.only_at_line_starts();
  } else if (!compiled_.first.first[kEndOfText]) {
    MatchStarts::Bytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = compiled_.first.first[i];
    starts_.only_before(bytes);
  }
  has_prefixes_ = compiled_.begin == Begin::kAnywhere && !compiled_.prefixes.empty();
  for (std::size_t i = 0; has_prefixes_ && i < compiled_.prefixes.size(); ++i) {
    prefixes_.add(i, compiled_.prefixes[i]);
  }
  const auto rarest = std::min_element(
      compiled_.pivots.begin(), compiled_.pivots.end(), [](const Pivot& a, const Pivot& b) {
        return expected_count(a.literal) < expected_count(b.literal);
      });
  sought_ = static_cast<std::size_t>(rarest - compiled_.pivots.begin());
  if (rarest != compiled_.pivots.end() && expected_count(rarest->literal) > kSoughtBelow) {
    sought_ = compiled_.pivots.size();
  }
  seeks_first_ = sought_ < compiled_.pivots.size() &&
                 frequency_of(rarest->literal[rarest->rarest]) <= kRareByte;
}

std::optional<Program> Program::compile(std::string_view written) {
  auto tree = SyntaxTree::read(written, Encoding::kAscii);
  if (!tree) return {};
  auto compiled = engine::compile(*tree);
  if (!compiled) return {};
  return Program(*std::move(compiled));
}

Program::Outcome Program::search(const PaddedText& text, std::size_t from,
                                 std::span<std::size_t> groups,
                                 Workspace& workspace) const noexcept {
  return Search(*this, text, from, groups, workspace).run();
}

}  // namespace tocsin::rules::grok::engine
