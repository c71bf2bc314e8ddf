#include "src/detect/deep/deep_detector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "src/detect/deep/deep_reason.hpp"
#include "src/detect/deep/held_maximum.hpp"
#include "src/detect/deep/limits.hpp"
#include "src/detect/deep/row_interval.hpp"
#include "src/detect/deep/track.hpp"
#include "src/detect/memory/clock_of_day.hpp"
#include "src/detect/memory/hour_means.hpp"
#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect {

namespace {

constexpr double kShortestMiddleStep_s = 1800;
constexpr double kMiddleStepRows = 2;
constexpr std::array<double, 5> kStepShares{0.5, 0.75, 1, 1.25, 1.5};
constexpr std::size_t kTracks = kStepShares.size();  // of one channel

constexpr double kShortestRow_s = 60;
constexpr double kNovelRows = 12;
constexpr double kRefractoryRows = 72;
constexpr double kFastRefractoryRows = 28;
constexpr double kFastRow_s = 120;
constexpr double kWitnessWeight = 0.5;
constexpr std::size_t kLeastReady = 3;
constexpr double kNever_s = -2 * kLatest_s;

constexpr StateForm kForm{"TDEP", 3, "deep detector"};

struct Count {
  std::size_t ready = 0;
  std::size_t novel = 0;
};

// A line that a score crosses: once when it rises to it, then not again for a while.
class Line {
 public:
  bool crossed(double score, double line, double time_s, double refractory_s) {
    const bool crosses = score > score_ && score >= line && time_s - last_s_ >= refractory_s;
    score_ = score;
    if (!crosses) return false;
    before_s_ = last_s_;
    last_s_ = time_s;
    return true;
  }

  // From the crossing before the last to the last; 0: there was none before.
  [[nodiscard]] double between_s() const { return before_s_ > kNever_s ? last_s_ - before_s_ : 0; }

  template <class Self, class Fields>
  static void visit_state(Self& self, Fields& state) {
    state.number(self.score_, 0.0, 2.0);
    state.number(self.last_s_, kNever_s, kLatest_s);
    state.number(self.before_s_, kNever_s, kLatest_s);
  }

 private:
  double score_ = 0;  // the one before
  double last_s_ = kNever_s;
  double before_s_ = kNever_s;
};

}  // namespace

struct DeepDetector::State {
  RowInterval interval;
  HourMeans<double> profile;
  std::array<Track, kTracks> raw;
  std::array<Track, kTracks> hourly;  // of residuals of `profile`
  HeldMaximum witness;
  Point last;
  Line notice;
  Line page;
  bool ready = false;
  bool paged = false;  // the last point

  // The rows that are counted.
  [[nodiscard]] double row_s() const { return std::max(interval.seconds(), kShortestRow_s); }
  [[nodiscard]] double refractory_s() const {
    const double rows = row_s() < kFastRow_s ? kFastRefractoryRows : kRefractoryRows;
    return (rows - 0.5) * row_s();
  }
  [[nodiscard]] bool sees_novelty(double rang_s) const {
    return last.time_s - rang_s < (kNovelRows - 0.5) * row_s();
  }

  void begin(WarmUp trust);
  void learn(const Point& point);
  [[nodiscard]] Count count(const std::array<Track, kTracks>& tracks) const;
  [[nodiscard]] double vote(const Count& raw_count, const Count& hourly_count) const;
  [[nodiscard]] DeepFinding finding() const;

  template <class Self, class Fields>
  static void visit_state(Self& self, Fields& state) {
    RowInterval::visit_state(self.interval, state);
    state.number(self.last.time_s, -kLatest_s, kLatest_s);
    state.number(self.last.value, -kLargestValue, kLargestValue);
    if (!self.interval.known()) return;
    HourMeans<double>::visit_state(self.profile, state, kLargestValue);
    for (auto* tracks : {&self.raw, &self.hourly}) {
      for (auto& track : *tracks) Track::visit_state(track, state);
    }
    HeldMaximum::visit_state(self.witness, state);
    Line::visit_state(self.notice, state);
    Line::visit_state(self.page, state);
    state.flag(self.ready);
    state.flag(self.paged);
  }
};

