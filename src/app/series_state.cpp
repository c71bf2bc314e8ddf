#include "src/app/series_state.hpp"

#include <charconv>
#include <cmath>

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

bool OpenAnomaly::over(double value, TimePoint now) const noexcept {
  if (now - since >= kNewNormal) return true;
  // A bound that is not known holds nothing up; without any, one quiet point would end it.
  const bool above = std::isnan(low) || value >= low;
  const bool below = std::isnan(high) || value <= high;
  return above && below;
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
