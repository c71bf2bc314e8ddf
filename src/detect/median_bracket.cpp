#include "src/detect/median_bracket.hpp"

#include <cmath>
#include <cstddef>

#include "src/detect/median.hpp"

namespace tocsin::detect {
namespace {

constexpr std::array<std::size_t, 2> kRanks = {42, 362};

constexpr std::size_t kSample = 512;
// Below this a sample saves nothing.
constexpr std::size_t kWorthASample = 4 * kSample;
// A rank among the sample stands for one of all values give or take sqrt(kSample) / 2, one standard
// deviation of a binomial: this is four of them.
constexpr std::size_t kSampleMargin = 45;

// Values with the place that the middle one of all would have if they were sorted.
struct Part {
  std::span<double> values;
  std::size_t middle;
};

// Afterwards the value of that rank stands there, with none above it before it and none below it
// behind it.
void place_rank(std::span<double> values, std::size_t rank) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank),
                   values.end());
}

// Brings those that `wanted` to the front; how many there are. Without a branch that depends on
// the values: half of those would be foreseen wrongly.
template <class Wanted>
std::size_t bring_to_front(std::span<double> values, Wanted wanted) {
  std::size_t count = 0;
  for (double& value : values) {
    const double moving = value;
    value = values[count];
    values[count] = moving;
    count += static_cast<std::size_t>(wanted(moving));
  }
  return count;
}

// What surely holds the middle and `ranks` values on both sides of it: a quarter of many values, as
// a sample bounds them, or all.
Part around_middle(std::span<double> values, std::size_t ranks) {
  const Part all{values, values.size() / 2};
  if (values.size() < kWorthASample) return all;
  std::array<double, kSample> sample;
  const std::size_t stride = values.size() / kSample;
  for (std::size_t i = 0; i < kSample; ++i) sample[i] = values[i * stride];
  const std::size_t reach = ranks * kSample / values.size() + kSampleMargin;
  if (reach >= kSample / 2) return all;
  place_rank(sample, kSample / 2 - reach);
  place_rank(std::span(sample).subspan(kSample / 2 - reach), 2 * reach);
  const double low = sample[kSample / 2 - reach];
  const double high = sample[kSample / 2 + reach];
  const std::size_t below = bring_to_front(values, [low](double v) { return v < low; });
  const std::span<double> rest = values.subspan(below);
  const std::size_t inside = bring_to_front(rest, [high](double v) { return v <= high; });
  const bool holds = all.middle >= below + ranks && all.middle + ranks < below + inside;
  return holds ? Part{rest.first(inside), all.middle - below} : all;
}

// The values as many ranks below and above the middle, of which both sides have more; they become
// the ends of what is returned.
Part place_around_middle(const Part& part, std::size_t ranks) {
  const std::size_t low = part.middle - ranks;
  place_rank(part.values, low);
  const std::span<double> upper = part.values.subspan(low);
  place_rank(upper.subspan(1), 2 * ranks - 1);  // the lower end stays where it is
  return {upper.first(2 * ranks + 1), ranks};
}

// Precondition: of an even number of values the part has the lower middle too.
double median_in(const Part& part, bool is_even) {
  place_rank(part.values, part.middle);
  const double middle = part.values[part.middle];
  if (!is_even) return middle;
  const auto end = part.values.begin() + static_cast<std::ptrdiff_t>(part.middle);
  return (*std::max_element(part.values.begin(), end) + middle) / 2;
}

}  // namespace

MedianBracket::Medians MedianBracket::fill(std::span<double> values) {
  for (Kept& kept : kept_) kept.moves_left = 0;
  if (values.empty()) return {median_of(values), median_of(values)};
  // From the wide to the narrow: each looks only at what the wider encloses.
  const auto fill_intervals = [&](Interval Kept::*which) {
    Part enclosed = around_middle(values, kRanks.back());
    for (std::size_t i = kRanks.size(); i-- > 0;) {
      if (values.size() < 2 * kRanks[i] + 2) continue;
      enclosed = place_around_middle(enclosed, kRanks[i]);
      kept_[i].*which = {enclosed.values.front(), enclosed.values.back()};
      // A point that enters or leaves moves the middle by half a rank; that of an even count lies
      // half a rank lower.
      kept_[i].moves_left = static_cast<std::uint16_t>(2 * kRanks[i] - 2);
    }
    return median_in(enclosed, values.size() % 2 == 0);
  };
  const double median = fill_intervals(&Kept::median);
  for (double& value : values) value = std::abs(value - median);
  const double median_distance = fill_intervals(&Kept::distance);
  // A window too small for the wide bracket has the narrow one twice.
  if (kept_[1].moves_left == 0) kept_[1] = kept_[0];
  return {median, median_distance};
}

MedianBracket::Level MedianBracket::narrowest() const noexcept {
  const Kept& kept = kept_[0].moves_left > 0 ? kept_[0] : kept_[1];
  const double moved = kept.median.high - kept.median.low;
  return {kept.median, {std::max(kept.distance.low - moved, 0.0), kept.distance.high + moved}};
}

}  // namespace tocsin::detect
