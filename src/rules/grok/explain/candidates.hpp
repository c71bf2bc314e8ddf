// Candidates: the expressions of which one should have matched a line, and which of them got
// furthest.
// Threads: as Explainer.
// Cost:    as Explainer, kMostSteps for all of them together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "src/rules/grok/explain/explainer.hpp"
#include "src/rules/grok/explain/stop.hpp"
#include "src/rules/grok/matcher.hpp"
#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/subject.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::grok::explain {

class Candidates {
 public:
  // Errors: those of Explainer::make().
  [[nodiscard]] static Result<Candidates> make(const std::vector<PlacedText>& expressions,
                                               const PatternLibrary& library,
                                               const MatcherOptions& options);

  [[nodiscard]] std::size_t size() const { return all_.size(); }

  struct Nearest {
    std::size_t candidate;
    Stop stop;
  };
  // Empty: nothing can be told of any.
  [[nodiscard]] std::optional<Nearest> nearest(const Subject& subject) const;

  // "none of 3 patterns matches; number 2 gets furthest: at byte 88 expected ..., found ...".
  [[nodiscard]] std::string explain(const Subject& subject) const;

 private:
  std::vector<Explainer> all_;
};

}  // namespace tocsin::rules::grok::explain
