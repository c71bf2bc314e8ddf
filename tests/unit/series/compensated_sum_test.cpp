#include "src/series/compensated_sum.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace tocsin::series {
namespace {

CompensatedSum sum_of(std::initializer_list<double> terms) {
  CompensatedSum sum;
  for (const double term : terms) sum.add(term);
  return sum;
}

TEST_CASE("what a plain addition loses is kept, whichever of the two is larger") {
  CHECK(sum_of({}).value() == 0);
  CHECK(sum_of({1, 1e100, 1, -1e100}).value() == 2);  // where Kahan's own form says 0
  CHECK(sum_of({1e16, 1, 1, -1e16}).value() == 2);
  CHECK(sum_of({-1e16, -1, 1e16}).value() == -1);
}

TEST_CASE("a million small terms keep the digits that a plain sum loses") {
  CompensatedSum sum;
  double plain = 1e9;
  sum.add(1e9);
  for (int i = 0; i < 1'000'000; ++i) {
    sum.add(1e-8);
    plain += 1e-8;
  }
  CHECK(plain == 1e9);
  CHECK(sum.value() == doctest::Approx(1e9 + 0.01).epsilon(1e-15));
}

TEST_CASE("sums of parts add up to the sum of the whole") {
  std::mt19937_64 random(11);
  CompensatedSum whole;
  CompensatedSum merged;
  CompensatedSum part;
  long double exact = 0;
  double magnitude = 0;
  for (int i = 1; i <= 10'000; ++i) {
    const double term =
        std::ldexp(std::normal_distribution<double>()(random), static_cast<int>(random() % 60));
    exact += term;
    magnitude += std::abs(term);
    whole.add(term);
    part.add(term);
    if (i % 100 != 0) continue;
    merged.add(part);
    part = {};
  }
  const auto expected = static_cast<double>(exact);
  // The long double has 64 bits of its own to lose from.
  CHECK(std::abs(whole.value() - expected) <= 1e-16 * magnitude);
  CHECK(std::abs(merged.value() - expected) <= 1e-16 * magnitude);
}

TEST_CASE("beyond the range of a double the sum is infinite, not a NaN") {
  constexpr double kMax = std::numeric_limits<double>::max();
  CHECK(sum_of({kMax, kMax}).value() == std::numeric_limits<double>::infinity());
  CHECK(sum_of({-kMax, -kMax}).value() == -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace tocsin::series
