// Explainer: finds out how far a grok expression gets on a line that it does not match.
//
//     "%{IP:client} %{WORD:verb} %{INT:status}"  on  "10.0.0.1 GET x"
//       at byte 13 expected %{INT:status}, found 'x'
//
// The idea: PCRE2 searches once more, and calls back before each item of the expression. Remembered
// is the state that is furthest on in the expression (outline.hpp says what that means), and of
// several such the first. Not what is furthest on in the line: behind .* everything waits at its
// end. So `%{GREEDYDATA:text} status=%{INT:n}` on "all well status=?" is told as a wrong %{INT:n}
// at byte 16. What is expected there is the outermost token of which nothing has matched yet, else
// the item.
// Rejected: trying ever longer prefixes of the expression. Each is one more expression to compile,
// a few hundred for COMBINEDAPACHELOG with all that is within it.
//
// Threads: any; what is compiled is compiled by the first explain().
// Cost:    slow, meant for samples: about a millisecond to compile, then up to kMostSteps steps of
//          PCRE2's interpreter, some milliseconds; nothing is compiled where nothing ever fails.
// Source:  PCRE2 10.42, pcre2callout, PCRE2_AUTO_CALLOUT.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "src/rules/grok/expansion.hpp"
#include "src/rules/grok/explain/stop.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/place.hpp"
#include "src/rules/grok/subject.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok::explain {

class Explainer {
 public:
  // That explaining a line may take; beyond, the search ends and what was found until then counts.
  static constexpr std::uint32_t kMostSteps = 100'000;

  // `text` and `place` as for Expression::compile(). Errors: its, but those of PCRE2.
  [[nodiscard]] static Result<Explainer> make(std::string_view text, const Place& place,
                                              const PatternLibrary& library, Unnamed unnamed);
  Explainer(Explainer&&) noexcept;
  Explainer& operator=(Explainer&&) noexcept;
  ~Explainer();

  // `steps`: that the search may take; those that it takes are subtracted. Empty: it matches, or
  // the expression is too large to be watched.
  [[nodiscard]] std::optional<Stop> explain(const Subject& subject, std::uint32_t& steps) const;

 private:
  struct Watched;
  explicit Explainer(std::unique_ptr<Watched> watched) noexcept;

  std::unique_ptr<Watched> watched_;
};

}  // namespace tocsin::rules::grok::explain
