#include "src/app/verdict_report.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "src/app/event_values.hpp"
#include "src/app/series_event.hpp"
#include "src/event/event_access.hpp"

namespace tocsin::app {
namespace {

constexpr const char* kTag = "verdict";

std::optional<double> known(double bound) {
  return std::isfinite(bound) ? std::optional<double>(bound) : std::nullopt;
}

}  // namespace

Event VerdictReport::event() const {
  const Event& of = state.event;
  Event event = event_of(Identity{SeriesKind::kEvent, of.host, of.service, of.tags, {}});
  event.tags.insert(std::lower_bound(event.tags.begin(), event.tags.end(), kTag), kTag);
  event.time = of.time;
  event.metric = of.metric;
  event.state = open ? state::kCritical : state::kOk;
  event.description = text;
  std::string voters;
  for (std::size_t i = 0; i < verdict.size; ++i) {
    if (!verdict.votes[i].fired) continue;
    voters += (voters.empty() ? "" : ",") + std::string(ensemble.detectors()[i].name);
  }
  set_attribute(event, "type", "verdict");
  set_attribute(event, "voters", std::move(voters));
  set_attribute(event, "watch", watch.name);
  if (watch.feedback) set_attribute(event, "feedback", feedback_in_force());
  return event;
}

Identity VerdictReport::fill(publish::VerdictRecord& record) const {
  const Event& of = state.event;
  record.id = state.id;
  record.time = of.time;
  record.anomalous = open;
  record.value = verdict.value;
  record.expected_low = known(verdict.expected_low);
  record.expected_high = known(verdict.expected_high);
  record.text = text;
  return {SeriesKind::kEvent, of.host, of.service, of.tags, of.attributes};
}

std::vector<publish::DetectorVote> VerdictReport::votes_of_all() const {
  std::vector<publish::DetectorVote> votes;
  for (std::size_t i = 0; i < verdict.size; ++i) {
    const Vote& vote = verdict.votes[i];
    votes.push_back({ensemble.detectors()[i].name,
                     vote.abstained ? std::nullopt : std::optional<bool>(vote.fired)});
  }
  return votes;
}

std::string VerdictReport::feedback_in_force() const {
  return watch.feedback ? watch.feedback->words() : std::string();
}

std::string explanation(const detect::Ensemble& ensemble, const detect::Verdict& verdict,
                        const Memories& memories) {
  std::string reasons = memories.reasons();
  if (reasons.empty()) return verdict.explanation();
  if (ensemble.detectors().size() == 1) return reasons;
  return verdict.explanation() + "; " + reasons;
}

}  // namespace tocsin::app
