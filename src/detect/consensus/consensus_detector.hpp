// The default detector of every series: ensemble A, eighteen small members that vote.
// The idea: one channel asks whether a point is beyond anything seen (Novelty, fourteen envelopes),
// the other how rare it is for this series (Rarity, four tails). Neither assumes a distribution,
// and both measure the series by its own history, so one threshold serves all series.
//   S = novelty + .04 rarity;  notices when S >= .166
// One such point is little: noise of any law breaks some record each week. So it fires where, by the
// series' own past, what was seen is rarer than an operator wants false alarms:
//   excursions so far, expected a week (lasting_change.hpp) <= weight * false_alarms_per_week
//     weight: 3 within 72 points of one that was noticed, as few excursions coincide with one by
//             chance; .1 otherwise, where the ensemble does not agree
//   or, for a single point that is noticed, so high a surprise of two of its tails, expected a week,
//     <= false_alarms_per_week
//   or, while an incident is open, each point that is noticed
// Input:   points; rows at the same distance are best, gaps and jitter are borne: what belongs to a
//          time of day goes by the clock, what belongs to recent rows is dropped after a gap of
//          twelve. Beyond +-1e21 a value is taken as that.
// Output:  votes: statistic S, threshold .166; abstained for the first 51 points. `noticed` does not
//          depend on the options. The expected range is the middle one of the records, the same hours
//          and the forecast. expected_* are kUndefined while it abstains.
// Cost:    1,700 instructions a point, by part in bench/results/detection.md; one allocation in all,
//          when the step is known.
// Source:  ensemble A of our measurements of consensus detection, NAB's open half: 76.0 there; false
//          alarms: bench/results/detection.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/detect/consensus/day_ring.hpp"
#include "src/detect/consensus/hour_profile.hpp"
#include "src/detect/consensus/lasting_change.hpp"
#include "src/detect/consensus/novelty.hpp"
#include "src/detect/consensus/open_incident.hpp"
#include "src/detect/consensus/rarity.hpp"
#include "src/detect/consensus/row_step.hpp"
#include "src/detect/consensus/value_scale.hpp"
#include "src/detect/memory/clock_of_day.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect::consensus {

class ConsensusDetector final : public StreamDetector {
 public:
  static constexpr double kThreshold = 0.166;

  ConsensusDetector() = default;
  explicit ConsensusDetector(const StreamDetectorOptions& options) : options_(options) {}

  Vote update(const Point& point) override;
  [[nodiscard]] std::string reason() const override;
  void save(std::string& out) const override;
  [[nodiscard]] Result<void> restore(std::string_view state) override;
  [[nodiscard]] std::size_t memory_bytes() const override;

  // The last point was the first to fire of its incident.
  [[nodiscard]] bool opened_incident() const { return opened_; }
  [[nodiscard]] bool incident_open() const { return incident_.open(); }

  // Of save() and restore(): memory/state_io.hpp.
  template <class Self, class State>
  static void visit_state(Self& self, State& state);

 private:
  void learn_step(double time_s);
  [[nodiscard]] PointContext context_of(double time_s, float value);
  [[nodiscard]] Vote vote_on(const PointContext& point, float score);
  void renew_derived();
  // How often chance brings what the last points have shown.
  [[nodiscard]] double chance_per_week() const;
  void note_incident(double time_s, bool fired);

  StreamDetectorOptions options_;

  double origin_ = 0;        // the first value: distances from it keep their digits in a float
  double first_s_ = 0;       // time of the first point
  double last_s_ = 0;        // of the last point
  double last_fired_s_ = 0;  // of the last point that fired; meaningful if has_fired_
  double quiet_s_ = 0;       // from the last that fired before the incident to its opening; 0: none
  std::uint32_t rows_ = 0;   // stays at its largest

  // Follow from the step and the options; 0 until it is known.
  double gap_s_ = 0;  // rows further apart do not follow each other
  std::uint32_t rows_per_day_ = 0;
  float allowed_per_row_ = 0;  // false alarms
  HourClock clock_;

  bool has_fired_ = false;
  bool opened_ = false;  // by the last point

  // Of the last point, for its reason.
  double value_ = 0;
  double expected_low_ = 0;
  double expected_high_ = 0;
  float chance_per_row_ = 1;  // of what it and those before it have shown

  // The fewer lines of memory a point needs, the better: so what each row touches is together, in
  // three places, and what few rows touch lies between them.
  DayRing day_;
  OpenIncident notice_;
  OpenIncident incident_;
  Novelty novelty_;        // last its records of the times of day
  Rarity rarity_;          // first what its members began with
  LastingChange lasting_;  // last its hours
  HourProfile hours_;      // first its hours
  ValueScale scale_;       // last its window
  RowStep step_;           // of no use once it is known
};

}  // namespace tocsin::detect::consensus
