#include "bench/detection/made_up_series.hpp"

#include <algorithm>
#include <cmath>

namespace tocsin::bench {

MadeUpSeries::MadeUpSeries(Kind kind, std::uint64_t seed)
    : kind_(kind),
      random_(seed),
      phase_(std::uniform_real_distribution<double>(0, 6.28)(random_)) {}

double MadeUpSeries::next() {
  const double noise = normal_(random_);
  const double wave = 6.283185307 * static_cast<double>(row_++) / kRowsPerDay;
  switch (kind_) {
    case Kind::kNormal:
      centre_ = 100;
      return centre_ + 10 * noise;
    case Kind::kLognormal:
      centre_ = 20;
      return centre_ * std::exp(0.5 * noise);
    case Kind::kPareto: {
      const double share = std::uniform_real_distribution<double>(1e-12, 1)(random_);
      centre_ = 10 * std::pow(2, 1 / 2.5);  // the median
      return 10 * std::pow(share, -1 / 2.5);
    }
    case Kind::kBursty:
      // Poisson counts whose rate jumps now and then and falls back within some rows.
      burst_ *= 0.7;
      if (random_() % 50 == 0) burst_ += 20;
      centre_ = 5;
      return std::poisson_distribution<int>(5 + burst_)(random_);
    case Kind::kSeasonal:
      centre_ = 200 + 80 * std::sin(wave + phase_);
      return centre_ + 10 * noise;
    case Kind::kZeroHeavy:
      // Nine in ten are zero.
      centre_ = 0;
      return random_() % 10 == 0 ? 1 + std::poisson_distribution<int>(3)(random_) : 0;
    case Kind::kAutoregressive:
      centre_ = 50;
      burst_ = 0.9 * burst_ + noise;
      return centre_ + burst_;
    case Kind::kMixture:
      centre_ = 10;
      return (random_() % 4 == 0 ? 30 : centre_) + noise;
    case Kind::kGamma:
      centre_ = 4;  // about the median
      return std::gamma_distribution<double>(0.7, 10)(random_);
    case Kind::kWeekly: {
      const bool weekend = (row_ - 1) / kRowsPerDay % 7 >= 5;
      centre_ = 100 + (weekend ? 20 : 40) * std::sin(wave + phase_);
      return centre_ + 5 * noise;
    }
    case Kind::kGrowingCounts:
      centre_ = 40 * std::exp2(static_cast<double>(row_) / (56 * kRowsPerDay));
      return std::poisson_distribution<int>(centre_)(random_);
  }
  return 0;
}

double typical_deviation(Kind kind) {
  constexpr std::size_t kSample = 20001;
  MadeUpSeries series(kind, 99);
  std::vector<double> distances;
  for (std::size_t i = 0; i < kSample; ++i) {
    const double value = series.next();
    distances.push_back(std::abs(value - series.centre()));
  }
  const auto middle = distances.begin() + kSample / 2;
  std::nth_element(distances.begin(), middle, distances.end());
  // Where most values are the same, one count is what is typical.
  return *middle > 0 ? 1.4826 * *middle : 1;
}

double changed(double value, double centre, Change change, double size, double deviation,
               std::size_t since) {
  switch (change) {
    case Change::kStep:
      return value + size * deviation;
    case Change::kSpike:
      return since == 0 ? value + size * deviation : value;
    case Change::kDrop:
      return 0;
    case Change::kDrift:
      return value + size * deviation * std::min(1.0, static_cast<double>(since) / kRowsPerDay);
    case Change::kVariance:
      return centre + size * (value - centre);
  }
  return value;
}

}  // namespace tocsin::bench
