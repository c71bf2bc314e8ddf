#include "src/series/log_buckets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace tocsin::series {
namespace {

TEST_CASE("the middle of a value's bucket is within the relative error, over the whole range") {
  std::mt19937_64 random(9);
  for (const double error : {0.0001, 0.001, 0.01, 0.05, 0.5}) {
    const LogBuckets buckets(error);
    double worst = 0;
    for (int i = 0; i < 200'000; ++i) {
      // Up to 2^1022, so that no bucket reaches past the range of double.
      const double exponent = static_cast<double>(random() % 2044) - 1022;
      const double mantissa = 1 + static_cast<double>(random() >> 11) * 0x1p-53;
      const double value = std::ldexp(mantissa, static_cast<int>(exponent));
      if (value < std::numeric_limits<double>::min()) continue;
      const double middle = buckets.middle(buckets.index(value));
      worst = std::max(worst, std::abs(middle - value) / value);
    }
    CHECK(worst <= error);
    CHECK(worst > error * 0.97);  // and no more buckets than needed
  }
}

TEST_CASE("indexes never fall as values rise") {
  const LogBuckets buckets(0.01);
  std::mt19937_64 random(10);
  for (int i = 0; i < 100'000; ++i) {
    const double value = std::exp(std::uniform_real_distribution<double>(-700, 700)(random));
    CHECK_FALSE(buckets.index(value) > buckets.index(std::nextafter(value, INFINITY)));
  }
  for (int exponent = -1070; exponent < 1023; ++exponent) {
    const double edge = std::ldexp(1.0, exponent);
    CHECK_FALSE(buckets.index(std::nextafter(edge, 0.0)) > buckets.index(edge));
  }
}

TEST_CASE("an error outside the permitted range is clamped") {
  CHECK(LogBuckets(0).relative_error() == LogBuckets::kLeastError);
  CHECK(LogBuckets(2).relative_error() == LogBuckets::kGreatestError);
}

}  // namespace
}  // namespace tocsin::series
