#include "src/series/aggregate.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace tocsin::series {
namespace {

TEST_CASE("an empty aggregate changes nothing it is merged into") {
  Aggregate all = aggregate_of(std::vector<double>{1, 2, 3});
  all.merge({});
  CHECK(all.count == 3);
  CHECK(all.min == 1);
  CHECK(all.max == 3);
  CHECK(all.sum == 6);
  CHECK(all.m2 == 2);
  CHECK(all.sum_squares() == 14);
}

TEST_CASE("merged parts equal the whole, also far from zero") {
  std::mt19937_64 random(2);
  std::normal_distribution<double> noise(1e9, 1);
  std::vector<double> values(5000);
  for (double& value : values) value = noise(random);
  Aggregate merged;
  const std::span<const double> all(values);
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t length = std::min<std::size_t>(1 + random() % 200, all.size() - at);
    merged.merge(aggregate_of(all.subspan(at, length)));
    at += length;
  }
  long double sum = 0;
  for (const double value : values) sum += value;
  const long double mean = sum / 5000;
  long double m2 = 0;
  for (const double value : values) m2 += (value - mean) * (value - mean);
  CHECK(merged.count == 5000);
  CHECK(merged.sum == doctest::Approx(static_cast<double>(sum)).epsilon(1e-14));
  CHECK(merged.m2 == doctest::Approx(static_cast<double>(m2)).epsilon(1e-7));
}

}  // namespace
}  // namespace tocsin::series
