#include "src/detect/consensus/consensus_detector.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/consensus/explanation.hpp"
#include "src/detect/memory/clock_of_day.hpp"
#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr StateForm kForm{"TCON", 2, "consensus detector"};
constexpr float kRarityWeight = 0.04F;
constexpr double kGapSteps = 12;
constexpr double kLargestValue = 1e21;   // its square, in the least units, still fits
constexpr double kLargestTime_s = 1e13;  // year 300,000
constexpr double kLargestState = 1e30;   // what all sums of such values keep to
constexpr double kDayLearned_s = 1.25 * kDay_s;
constexpr double kDeviations = 3;  // of what is expected around a forecast
constexpr double kWeek_s = 7 * kDay_s;
constexpr float kNoticedWeight = 3;
constexpr float kUnnoticedWeight = 0.1F;

// A low and a high, of which both are computed at once, as Lanes are.
using Range = double __attribute__((vector_size(16)));

Range range_of(float low, float high) {
  return Range{low, high};
}

Range around(float centre, float deviation) {
  return range_of(centre, centre) +
         Range{-kDeviations, kDeviations} * range_of(deviation, deviation);
}

Range middle_of(Range a, Range b, Range c) {
  const Range least = b < a ? b : a;
  const Range most = a < b ? b : a;
  const Range second = c < most ? c : most;
  return least < second ? second : least;
}

// Asks for memory. Always inline, since GCC drops calls of a function that does nothing else.
[[gnu::always_inline]] inline void fetch(const void* first, const void* last) {
  constexpr std::ptrdiff_t kLine = 64;
  for (auto line = static_cast<const char*>(first); line <= last; line += kLine) {
    __builtin_prefetch(line, 1);
  }
}

// The middle one of what three kinds of memory expect: one that was misled does not move it.
Range expected_range(const PointContext& point, const Novelty& novelty, const Rarity& rarity) {
  const Range records = range_of(novelty.record_low(), novelty.record_high());
  Range hours = records;
  if (novelty.same_hours().known) {
    hours = range_of(novelty.same_hours().low, novelty.same_hours().high);
  } else if (point.hour_residual.rateable) {
    hours = around(point.hour_residual.expected, point.hour_residual.width);
  }
  if (!rarity.forecast().known) return hours;
  return middle_of(records, hours, around(rarity.forecast().value, rarity.forecast().deviation));
}

}  // namespace

// What each row touches is asked for at once: one line after the other, as the members come to them,
// would be waited for.
Vote ConsensusDetector::update(const Point& point) {
  fetch(this, novelty_.end_of_each_row());
  fetch(rarity_.begin_of_each_row(), lasting_.end_of_each_row());
  fetch(&scale_, &scale_);
  const double time_s = std::clamp(point.time_s, -kLargestTime_s, kLargestTime_s);
  const double whole = std::clamp(point.value, -kLargestValue, kLargestValue);
  if (rows_ == 0) {
    origin_ = whole;
    first_s_ = last_s_ = time_s;
  }
  const auto value = static_cast<float>(whole - origin_);
  if (gap_s_ == 0) learn_step(time_s);
  if (day_.started()) day_.add(time_s, value);

  const PointContext context = context_of(time_s, value);
  const float novelty = novelty_.update(context);
  const float rarity = rarity_.update(context);
  const Vote vote = vote_on(context, novelty + kRarityWeight * rarity);

  hours_.learn(value, context.hour);
  scale_.add(value);
  value_ = point.value;
  note_incident(time_s, vote.fired);
  last_s_ = time_s;
  if (rows_ < UINT32_MAX) ++rows_;
  return vote;
}

void ConsensusDetector::learn_step(double time_s) {
  step_.add(time_s);
  if (!step_.known()) return;
  day_.start(time_s, step_.step_s());
  lasting_.start(step_.step_s());
  renew_derived();
}

inline PointContext ConsensusDetector::context_of(double time_s, float value) {
  PointContext context;
  context.value = value;
  context.scale = scale_.scale(origin_);
  context.hour = clock_.hour_at(time_s);
  context.hour_residual = hours_.judge(value, context.hour, context.scale);
  context.second_day = time_s - first_s_ >= kDay_s;
  if (day_.started()) {
    context.yesterday_distance = day_.nearest_yesterday(value);
    context.yesterday_mean_change = day_.mean_change();
  }
  context.rows_per_day = rows_per_day_;
  context.after_gap = gap_s_ > 0 && time_s - last_s_ > gap_s_;
  return context;
}

