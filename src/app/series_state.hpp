// What a shard knows about a series that some rule concerns.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/app/compiled_rules.hpp"
#include "src/app/feedback.hpp"
#include "src/app/memories.hpp"
#include "src/app/running_window.hpp"
#include "src/app/watch_feedback.hpp"
#include "src/series/series_table.hpp"
#include "src/service/health.hpp"
#include "tocsin/event.hpp"

namespace tocsin::app {

// An anomaly stays open until the value is back in the range that was expected when it began, or
// until it has lasted so long that it is the new normal. Skyline's rules alone see a step for only
// a few points; without this a service would turn green while its customers still wait.
struct OpenAnomaly {
  enum class State : std::uint8_t { kOpen, kRecovered, kNewNormal };

  TimePoint since{};
  double low = 0;   // NaN: no lower bound known
  double high = 0;  // NaN: no upper bound known
  std::string text;
  double peak = 0;  // the value furthest from the range so far
  TimePoint peak_time{};
  double lowest = kUndefined;  // of the values after the first
  double highest = kUndefined;

  // Takes in the next value.
  State follow(double value, TimePoint now) noexcept;
  // "recovered after 12 min; furthest out 912 at 2026-11-21T10:31:20Z".
  // Precondition: `state` is not kOpen.
  [[nodiscard]] std::string farewell(State state, TimePoint now) const;
  // The same for another reason: `why` in place of "recovered".
  [[nodiscard]] std::string farewell(std::string_view why, TimePoint now) const;
  // From the lowest to the highest of the bounds that are known and the values that were reached.
  [[nodiscard]] ValueRange range() const noexcept;

 private:
  [[nodiscard]] double distance(double value) const noexcept;
};

struct WatchState {
  SeriesWatch watch;
  std::string name;
  std::optional<rules::Duration> expect_every;
  service::Health threshold = service::Health::kPassing;
  Memories memories;     // of the detectors that remember the series
  bool no_room = false;  // the account of memories was full when they were wanted
  std::unique_ptr<WatchFeedback> feedback;  // mostly null: nobody has said anything
  std::optional<OpenAnomaly> anomaly;
  std::optional<ValueRange> last_range;  // OpenAnomaly::range of the last that is over
  std::string farewell;                  // of the last anomaly, once it is over
  std::optional<TimePoint> quiet_since;  // when that was
  bool silent = false;                   // longer than `expect` allows
  bool told_open = false;                // the last verdict that was told of was an anomaly
  bool told_withheld = false;            // it was one, of a value that is expected
  TimePoint told{};                      // when the last verdict was told of

  // Precondition: an anomaly is open. `why`: its farewell.
  void end_anomaly(std::string why, TimePoint now);
  // Who expects such a value; null: nobody.
  [[nodiscard]] const Feedback* expecting(double value) const noexcept {
    return feedback == nullptr ? nullptr : feedback->expecting(value);
  }
  // Holds the newest event of the series against the thresholds.
  void hold(const Event& event);
  // Why `threshold` is not passing: "metric 0, critical: metric < 1".
  [[nodiscard]] std::string threshold_text(const rules::Watch& rule, const Event& event) const;
};

// A statistic of a timer or counter that has become a series because a rule asks for it.
struct DerivedSeries {
  std::uint32_t statistic;     // position in the list of statistics; from kEmission on, in `emit`
  series::SeriesIndex series;  // kNoSeries: it has ended, and comes back with its next value
  bool refused = false;        // there was no room for it; tried again when there is
};

// The first number of an emission of a derive rule, among statistics.
inline constexpr std::uint32_t kEmission = 0x8000'0000;

struct SeriesState {
  std::vector<WatchState> watches;
  std::vector<SignalTarget> targets;
  std::optional<query::Predicate> publish;
  std::vector<SeriesForward> forward;
  std::vector<DerivedSeries> derived;
  std::vector<rules::Emission> emit;  // of the derive rule that makes the series
  Event event;                        // identity filled in once; time, metric and state change
  std::string label;                  // for people: service, and host or tags where there are any
  event::Hash128 id;
  series::SeriesIndex parent = series::kNoSeries;  // of a derived series
  TimePoint last_heard{};
  service::Health health = service::Health::kUnknown;  // as last signalled
  std::string reason;
  service::Health event_health = service::Health::kPassing;  // by the state of the last event
  bool event_silent = false;                                 // the last event has expired
  bool heard = false;     // at least one sample or event has come
  bool expected = false;  // some watch expects it to go on speaking
  bool silent = false;    // as last signalled
  bool signalled = false;
  bool waits_to_learn = false;
  std::unique_ptr<RunningWindow> running;  // of a series that is voted on, once it has been
};

}  // namespace tocsin::app
