#include "src/rules/grok/explain/explainer.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/explain/outline.hpp"
#include "src/rules/grok/explain/source_item.hpp"

namespace tocsin::rules::grok::explain {
namespace {

// As regex.cpp compiles it, without what would skip items.
constexpr std::uint32_t kOptions = PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_NEVER_UCP |
                                   PCRE2_NEVER_BACKSLASH_C | PCRE2_UTF | PCRE2_AUTO_CALLOUT |
                                   PCRE2_NO_START_OPTIMIZE | PCRE2_NO_AUTO_POSSESS;
constexpr std::uint32_t kHeapLimitKib = 4096;
// An item may pass much of a line at once: [a-z]++ does. Then it counts as more than one step.
constexpr std::size_t kBytesOfAStep = 64;
constexpr std::uint32_t kMatchLimit = 10 * Explainer::kMostSteps;

struct Free {
  void operator()(pcre2_code* p) const noexcept { pcre2_code_free(p); }
  void operator()(pcre2_compile_context* p) const noexcept { pcre2_compile_context_free(p); }
  void operator()(pcre2_match_context* p) const noexcept { pcre2_match_context_free(p); }
  void operator()(pcre2_match_data* p) const noexcept { pcre2_match_data_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<pcre2_code> compile_watched(const std::string& text) {
  const Owned<pcre2_compile_context> context(pcre2_compile_context_create(nullptr));
  if (!context) return nullptr;
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_bsr(context.get(), PCRE2_BSR_UNICODE);
  int code = 0;
  PCRE2_SIZE offset = 0;
  return Owned<pcre2_code>(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                         kOptions, &code, &offset, context.get()));
}

// What is seen of one search.
class Watch {
 public:
  Watch(const Outline& outline, std::uint32_t& steps)
      : outline_(outline), steps_(steps), entered_(outline.items().size(), 0) {}

  // 0: go on; else the search ends with that.
  int see(const pcre2_callout_block& block) {
    const std::size_t moved =
        std::max(block.current_position, line_) - std::min(block.current_position, line_);
    line_ = block.current_position;
    const std::size_t cost = 1 + moved / kBytesOfAStep;
    if (steps_ <= cost) {
      steps_ = 0;
      return PCRE2_ERROR_CALLOUT;
    }
    steps_ -= static_cast<std::uint32_t>(cost);
    const std::uint32_t item = outline_.item_at(block.pattern_position);
    if (item == Outline::kNone || outline_.items()[item].inside_assertion) return 0;
    entered_[item] = block.current_position;
    const Outline::Reached here{item, block.current_position};
    if (furthest_.item == Outline::kNone || outline_.is_further(here, furthest_)) {
      furthest_ = here;
      within_.clear();
      for (std::uint32_t group = outline_.items()[item].group; group != Outline::kNone;
           group = outline_.items()[group].group) {
        within_.push_back({group, entered_[group]});
      }
    }
    return 0;
  }

  [[nodiscard]] const Outline::Reached& furthest() const { return furthest_; }
  // The groups around it, innermost first, and where in the line they began.
  [[nodiscard]] const std::vector<Outline::Reached>& within() const { return within_; }

 private:
  const Outline& outline_;
  std::uint32_t& steps_;  // that are left
  std::size_t line_ = 0;  // where in the line the last step was
  Outline::Reached furthest_;
  std::vector<Outline::Reached> within_;
  // By item: where in the line it was last tried. Of a group that is being matched: where it began.
  std::vector<std::size_t> entered_;
};

int call_out(pcre2_callout_block* block, void* watch) {
  return static_cast<Watch*>(watch)->see(*block);
}

std::string in_braces(const std::string& name) {
  return "%{" + name + "}";
}

// The character that an item of one character spells; empty: it is not spelt by itself.
std::string_view literal_of(std::string_view item) {
  if (item.size() > 1 && item.front() == '\\') {
    const char c = item[1];
    const bool is_name = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return is_name ? std::string_view() : item.substr(1);
  }
  return item;
}

}  // namespace

struct Explainer::Watched {
  Watched(Expansion its_expansion, Translation its_translation)
      : expansion(std::move(its_expansion)), translation(std::move(its_translation)) {}

  // Compiled by whoever asks first.
  void compile() {
    std::call_once(once, [this] {
      code = compile_watched(translation.utf);
      outline = std::make_unique<const Outline>(translation.utf);
    });
  }