inline Vote ConsensusDetector::vote_on(const PointContext& point, float score) {
  const Range expected = origin_ + expected_range(point, novelty_, rarity_);
  expected_low_ = expected[0];
  expected_high_ = expected[1];
  const bool noticed = rows_ >= Novelty::kWarm && static_cast<double>(score) >= kThreshold;
  (void)notice_.update(noticed);
  const LastingChange::Evidence lasting = lasting_.update(
      point, (notice_.open() ? kNoticedWeight : kUnnoticedWeight) * allowed_per_row_);
  const float chance = noticed ? std::pow(10.0F, -rarity_.agreed_surprise()) : 1;
  chance_per_row_ = std::min(lasting.expected_per_row, chance);
  if (rows_ < Novelty::kWarm) return {.abstained = true, .threshold = kThreshold};
  const bool alarming = lasting.beyond || (noticed && chance <= allowed_per_row_);
  return {.fired = alarming || (noticed && incident_.open()),
          .noticed = noticed,
          .statistic = static_cast<double>(score),
          .threshold = kThreshold,
          .expected_low = expected_low_,
          .expected_high = expected_high_};
}

void ConsensusDetector::renew_derived() {
  if (!step_.known()) return;
  gap_s_ = kGapSteps * step_.step_s();
  rows_per_day_ = static_cast<std::uint32_t>(kDay_s / step_.step_s());
  allowed_per_row_ = static_cast<float>(options_.false_alarms_per_week * step_.step_s() / kWeek_s);
}

inline void ConsensusDetector::note_incident(double time_s, bool fired) {
  opened_ = incident_.update(fired);
  if (opened_) quiet_s_ = has_fired_ ? time_s - last_fired_s_ : 0;
  if (!incident_.open()) quiet_s_ = 0;
  if (!fired) return;
  has_fired_ = true;
  last_fired_s_ = time_s;
}

double ConsensusDetector::chance_per_week() const {
  if (!step_.known()) return 0;
  return static_cast<double>(chance_per_row_) * kWeek_s / step_.step_s();
}

std::string ConsensusDetector::reason() const {
  if (rows_ <= Novelty::kWarm) {
    return "learning: " + std::to_string(rows_) + " of the first " +
           std::to_string(Novelty::kWarm) + " points";
  }
  const bool daily = !step_.known() || day_.started();
  const double age_s = last_s_ - first_s_;
  const Finding finding{.value = value_,
                        .expected_low = expected_low_,
                        .expected_high = expected_high_,
                        .origin = origin_,
                        .quiet_s = quiet_s_,
                        .chance_per_week = chance_per_week(),
                        .learning_s = daily ? std::max(0.0, kDayLearned_s - age_s) : 0};
  return explain(finding, novelty_, rarity_);
}

template <class Self, class State>
void ConsensusDetector::visit_state(Self& self, State& state) {
  ValueScale::visit_state(self.scale_, state);
  RowStep::visit_state(self.step_, state);
  HourProfile::visit_state(self.hours_, state);
  DayRing::visit_state(self.day_, state);
  Novelty::visit_state(self.novelty_, state);
  Rarity::visit_state(self.rarity_, state);
  LastingChange::visit_state(self.lasting_, state);
  OpenIncident::visit_state(self.notice_, state);
  OpenIncident::visit_state(self.incident_, state);
  state.number(self.origin_);
  state.number(self.first_s_);
  state.number(self.last_s_);
  state.number(self.last_fired_s_);
  state.number(self.quiet_s_);
  state.count(self.rows_, UINT32_MAX);
  state.flag(self.has_fired_);
  state.flag(self.opened_);
  state.number(self.value_);
  state.number(self.expected_low_);
  state.number(self.expected_high_);
  state.number(self.chance_per_row_, 0.0F, 1.0F);
  state.require(self.lasting_.started() == self.step_.known());
  for (const double value : {self.origin_, self.expected_low_, self.expected_high_}) {
    state.require(std::abs(value) <= kLargestState);
  }
  for (const double time_s : {self.first_s_, self.last_s_, self.last_fired_s_}) {
    state.require(std::abs(time_s) <= kLargestTime_s);
  }
}

void ConsensusDetector::save(std::string& out) const {
  save_state(*this, kForm, out);
}

Result<void> ConsensusDetector::restore(std::string_view state) {
  ConsensusDetector restored(options_);
  *this = ConsensusDetector(options_);
  if (auto result = restore_state(restored, kForm, state); !result) return result;
  restored.renew_derived();
  *this = std::move(restored);
  return {};
}

std::size_t ConsensusDetector::memory_bytes() const {
  return sizeof *this + day_.memory_bytes();
}

}  // namespace tocsin::detect::consensus
