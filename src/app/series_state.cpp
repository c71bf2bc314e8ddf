#include "src/app/series_state.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "src/app/event_values.hpp"
#include "src/base/duration_words.hpp"
#include "src/event/rfc3339.hpp"

namespace tocsin::app {
namespace {

// An anomaly that has lasted this long is the new normal.
constexpr auto kNewNormal = std::chrono::hours(1);

std::string metric_text(const Metric& metric) {
  char digits[40];
  if (const auto* integer = std::get_if<std::int64_t>(&metric)) {
    return {digits, std::to_chars(digits, digits + sizeof digits, *integer).ptr};
  }
  if (const auto* real = std::get_if<double>(&metric)) {
    return {digits, std::to_chars(digits, digits + sizeof digits, *real).ptr};
  }
  return "none";
}

}  // namespace

// A bound that is not known holds nothing up; without any, one quiet point ends the anomaly.
double OpenAnomaly::distance(double value) const noexcept {
  const double below = std::isnan(low) ? 0 : low - value;
  const double above = std::isnan(high) ? 0 : value - high;
  return std::max({below, above, 0.0});
}

OpenAnomaly::State OpenAnomaly::follow(double value, TimePoint now) noexcept {
  lowest = std::fmin(lowest, value);
  highest = std::fmax(highest, value);
  if (distance(value) > distance(peak)) {
    peak = value;
    peak_time = now;
  }
  if (now - since >= kNewNormal) return State::kNewNormal;
  return distance(value) > 0 ? State::kOpen : State::kRecovered;
}

std::string OpenAnomaly::farewell(State state, TimePoint now) const {
  return farewell(state == State::kRecovered ? "recovered" : "taken for normal", now);
}

std::string OpenAnomaly::farewell(std::string_view why, TimePoint now) const {
  std::string words = std::string(why) + " after " + base::in_words(now - since);
  words += "; furthest out " + metric_text(as_metric(peak)) + " at ";
  event::append_rfc3339(peak_time, words);
  return words;
}

// fmin and fmax take the other number where one is unknown. No end is a bound, so infinity is not
// one either.
ValueRange OpenAnomaly::range() const noexcept {
  const auto known = [](double value) { return std::isfinite(value) ? value : kUndefined; };
  return {std::fmin(known(low), std::fmin(known(lowest), known(peak))),
          std::fmax(known(high), std::fmax(known(highest), known(peak)))};
}

void WatchState::end_anomaly(std::string why, TimePoint now) {
  farewell = std::move(why);
  last_range = anomaly->range();
  quiet_since = now;
  anomaly.reset();
}

void WatchState::hold(const Event& event) {
  threshold = service::Health::kPassing;
  if (!watch.where.matches(event)) return;
  if (watch.critical.matches(event)) {
    threshold = service::Health::kFailing;
  } else if (watch.warning.matches(event)) {
    threshold = service::Health::kDegraded;
  }
}

std::string WatchState::threshold_text(const rules::Watch& rule, const Event& event) const {
  const bool critical = threshold == service::Health::kFailing;
  const auto& condition = critical ? rule.critical : rule.warning;
  return "metric " + metric_text(event.metric) + (critical ? ", critical: " : ", warning: ") +
         condition->text;
}

}  // namespace tocsin::app
