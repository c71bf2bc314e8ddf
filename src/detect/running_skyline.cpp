#include "src/detect/running_skyline.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/grubbs_critical.hpp"
#include "src/detect/histogram_bin.hpp"
#include "src/detect/median_distance_vote.hpp"
#include "src/detect/moments.hpp"
#include "src/detect/skyline.hpp"
#include "src/detect/three_sigma.hpp"

namespace tocsin::detect {
namespace {

constexpr std::uint32_t kBoredomPoints = 100;
// Windows that are quickly read, and whose rules have exceptions.
constexpr std::size_t kFewPoints = 128;

enum class Answer : std::uint8_t { kNo, kYes, kDoubt };

// Whether a > b, where rounding may have moved their difference by `slack`. What the detectors of
// skyline.hpp compute is itself rounded; both agree where a and b differ by more than this.
Answer exceeds(double a, double b, double slack) {
  constexpr double kRounding = 1e-10;
  const double doubt = slack + kRounding * std::max(std::abs(a), std::abs(b));
  if (a - b > doubt) return Answer::kYes;
  if (b - a > doubt) return Answer::kNo;
  return Answer::kDoubt;  // NaN as well
}

// What a value of this size and its neighbours may be rounded by.
double rounding_of(double value) {
  return 1e-14 * std::abs(value);
}

// A deviation with what it may be wrong by.
struct Deviation {
  double value = 0;
  double error = 0;
};

Deviation deviation_of(double squares, double squares_error, double divisor) {
  const double value = std::sqrt(squares / divisor);
  // Infinite, and so in doubt, where nothing is known of the squares.
  const double error = squares > 0 ? value * (squares_error / squares) : HUGE_VAL;
  return {value, error};
}

// `vote` where `answer` is none of doubt.
std::optional<Vote> settled(Answer answer, Vote vote) {
  if (answer == Answer::kDoubt) return std::nullopt;
  vote.fired = answer == Answer::kYes;
  return vote;
}

// In doubt, what the whole window says.
Vote read_whole(const RunningDetector& self, RunningSkyline&, WindowReader& reader,
                Scratch& scratch) {
  return self.straight(reader.whole(), scratch);
}

// |value - mean| > 3 deviations.
Answer beyond_three(double value, double mean, const Deviation& deviation, double rounding) {
  return exceeds(std::abs(value - mean), 3 * deviation.value, 3 * deviation.error + rounding);
}

std::optional<Vote> recall_stddev_from_average(const RunningSkyline& state, const WindowReader&) {
  if (state.count() < kFewPoints) return std::nullopt;
  const BoundedMoments moments = state.sums().moments();
  const Deviation deviation =
      deviation_of(moments.squares, moments.squares_error, moments.count - 1);
  const double tail = state.tail();
  return settled(beyond_three(tail, moments.mean, deviation, rounding_of(moments.mean)),
                 three_sigma(tail, moments.mean, deviation.value));
}

std::optional<Vote> recall_stddev_from_moving_average(const RunningSkyline& state,
                                                      const WindowReader&) {
  if (state.count() < kFewPoints) return std::nullopt;
  const MovingAverage& average = state.moving_average();
  const double deviation = std::sqrt(average.variance(state.count()));
  const double rounding = average.mean_error() + rounding_of(average.mean());
  return settled(beyond_three(state.newest(), average.mean(),
                              {deviation, average.deviation_error() * deviation}, rounding),
                 three_sigma(state.newest(), average.mean(), deviation));
}

std::optional<Vote> recall_mean_subtraction_cumulation(const RunningSkyline& state,
                                                       const WindowReader&) {
  if (state.count() < kFewPoints) return std::nullopt;
  const BoundedMoments moments = state.sums().moments_without(state.newest());
  const Deviation deviation =
      deviation_of(moments.squares, moments.squares_error, moments.count - 1);
  return settled(beyond_three(state.newest(), moments.mean, deviation, rounding_of(moments.mean)),
                 three_sigma(state.newest(), moments.mean, deviation.value));
}

std::optional<Vote> recall_grubbs(const RunningSkyline& state, const WindowReader&) {
  if (state.count() < kFewPoints) return std::nullopt;
  const BoundedMoments moments = state.sums().moments();
  const Deviation deviation = deviation_of(moments.squares, moments.squares_error, moments.count);
  const double critical = grubbs_critical(state.count());
  const double above = state.tail() - moments.mean;
  Vote vote;
  vote.statistic = above / deviation.value;
  vote.threshold = critical;
  vote.expected_low = -HUGE_VAL;
  vote.expected_high = moments.mean + critical * deviation.value;
  return settled(exceeds(above, critical * deviation.value,
                         critical * deviation.error + rounding_of(moments.mean)),
                 vote);
}

std::optional<Vote> recall_least_squares(const RunningSkyline& state, const WindowReader& reader) {
  constexpr double kLeastCounted = 0.5;
  if (state.count() < kFewPoints) return std::nullopt;
  const FittedLine line = state.sums().line();
  // Where the reference loses its slope, or nearly so, there is more to it.
  const double step_s = reader.step_s();
  const double middle_s =
      reader.now_s() - step_s * (static_cast<double>(state.newest_slot()) - line.middle_slot);
  if (line.slot_deviation * step_s < 2 * middle_s * middle_s * 0x1p-53) return std::nullopt;
  const Deviation deviation =
      deviation_of(line.squares, line.squares_error, static_cast<double>(state.count()));
  const double tail = state.tail();
  const double expected = line.at(state.tail_slot());
  const double distance = std::abs(tail - expected);
  const double rounding = rounding_of(line.level) + rounding_of(tail);
  const Answer answers[] = {
      exceeds(distance, 3 * deviation.value, 3 * deviation.error + rounding),
      exceeds(distance, kLeastCounted, rounding),
      exceeds(deviation.value, kLeastCounted, deviation.error + rounding),
  };
  Answer answer = Answer::kYes;
  for (const Answer one : answers) {
    if (one == Answer::kNo) answer = Answer::kNo;
    if (one == Answer::kDoubt && answer == Answer::kYes) answer = Answer::kDoubt;
  }
  Vote vote;
  vote.statistic = distance;
  vote.threshold = std::max(3 * deviation.value, kLeastCounted);
  vote.expected_low = expected - vote.threshold;
  vote.expected_high = expected + vote.threshold;
  return settled(answer, vote);
}

Vote read_histogram_bins(const RunningDetector&, RunningSkyline& state, WindowReader& reader,
                         Scratch&) {
  if (state.count() == 0) return {};
  const std::span<const WindowReader::Block> blocks = reader.blocks();
  double least = HUGE_VAL;
  double largest = -HUGE_VAL;
  for (const WindowReader::Block& block : blocks) {
    if (block.count == 0) continue;
    least = std::min(least, block.least);
    largest = std::max(largest, block.largest);
  }
  const HistogramBin bin = histogram_bin(least, largest, state.tail());
  if (!bin.is_looked_at) return {};
  // From the newest back, where most like the tail are.
  std::size_t count = 0;
  for (std::size_t i = blocks.size(); i-- > 0 && count <= kThinlyPopulated;) {
    const WindowReader::Block& block = blocks[i];
    if (block.count == 0 || !bin.overlaps(block.least, block.largest)) continue;
    if (bin.holds(block.least) && bin.holds(block.largest)) {
      count += block.count;
      continue;
    }
    for (const double value : reader.values(i)) count += bin.holds(value);
  }
  return histogram_vote(count);
}

Vote read_first_hour_average(const RunningDetector&, RunningSkyline& state, WindowReader& reader,
                             Scratch&) {
  if (state.count() == 0) return {};
  const Window first_hour = reader.before(reader.now_s() - (kFullDuration_s - 3600));
  const Moments moments = moments_of(first_hour.values);
  return three_sigma(state.tail(), moments.mean, moments.sample_deviation());
}

Vote read_ks_test(const RunningDetector&, RunningSkyline&, WindowReader& reader, Scratch& scratch) {
  return ks_test(reader.from(reader.now_s() - 3600), scratch);
}

// Whether the distance from the median is more than six median distances, by what a bracket knows.
std::optional<Vote> recall_median_absolute_deviation(const RunningSkyline& state,
                                                     const WindowReader&) {
  constexpr double kTimesMedianDistance = 6;
  if (!state.bracket().is_known()) return std::nullopt;
  const auto [median, spread] = state.bracket().narrowest();
  const double value = state.newest();
  const double farthest = std::max(std::abs(value - median.low), std::abs(value - median.high));
  const double nearest = std::max({value - median.high, median.low - value, 0.0});
  const double rounding = rounding_of(value) + rounding_of(median.low);
  Vote vote;
  vote.threshold = kTimesMedianDistance;
  vote.expected_low = median.low - kTimesMedianDistance * spread.high;
  vote.expected_high = median.high + kTimesMedianDistance * spread.high;
  if (spread.high == 0) return vote;  // silent: more than half of the points are equal
  if (spread.low <= rounding) return std::nullopt;
  vote.statistic = nearest / spread.high;
  vote.fired = exceeds(nearest, kTimesMedianDistance * spread.high, rounding) == Answer::kYes;
  vote.abstained = exceeds(farthest, kTimesMedianDistance * spread.low, rounding) == Answer::kNo;
  if (!vote.fired && !vote.abstained) return std::nullopt;
  return vote;
}

Vote read_median_absolute_deviation(const RunningDetector&, RunningSkyline& state,
                                    WindowReader& reader, Scratch& scratch) {
  const Window window = reader.whole();
  const std::span<double> copy = scratch.doubles(0, window.values.size());
  std::copy(window.values.begin(), window.values.end(), copy.begin());
  const MedianBracket::Medians medians = state.fill_bracket(copy);
  return median_distance_vote(window.values.back(), medians.median, medians.median_distance);
}

constexpr RunningDetector kRunning[] = {
    {first_hour_average, nullptr, read_first_hour_average, false},
    {histogram_bins, nullptr, read_histogram_bins, false},
    {ks_test, nullptr, read_ks_test, false},
    {stddev_from_average, recall_stddev_from_average, read_whole, true},
    {mean_subtraction_cumulation, recall_mean_subtraction_cumulation, read_whole, true},
    {stddev_from_moving_average, recall_stddev_from_moving_average, read_whole, true},
    {grubbs, recall_grubbs, read_whole, true},
    {least_squares, recall_least_squares, read_whole, false},
    {median_absolute_deviation, recall_median_absolute_deviation, read_median_absolute_deviation,
     false},
};

}  // namespace

void RunningSkyline::enter(std::int64_t slot, double value) {
  const std::size_t before = sums_.count();
  sums_.enter(slot, value);
  moving_average_.enter(before, value);
  equal_ = before > 0 && value == newest_[0].value ? std::min(equal_ + 1, kBoredomPoints) : 1;
  newest_[2] = newest_[1];
  newest_[1] = newest_[0];
  newest_[0] = {slot, value};
  bracket_.point_moved();
}

void RunningSkyline::leave(std::int64_t slot, double value) {
  moving_average_.leave(sums_.count(), value);
  sums_.leave(slot, value);
  bracket_.point_moved();
}

Skip RunningSkyline::skip() const noexcept {
  if (count() == 0) return Skip::kTooShort;
  return equal_ >= std::min<std::size_t>(count(), kBoredomPoints) ? Skip::kBoring : Skip::kNone;
}

bool RunningSkyline::is_surely_calm() const noexcept {
  // More than all that rounding does to either side, but for the size of the values themselves.
  constexpr double kMargin = 1e-6;
  const auto is_within_three = [](double value, double mean, double variance, double rounding) {
    const double distance = std::abs(value - mean) + rounding + rounding_of(mean);
    return distance * distance * (1 + kMargin) < 9 * variance;
  };
  if (count() < kFewPoints) return false;
  const std::optional<Moments> moments = sums_.rough_moments();
  if (!moments) return false;
  const auto n = static_cast<double>(count());
  // Grubbs asks for more than three deviations from 41 points on.
  if (!is_within_three(tail(), moments->mean, moments->squares / (n - 1), 0)) return false;
  const double distance = newest() - moments->mean;
  const double squares_without = moments->squares - distance * distance * n / (n - 1);
  if (!is_within_three(newest(), moments->mean - distance / (n - 1), squares_without / (n - 2),
                       0)) {
    return false;
  }
  const double sure = 1 - moving_average_.deviation_error();
  return is_within_three(newest(), moving_average_.mean(),
                         moving_average_.variance(count()) * sure * sure,
                         moving_average_.mean_error());
}

double RunningSkyline::tail() const noexcept {
  if (count() < 3) return newest_[0].value;
  return ((newest_[0].value + newest_[1].value) + newest_[2].value) / 3;
}

double RunningSkyline::tail_slot() const noexcept {
  const auto newest = static_cast<double>(newest_[0].slot);
  const auto back = static_cast<double>((newest_[0].slot - newest_[1].slot) +
                                        (newest_[0].slot - newest_[2].slot));
  return newest - back / 3;
}

void RunningSkyline::mend(WindowReader& reader) {
  if (count() < kFewPoints || !sums_.is_worn()) return;
  const Window window = reader.whole();
  const double step_s = reader.step_s();
  sums_.rebuild(window.values, [&](std::size_t i) {
    return newest_[0].slot - std::llround((window.times_s.back() - window.times_s[i]) / step_s);
  });
}

std::span<const RunningDetector> running_skyline() {
  return kRunning;
}

const RunningDetector* find_running_detector(Vote (*straight)(const Window& window,
                                                              Scratch& scratch)) {
  const auto* const found =
      std::find_if(std::begin(kRunning), std::end(kRunning),
                   [&](const RunningDetector& running) { return running.straight == straight; });
  return found == std::end(kRunning) ? nullptr : found;
}

}  // namespace tocsin::detect
