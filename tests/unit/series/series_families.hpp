// Deterministic series of the kinds that monitoring meets, for the tests and the benchmark.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string_view>
#include <vector>

namespace tocsin::series {

enum class Family {
  kCountRate01,
  kCountRate1,
  kCountRate10,
  kCountRate100,
  kCountRate1000,
  kCounterPerSecond,
  kGaugeTwoDecimals,
  kTimerOneDecimal,
  kTimerThreeDecimals,
  kPercentOneDecimal,
  kPercentTwoDecimals,
  kConstant,
  kZeroHeavy,
  kPageBytes,
  kBytesPerWindow,
  kMonotone,
  kDropsToZero,
  kCountWithSpikes,
  kStandingFullPrecision,
  kNoise,
  kRatio,
  kHuge,
  kTiny,
  kMixedSigns,
};

struct FamilyName {
  Family family;
  std::string_view name;
  bool statsd_like;  // the kinds that the bytes-per-point goal is about
};

inline constexpr FamilyName kFamilies[] = {
    {Family::kCountRate01, "count, rate 0.1", true},
    {Family::kCountRate1, "count, rate 1", true},
    {Family::kCountRate10, "count, rate 10", true},
    {Family::kCountRate100, "count, rate 100", true},
    {Family::kCountRate1000, "count, rate 1000", true},
    {Family::kCounterPerSecond, "rate = counter / 10", true},
    {Family::kGaugeTwoDecimals, "gauge, 2 decimals", true},
    {Family::kTimerOneDecimal, "timer p95, 1 decimal", true},
    {Family::kTimerThreeDecimals, "timer p95, 3 decimals", true},
    {Family::kPercentOneDecimal, "percent, 1 decimal", true},
    {Family::kPercentTwoDecimals, "percent, 2 decimals", true},
    {Family::kConstant, "constant", true},
    {Family::kZeroHeavy, "zero-heavy", true},
    {Family::kPageBytes, "bytes gauge, 4 K pages", true},
    {Family::kBytesPerWindow, "bytes per 10 s", true},
    {Family::kMonotone, "monotone bytes", true},
    {Family::kDropsToZero, "count 1000 with drops to 0", false},
    {Family::kCountWithSpikes, "count 10 with spikes 1e9", false},
    {Family::kStandingFullPrecision, "full precision, often standing", false},
    {Family::kNoise, "full-precision noise", false},
    {Family::kRatio, "ratio of counts", false},
    {Family::kHuge, "huge, 1e300", false},
    {Family::kTiny, "tiny, 1e-300", false},
    {Family::kMixedSigns, "mixed signs and -0.0", false},
};

// `count` points of one series; another `seed` is another series of the same kind.
inline std::vector<double> make_family(Family family, std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed * 1000 + static_cast<std::uint64_t>(family));
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  const auto normal = [&](double mean, double deviation) {
    return std::normal_distribution<double>(mean, deviation)(random);
  };
  const auto poisson = [&](double mean) {
    return static_cast<double>(std::poisson_distribution<std::int64_t>(mean)(random));
  };
  // The nearest double to a number with so many decimals, as parsing its text would give.
  const auto decimal = [](double value, double power) { return std::round(value * power) / power; };

  std::vector<double> values;
  values.reserve(count);
  double level = uniform(100, 200);
  for (std::size_t i = 0; i < count; ++i) {
    const double day = 1 + 0.5 * std::sin(static_cast<double>(i) * 6.283185307179586 / 8640);
    switch (family) {
      case Family::kCountRate01:
        values.push_back(poisson(0.1 * day));
        break;
      case Family::kCountRate1:
        values.push_back(poisson(day));
        break;
      case Family::kCountRate10:
        values.push_back(poisson(10 * day));
        break;
      case Family::kCountRate100:
        values.push_back(poisson(100 * day));
        break;
      case Family::kCountRate1000:
        values.push_back(poisson(1000 * day));
        break;
      case Family::kCounterPerSecond:
        values.push_back(poisson(100 * day) / 10);
        break;
      case Family::kGaugeTwoDecimals:
        level += normal(0, 5);
        values.push_back(decimal(level, 100));
        break;
      case Family::kTimerOneDecimal:
        values.push_back(decimal(std::exp(normal(3, 0.3)) * day, 10));
        break;
      case Family::kTimerThreeDecimals:
        values.push_back(decimal(std::exp(normal(3, 0.3)) * day, 1000));
        break;
      case Family::kPercentOneDecimal:
        level = std::clamp(level / 2 + normal(0, 1), 0.0, 100.0) * 2;
        values.push_back(decimal(level / 2, 10));
        break;
      case Family::kPercentTwoDecimals:
        level = std::clamp(level / 2 + normal(0, 1), 0.0, 100.0) * 2;
        values.push_back(decimal(level / 2, 100));
        break;
      case Family::kConstant:
        values.push_back(42);
        break;
      case Family::kZeroHeavy:
        values.push_back(uniform(0, 1) < 0.02 ? poisson(20) : 0);
        break;
      case Family::kPageBytes:
        level += normal(0, 40);
        values.push_back(std::round(std::abs(level) * 100) * 4096);
        break;
      case Family::kBytesPerWindow:
        values.push_back(std::round(1e6 * day + normal(0, 1e5)));
        break;
      case Family::kMonotone:
        level += std::round(1e6 * day + normal(0, 1e5));
        values.push_back(std::round(level));
        break;
      case Family::kDropsToZero:
        values.push_back(uniform(0, 1) < 0.01 ? 0 : poisson(1000));
        break;
      case Family::kCountWithSpikes:
        values.push_back(uniform(0, 1) < 0.01 ? std::round(uniform(1e8, 1e9)) : poisson(10));
        break;
      case Family::kStandingFullPrecision:
        if (uniform(0, 1) < 0.1) level = uniform(100, 200);
        values.push_back(level);
        break;
      case Family::kNoise:
        values.push_back(normal(100, 10));
        break;
      case Family::kRatio: {
        const double all = poisson(1000) + 1;
        values.push_back(1 - poisson(20) / all);
        break;
      }
      case Family::kHuge:
        values.push_back(uniform(-1e300, 1e300));
        break;
      case Family::kTiny:
        values.push_back(uniform(0, 1) < 0.1 ? std::numeric_limits<double>::denorm_min()
                                             : uniform(0, 1e-300));
        break;
      case Family::kMixedSigns:
        values.push_back(uniform(0, 1) < 0.05 ? -0.0 : decimal(normal(0, 100), 10));
        break;
    }
  }
  return values;
}

}  // namespace tocsin::series
