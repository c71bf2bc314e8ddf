#include "src/detect/running_skyline.hpp"

#include <algorithm>
#include <cmath>

#include "src/detect/grubbs_critical.hpp"
#include "src/detect/histogram_bin.hpp"
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

// `quick` where `answer` is none of doubt; else what the whole window says.
Vote settled(Answer answer, Vote quick, Vote (*straight)(const Window&, Scratch&),
             RunningSkyline& state, WindowReader& reader, Scratch& scratch) {
  if (answer != Answer::kDoubt) {
    quick.fired = answer == Answer::kYes;
    return quick;
  }
  const Window window = reader.whole();
  if (state.sums().is_worn()) state.rebuild_sums(window, reader.step_s());
  return straight(window, scratch);
}

// |value - mean| > 3 deviations.
Answer beyond_three(double value, double mean, const Deviation& deviation, double rounding) {
  return exceeds(std::abs(value - mean), 3 * deviation.value, 3 * deviation.error + rounding);
}

Vote running_stddev_from_average(RunningSkyline& state, WindowReader& reader, Scratch& scratch) {
  if (state.count() < kFewPoints) return stddev_from_average(reader.whole(), scratch);
  const BoundedMoments moments = state.sums().moments();
  const Deviation deviation =
      deviation_of(moments.squares, moments.squares_error, moments.count - 1);
  const double tail = state.tail();
  return settled(beyond_three(tail, moments.mean, deviation, rounding_of(moments.mean)),
                 three_sigma(tail, moments.mean, deviation.value), stddev_from_average, state,
                 reader, scratch);
}

Vote running_stddev_from_moving_average(RunningSkyline& state, WindowReader& reader,
                                        Scratch& scratch) {
  if (state.count() < kFewPoints) return stddev_from_moving_average(reader.whole(), scratch);
  const MovingAverage& average = state.moving_average();
  const double deviation = average.deviation(state.count());
  const double rounding = average.mean_error() + rounding_of(average.mean());
  return settled(beyond_three(state.newest(), average.mean(),
                              {deviation, average.deviation_error() * deviation}, rounding),
                 three_sigma(state.newest(), average.mean(), deviation), stddev_from_moving_average,
                 state, reader, scratch);
}

Vote running_mean_subtraction_cumulation(RunningSkyline& state, WindowReader& reader,
                                         Scratch& scratch) {
  if (state.count() < kFewPoints) return mean_subtraction_cumulation(reader.whole(), scratch);
  const BoundedMoments moments = state.sums().moments_without(state.newest());
  const Deviation deviation =
      deviation_of(moments.squares, moments.squares_error, moments.count - 1);
  return settled(beyond_three(state.newest(), moments.mean, deviation, rounding_of(moments.mean)),
                 three_sigma(state.newest(), moments.mean, deviation.value),
                 mean_subtraction_cumulation, state, reader, scratch);
}

Vote running_grubbs(RunningSkyline& state, WindowReader& reader, Scratch& scratch) {
  if (state.count() < kFewPoints) return grubbs(reader.whole(), scratch);
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
                 vote, grubbs, state, reader, scratch);
}

Vote running_least_squares(RunningSkyline& state, WindowReader& reader, Scratch& scratch) {
  constexpr double kLeastCounted = 0.5;
  if (state.count() < kFewPoints) return least_squares(reader.whole(), scratch);
  const FittedLine line = state.sums().line();
  // Where the reference loses its slope, or nearly so, there is more to it.
  const double step_s = reader.step_s();
  const double middle_s =
      reader.now_s() - step_s * (static_cast<double>(state.newest_slot()) - line.middle_slot);
  if (line.slot_deviation * step_s < 2 * middle_s * middle_s * 0x1p-53) {
    return least_squares(reader.whole(), scratch);
  }
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
  return settled(answer, vote, least_squares, state, reader, scratch);
}

Vote running_histogram_bins(RunningSkyline& state, WindowReader& reader, Scratch&) {
  if (state.count() == 0) return {};
  double least = HUGE_VAL;
  double largest = -HUGE_VAL;
  const std::size_t blocks = reader.blocks();
  for (std::size_t i = 0; i < blocks; ++i) {
    const WindowReader::Block block = reader.block(i);
    if (block.count == 0) continue;
    least = std::min(least, block.least);
    largest = std::max(largest, block.largest);
  }
  const HistogramBin bin = histogram_bin(least, largest, state.tail());
  if (!bin.is_looked_at) return {};
  std::size_t count = 0;
  for (std::size_t i = 0; i < blocks && count <= kThinlyPopulated; ++i) {
    const WindowReader::Block block = reader.block(i);
    if (block.count == 0 || !bin.overlaps(block.least, block.largest)) continue;
    if (bin.holds(block.least) && bin.holds(block.largest)) {
      count += block.count;
      continue;
    }
    for (const double value : reader.values(i)) count += bin.holds(value);
  }
  return histogram_vote(count);
}

Vote running_first_hour_average(RunningSkyline& state, WindowReader& reader, Scratch&) {
  if (state.count() == 0) return {};
  const Window first_hour = reader.before(reader.now_s() - (kFullDuration_s - 3600));
  const Moments moments = moments_of(first_hour.values);
  return three_sigma(state.tail(), moments.mean, moments.sample_deviation());
}

Vote running_ks_test(RunningSkyline&, WindowReader& reader, Scratch& scratch) {
  return ks_test(reader.from(reader.now_s() - 3600), scratch);
}

// Whether `distance` from the median is more than six median distances, by what a bracket knows.
Vote running_median_absolute_deviation(RunningSkyline& state, WindowReader& reader,
                                       Scratch& scratch) {
  constexpr double kTimesMedianDistance = 6;
  if (state.bracket().is_known()) {
    const auto [median, spread] = state.bracket().narrowest();
    const double value = state.newest();
    const double farthest = std::max(std::abs(value - median.low), std::abs(value - median.high));
    const double nearest = std::max({value - median.high, median.low - value, 0.0});
    const double rounding = rounding_of(value) + rounding_of(median.low);
    Vote vote;
    vote.threshold = kTimesMedianDistance;
    vote.expected_low = median.low - kTimesMedianDistance * spread.high;
    vote.expected_high = median.high + kTimesMedianDistance * spread.high;
    vote.statistic = nearest / spread.high;
    if (spread.low > rounding) {
      if (exceeds(nearest, kTimesMedianDistance * spread.high, rounding) == Answer::kYes) {
        vote.fired = true;
        return vote;
      }
      if (exceeds(farthest, kTimesMedianDistance * spread.low, rounding) == Answer::kNo) {
        vote.abstained = true;
        return vote;
      }
    }
  }
  const Window window = reader.whole();
  const Vote vote = median_absolute_deviation(window, scratch);
  const std::span<double> copy = scratch.doubles(0, window.values.size());
  std::copy(window.values.begin(), window.values.end(), copy.begin());
  state.fill_bracket(copy);
  return vote;
}

constexpr RunningDetector kRunning[] = {
    {stddev_from_average, running_stddev_from_average},
    {mean_subtraction_cumulation, running_mean_subtraction_cumulation},
    {stddev_from_moving_average, running_stddev_from_moving_average},
    {grubbs, running_grubbs},
    {least_squares, running_least_squares},
    {histogram_bins, running_histogram_bins},
    {first_hour_average, running_first_hour_average},
    {ks_test, running_ks_test},
    {median_absolute_deviation, running_median_absolute_deviation},
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

void RunningSkyline::rebuild_sums(const Window& window, double step_s) {
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