// What is saved: the state, and that of the witness as it gives it.
struct DeepDetector::Saved {
  State* state;
  bool witnessed;
  std::string testimony;

  template <class Self, class Fields>
  static void visit_state(Self& self, Fields& state) {
    state.flag(self.witnessed);
    State::visit_state(*self.state, state);
    state.text(self.testimony);
  }
};

void DeepDetector::State::begin(WarmUp trust) {
  const double row_s_found = interval.seconds();
  const double middle_s = std::max(kMiddleStepRows * row_s_found, kShortestMiddleStep_s);
  for (std::size_t i = 0; i < kTracks; ++i) {
    raw[i].begin(kStepShares[i] * middle_s, row_s_found, trust);
    hourly[i].begin(kStepShares[i] * middle_s, row_s_found, trust);
  }
  profile = HourMeans<double>(std::min(1.0, row_s_found / kShortestRow_s));
  for (const Point& point : interval.points()) learn(point);
}

void DeepDetector::State::learn(const Point& point) {
  const Point residual{point.time_s, profile.residual(hour_of_day(point.time_s), point.value)};
  for (Track& track : raw) track.add(point);
  for (Track& track : hourly) track.add(residual);
}

Count DeepDetector::State::count(const std::array<Track, kTracks>& tracks) const {
  Count count;
  for (const Track& track : tracks) {
    if (!track.ready()) continue;
    count.ready += Track::kMemories;
    for (const double rang_s : track.rang_s()) count.novel += sees_novelty(rang_s) ? 1U : 0U;
  }
  return count;
}

// kUndefined while neither channel has enough memories.
double DeepDetector::State::vote(const Count& raw_count, const Count& hourly_count) const {
  double sum = 0;
  double channels = 0;
  for (const Count& count : {raw_count, hourly_count}) {
    if (count.ready < kLeastReady) continue;
    sum += static_cast<double>(count.novel) / static_cast<double>(count.ready);
    ++channels;
  }
  return channels > 0 ? sum / channels : kUndefined;
}

DeepFinding DeepDetector::State::finding() const {
  const Count raw_count = count(raw);
  const Count hourly_count = count(hourly);
  DeepFinding finding;
  finding.value = last.value;
  finding.ready = raw_count.ready + hourly_count.ready;
  finding.novel = raw_count.novel + hourly_count.novel;
  finding.raw = raw_count.novel > 0;
  finding.hourly = hourly_count.novel > 0;
  finding.course_s = kCourseSteps * raw[kTracks / 2].step_s();
  finding.shortest_step_s = raw.front().step_s();
  finding.longest_step_s = raw.back().step_s();
  finding.since_alarm_s = (paged ? page : notice).between_s();
  // Values say more to people than distances from the hour: those only if there is nothing else.
  const auto& tracks = finding.raw ? raw : hourly;
  finding.novelty_hourly = !finding.raw;
  float farthest = -2;
  for (const Track& track : tracks) {
    for (std::size_t i = 0; i < Track::kMemories; ++i) {
      const Novelty& novelty = track.memory(i).novelty();
      if (!sees_novelty(track.rang_s()[i]) || novelty.needed - novelty.similarity <= farthest) {
        continue;
      }
      farthest = novelty.needed - novelty.similarity;
      finding.novelty = novelty;
      finding.step_s = track.step_s();
    }
  }
  return finding;
}

DeepDetector::DeepDetector(const DeepOptions& options)
    : options_(options), state_(std::make_unique<State>()) {}

DeepDetector::DeepDetector(const DeepOptions& options, std::unique_ptr<StreamDetector> witness)
    : options_(options), witness_(std::move(witness)), state_(std::make_unique<State>()) {}

