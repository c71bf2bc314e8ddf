// Series whose distribution is known, and ways to disturb them.
// Six are those of the aim, on which detectors are looked at while they are made; the five after
// them are looked at when one is done: a law, or a dependence, that it was not made with.
// Every kind has what it calls a typical deviation: 1.4826 times the median distance from its
// centre, which is the level or the daily wave; measured on the series itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace tocsin::bench {

enum class Kind : std::uint8_t {
  kNormal,
  kLognormal,
  kPareto,
  kBursty,
  kSeasonal,
  kZeroHeavy,
  kAutoregressive,  // each value .9 of the last one's distance, and noise
  kMixture,         // of two levels, one in four the higher
  kGamma,           // of shape .7: steeper than an exponential, from zero
  kWeekly,          // a wave of the day that is half as high at weekends
  kGrowingCounts,   // whose mean doubles in eight weeks
};
inline constexpr std::size_t kKinds = 6;  // of the aim
inline constexpr std::array<std::string_view, 11> kKindNames{
    "normal",         "lognormal", "Pareto", "bursty counts", "seasonal",      "zero-heavy",
    "autoregressive", "mixture",   "gamma",  "weekly",        "growing counts"};

enum class Change : std::uint8_t { kStep, kSpike, kDrop, kDrift, kVariance };
inline constexpr std::array<std::string_view, 5> kChangeNames{
    "step", "spike of one point", "drop to zero", "drift over a day", "variance"};

inline constexpr std::size_t kRowsPerDay = 288;
inline constexpr double kStep_s = 300;

// One value after the other, for ever.
class MadeUpSeries {
 public:
  MadeUpSeries(Kind kind, std::uint64_t seed);

  double next();
  // What the kind adds to its noise at the row just given: the daily wave, or the level.
  [[nodiscard]] double centre() const { return centre_; }

 private:
  Kind kind_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  double burst_ = 0;  // or what else lasts from row to row
  double phase_ = 0;
  double centre_ = 0;
  std::size_t row_ = 0;
};

[[nodiscard]] double typical_deviation(Kind kind);

// `value` as it is `since` rows after the change of that size, in typical deviations, began.
[[nodiscard]] double changed(double value, double centre, Change change, double size,
                             double deviation, std::size_t since);

}  // namespace tocsin::bench
