#include "src/rules/grok/explain/candidates.hpp"

#include <cstdint>
#include <utility>

namespace tocsin::rules::grok::explain {

Result<Candidates> Candidates::make(const std::vector<PlacedText>& expressions,
                                    const PatternLibrary& library, const MatcherOptions& options) {
  const Unnamed unnamed = options.named_captures_only ? Unnamed::kDoNotCapture : Unnamed::kCapture;
  Candidates candidates;
  for (const PlacedText& expression : expressions) {
    auto explainer = Explainer::make(expression.text, expression.place, library, unnamed);
    if (!explainer) return explainer.error();
    candidates.all_.push_back(*std::move(explainer));
  }
  return candidates;
}

std::optional<Candidates::Nearest> Candidates::nearest(const Subject& subject) const {
  std::optional<Nearest> nearest;
  std::uint32_t steps = Explainer::kMostSteps;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    // A fair share; what one leaves is for those behind it.
    std::uint32_t share = steps / static_cast<std::uint32_t>(all_.size() - i);
    steps -= share;
    std::optional<Stop> stop = all_[i].explain(subject, share);
    steps += share;
    if (stop && (!nearest || is_nearer(*stop, nearest->stop))) nearest = {i, *std::move(stop)};
  }
  return nearest;
}

std::string Candidates::explain(const Subject& subject) const {
  const auto found = nearest(subject);
  const bool single = all_.size() == 1;
  std::string text = single ? "the pattern does not match"
                            : "none of " + std::to_string(all_.size()) + " patterns matches";
  if (!found) return text;
  if (!single) text += "; number " + std::to_string(found->candidate + 1) + " gets furthest";
  return text + ": " + to_string(found->stop);
}

}  // namespace tocsin::rules::grok::explain