  // The token whose group begins at that item; empty: it is none's.
  [[nodiscard]] std::string token_at(std::uint32_t item) const {
    const std::size_t written = outline->items()[item].begin;
    if (translation.utf[written] != '(') return {};
    const std::size_t read = translation.read_at(written);
    const auto& spans = expansion.spans();
    const auto span =
        std::lower_bound(spans.begin(), spans.end(), read,
                         [](const Expansion::Span& one, std::size_t at) { return one.begin < at; });
    return span == spans.end() || span->begin != read ? std::string() : in_braces(span->name);
  }

  // What stands at an item that is no token's.
  [[nodiscard]] std::string spelling_of(std::uint32_t item) const {
    const auto& items = outline->items();
    const auto text_of = [&](std::uint32_t at) {
      return source_item(expansion.regex(), translation.read_at(items[at].begin));
    };
    std::string literal;
    for (std::uint32_t at = item;
         at < items.size() && items[at].literal && items[at].group == items[item].group &&
         items[at].branch == items[item].branch && !literal_of(text_of(at)).empty();
         ++at) {
      literal += literal_of(text_of(at));
    }
    if (!literal.empty()) return "'" + literal + "'";
    const std::string_view text = text_of(item);
    if (text == "$") return "the end of the line ($)";
    if (text == "^") return "the start of the line (^)";
    if (text == "\\b") return "a word boundary (\\b)";
    return "/" + std::string(text) + "/";
  }

  [[nodiscard]] Stop stop_of(const Watch& watch, std::string_view line) const {
    const Outline::Reached& furthest = watch.furthest();
    Stop stop;
    stop.offset = furthest.line;
    stop.found = show_found(line, furthest.line);
    stop.passed = outline->passed(furthest.item);
    std::uint32_t expected = furthest.item;
    std::string token = token_at(expected);
    bool untouched = true;
    for (const Outline::Reached& group : watch.within()) {
      const std::string name = token_at(group.item);
      if (name.empty()) continue;
      untouched = untouched && group.line == furthest.line;
      if (untouched) {
        token = name;
        expected = group.item;
      } else {
        if (stop.within.empty()) stop.within_from = group.line;
        stop.within.push_back(name);
      }
    }
    stop.expected = token.empty() ? spelling_of(furthest.item) : token;
    stop.place = expansion.place_of(translation.read_at(outline->items()[expected].begin));
    return stop;
  }

  const Expansion expansion;
  const Translation translation;
  // Written once, by the first who asks.
  std::once_flag once;
  Owned<pcre2_code> code;  // null: PCRE2 refused it
  std::unique_ptr<const Outline> outline;
};

Explainer::Explainer(std::unique_ptr<Watched> watched) noexcept : watched_(std::move(watched)) {}
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer& Explainer::operator=(Explainer&&) noexcept = default;
Explainer::~Explainer() = default;

Result<Explainer> Explainer::make(std::string_view text, const Place& place,
                                  const PatternLibrary& library, Unnamed unnamed) {
  auto expansion = expand(text, place, library, unnamed);
  if (!expansion) return expansion.error();
  auto translation = translate(*expansion);
  if (!translation) return translation.error();
  return Explainer(std::make_unique<Watched>(*std::move(expansion), *std::move(translation)));
}

std::optional<Stop> Explainer::explain(const Subject& subject, std::uint32_t& steps) const {
  watched_->compile();
  if (!watched_->code) return {};
  const Owned<pcre2_match_data> match(pcre2_match_data_create(1, nullptr));
  const Owned<pcre2_match_context> context(pcre2_match_context_create(nullptr));
  if (!match || !context) return {};
  Watch watch(*watched_->outline, steps);
  pcre2_set_callout(context.get(), &call_out, &watch);
  pcre2_set_match_limit(context.get(), kMatchLimit);
  pcre2_set_heap_limit(context.get(), kHeapLimitKib);
  const std::string_view line = subject.text();
  const int found = pcre2_match(watched_->code.get(), reinterpret_cast<PCRE2_SPTR>(line.data()),
                                line.size(), 0, PCRE2_NO_UTF_CHECK, match.get(), context.get());
  if (found >= 0 || watch.furthest().item == Outline::kNone) return {};
  Stop stop = watched_->stop_of(watch, line);
  stop.searched_all = found == PCRE2_ERROR_NOMATCH;
  return stop;
}

}  // namespace tocsin::rules::grok::explain
