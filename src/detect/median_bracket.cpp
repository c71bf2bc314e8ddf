#include "src/detect/median_bracket.hpp"

#include <cmath>
#include <cstddef>

#include "src/detect/median.hpp"

namespace tocsin::detect {
namespace {

constexpr std::array<std::size_t, 2> kRanks = {42, 362};

// Afterwards the value of that rank stands there, with none above it before it and none below it
// behind it.
void place_rank(std::span<double> values, std::size_t rank) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank),
                   values.end());
}

// The values as many ranks below and above the middle, of which both sides have more; they become
// the ends of what is returned.
std::span<double> place_around_middle(std::span<double> values, std::size_t ranks) {
  const std::size_t middle = values.size() / 2;
  place_rank(values, middle - ranks);
  const std::span<double> upper = values.subspan(middle - ranks);
  place_rank(upper.subspan(1), 2 * ranks - 1);  // the lower end stays where it is
  return upper.first(2 * ranks + 1);
}

}  // namespace

void MedianBracket::fill(std::span<double> values) {
  for (Kept& kept : kept_) kept.moves_left = 0;
  const double median = median_of(values);
  // From the wide to the narrow: each looks only at what the wider encloses.
  const auto fill_intervals = [&](Interval Kept::*which) {
    std::span<double> enclosed = values;
    for (std::size_t i = kRanks.size(); i-- > 0;) {
      if (enclosed.size() < 2 * kRanks[i] + 2) continue;
      enclosed = place_around_middle(enclosed, kRanks[i]);
      kept_[i].*which = {enclosed.front(), enclosed.back()};
      // A point that enters or leaves moves the middle by half a rank; that of an even count lies
      // half a rank lower.
      kept_[i].moves_left = static_cast<std::uint16_t>(2 * kRanks[i] - 2);
    }
  };
  fill_intervals(&Kept::median);
  for (double& value : values) value = std::abs(value - median);
  fill_intervals(&Kept::distance);
  // A window too small for the wide bracket has the narrow one twice.
  if (kept_[1].moves_left == 0) kept_[1] = kept_[0];
}

MedianBracket::Level MedianBracket::narrowest() const noexcept {
  const Kept& kept = kept_[0].moves_left > 0 ? kept_[0] : kept_[1];
  const double moved = kept.median.high - kept.median.low;
  return {kept.median, {std::max(kept.distance.low - moved, 0.0), kept.distance.high + moved}};
}

}  // namespace tocsin::detect