DeepDetector::~DeepDetector() = default;

float DeepDetector::doubt_of(const Point& point) {
  const Vote testimony = witness_->update(point);
  // Negated, so that an undefined score counts as none.
  const double share = testimony.statistic / (2 * testimony.threshold);
  const bool counts = !testimony.abstained && share > 0;
  if (!state_->interval.known()) return 0;
  const auto row = std::floor(state_->last.time_s / state_->row_s());
  return state_->witness.add(static_cast<std::int64_t>(row),
                             counts ? static_cast<float>(std::min(share, 1.0)) : 0);
}

Vote DeepDetector::update(const Point& point) {
  State& state = *state_;
  state.last = {std::clamp(point.time_s, -kLatest_s, kLatest_s),
                std::clamp(point.value, -kLargestValue, kLargestValue)};
  if (state.interval.known()) {
    state.learn(state.last);
  } else if (state.interval.add(state.last)) {
    state.begin(options_.warm_up);
  }
  const double doubt = witness_ ? static_cast<double>(doubt_of(point)) : 0;
  Vote vote;
  vote.threshold = options_.notice;
  vote.abstained = true;
  if (!state.interval.known()) return vote;

  const Count raw = state.count(state.raw);
  const Count hourly = state.count(state.hourly);
  vote.statistic = state.vote(raw, hourly);
  state.ready = !std::isnan(vote.statistic);
  if (!state.ready) return vote;
  vote.abstained = false;
  const auto crosses = [&state](Line& line, double score, double at) {
    return line.crossed(score, at, state.last.time_s, state.refractory_s());
  };
  const bool novel = crosses(state.notice, vote.statistic, options_.notice);
  if (witness_) {
    vote.noticed = novel;
    vote.fired = crosses(state.page, vote.statistic + kWitnessWeight * doubt, options_.page);
    state.paged = vote.fired;
  } else {
    vote.fired = novel;
  }
  if (raw.novel + hourly.novel > 0) {
    const DeepFinding finding = state.finding();
    const double zero = finding.novelty_hourly ? state.profile.expected() : 0;
    vote.expected_low = zero + finding.novelty.expected_low;
    vote.expected_high = zero + finding.novelty.expected_high;
  }
  return vote;
}

std::string DeepDetector::reason() const {
  std::string text = reason_of(state_->finding());
  if (state_->paged) text += " Witness: " + witness_->reason();
  return text;
}

void DeepDetector::save(std::string& out) const {
  Saved saved{.state = state_.get(), .witnessed = witness_ != nullptr, .testimony = {}};
  if (witness_) witness_->save(saved.testimony);
  save_state(saved, kForm, out);
}

Result<void> DeepDetector::restore(std::string_view state) {
  state_ = std::make_unique<State>();
  // Nothing is no state of any detector, so this makes it as new too.
  if (witness_) (void)witness_->restore({});
  auto restored = std::make_unique<State>();
  Saved saved{.state = restored.get(), .witnessed = false, .testimony = {}};
  if (auto result = restore_state(saved, kForm, state); !result) return result;
  if (saved.witnessed != (witness_ != nullptr)) {
    return Error{Errc::kSyntax, "",
                 witness_ ? "a state without a witness" : "a state with a witness"};
  }
  if (!witness_) restored->paged = false;
  if (witness_) {
    if (auto result = witness_->restore(saved.testimony); !result) {
      return Error{result.error().code, "", "its witness: " + result.error().text};
    }
  }
  state_ = std::move(restored);
  return {};
}

std::size_t DeepDetector::memory_bytes() const {
  std::size_t bytes = sizeof *this + sizeof(State);
  for (const auto* tracks : {&state_->raw, &state_->hourly}) {
    for (const Track& track : *tracks) bytes += track.heap_bytes();
  }
  return bytes + (witness_ ? witness_->memory_bytes() : 0);
}

}  // namespace tocsin::detect
