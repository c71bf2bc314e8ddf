#include "src/app/watch_feedback.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "src/settings/units.hpp"

namespace tocsin::app {
namespace {

// So many are named in a text; the others are counted.
constexpr std::size_t kMaxNamed = 3;

bool is_noise(const FeedbackPtr& feedback) noexcept {
  return feedback->kind == FeedbackKind::kNoise;
}

// The voters of a watch when `noise` operators have called it noisy.
detect::Ensemble clearer(const detect::Ensemble& ensemble, std::size_t noise) {
  std::vector<detect::Voter> voters(ensemble.detectors().begin(), ensemble.detectors().end());
  const int halvings = static_cast<int>(std::min<std::size_t>(noise, kMaxHalvings));
  for (detect::Voter& voter : voters) {
    if (voter.calibrated) {
      voter.options.false_alarms_per_week =
          std::ldexp(voter.options.false_alarms_per_week, -halvings);
    }
  }
  const std::size_t quorum = std::min(ensemble.quorum() + noise, ensemble.weight());
  auto made = detect::Ensemble::make(std::move(voters), quorum, ensemble.rule());
  assert(made);  // the same voters, and no more needed than there are
  return *std::move(made);
}

// "a", "a, b, c and 2 more" of those that `wanted` chooses.
template <class Wanted>
std::string listed(std::span<const FeedbackPtr> all, Wanted&& wanted) {
  std::string text;
  std::size_t count = 0;
  for (const FeedbackPtr& feedback : all) {
    if (!wanted(feedback) || ++count > kMaxNamed) continue;
    text += (text.empty() ? "" : ", ") + feedback->words();
  }
  if (count > kMaxNamed) text += " and " + std::to_string(count - kMaxNamed) + " more";
  return text;
}

}  // namespace

std::unique_ptr<WatchFeedback> WatchFeedback::make(std::span<const FeedbackPtr> of_series,
                                                   std::string_view watch,
                                                   const detect::Ensemble& ensemble,
                                                   TimePoint now) {
  std::vector<FeedbackPtr> in_force;
  for (const FeedbackPtr& feedback : of_series) {
    if (feedback->watch == watch && feedback->in_force(now)) in_force.push_back(feedback);
  }
  if (in_force.empty()) return nullptr;
  return std::unique_ptr<WatchFeedback>(new WatchFeedback(std::move(in_force), ensemble));
}

WatchFeedback::WatchFeedback(std::vector<FeedbackPtr> in_force, const detect::Ensemble& ensemble)
    : in_force_(std::move(in_force)),
      first_end_(
          (*std::ranges::min_element(in_force_, {}, [](const FeedbackPtr& f) { return f->until; }))
              ->until),
      base_quorum_(ensemble.quorum()) {
  const auto noise = static_cast<std::size_t>(std::ranges::count_if(in_force_, is_noise));
  if (noise > 0) clearer_ = std::make_unique<const Clearer>(clearer(ensemble, noise));
}

std::size_t WatchFeedback::most_noise(const detect::Ensemble& ensemble) {
  const bool halves = std::ranges::any_of(ensemble.detectors(), &detect::Voter::calibrated);
  return std::max<std::size_t>(ensemble.weight() - ensemble.quorum(), halves ? kMaxHalvings : 0);
}

const Feedback* WatchFeedback::expecting(double value) const noexcept {
  for (const FeedbackPtr& feedback : in_force_) {
    if (!is_noise(feedback) && feedback->range.holds(value)) return feedback.get();
  }
  return nullptr;
}

// "7 votes needed", "0.05 false alarms per week": what noise has changed.
std::string WatchFeedback::demands() const {
  std::string text;
  if (clearer_->ensemble.quorum() > base_quorum_) {
    text = std::to_string(clearer_->ensemble.quorum()) + " votes needed";
  }
  const auto voters = clearer_->ensemble.detectors();
  const auto calibrated = std::ranges::find_if(voters, &detect::Voter::calibrated);
  if (calibrated != voters.end()) {
    text += (text.empty() ? "" : " and ") +
            settings::format_real(calibrated->options.false_alarms_per_week) +
            " false alarms allowed per week";
  }
  return text;
}

std::string WatchFeedback::remark() const {
  std::string text;
  for (const FeedbackPtr& feedback : in_force_) {
    if (is_noise(feedback)) continue;
    text += ", beyond " + to_string(feedback->range) + ": " + feedback->words();
    break;  // of several ranges one is enough to know that it is no known one
  }
  if (!clearer_) return text;
  const std::string asked = demands();
  return text + ", " + asked + (asked.empty() ? "" : ": ") + listed(in_force_, is_noise);
}

std::string WatchFeedback::words() const {
  return listed(in_force_, [](const FeedbackPtr&) { return true; });
}

}  // namespace tocsin::app
