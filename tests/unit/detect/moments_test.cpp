#include "src/detect/moments.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace tocsin::detect {
namespace {

Moments moments(const std::vector<double>& values) {
  return moments_of(values);
}

TEST_CASE("mean and both deviations follow the definitions") {
  const Moments found = moments({2, 4, 4, 4, 5, 5, 7, 9});
  CHECK(found.mean == 5);
  CHECK(found.population_deviation() == 2);
  CHECK(found.sample_deviation() == doctest::Approx(std::sqrt(32.0 / 7.0)));
}

TEST_CASE("a constant series has its value as mean and no spread at all") {
  const std::vector<double> values(1001, 0.1);
  CHECK(moments(values).mean == 0.1);
  CHECK(moments(values).population_deviation() == 0);
}

TEST_CASE("a large offset costs no digits of the deviation") {
  const Moments found = moments({1e15 + 1, 1e15 + 2, 1e15 + 3, 1e15 + 4});
  CHECK(found.sample_deviation() == doctest::Approx(std::sqrt(5.0 / 3.0)).epsilon(1e-14));
}

TEST_CASE("a far off first value does not spoil the sums") {
  std::vector<double> values{1e15};
  for (int i = 0; i < 1000; ++i) values.push_back(i % 2);
  // One value v over a mean of m ~ v / n: squares ~ v^2 (1 - 1/n).
  const double n = 1001;
  CHECK(moments(values).mean == doctest::Approx((1e15 + 500) / n).epsilon(1e-15));
  CHECK(moments(values).squares == doctest::Approx(1e30 * (1 - 1 / n)).epsilon(1e-9));
}

TEST_CASE("too few values leave deviation and mean undefined") {
  CHECK(std::isnan(moments({}).mean));
  CHECK(std::isnan(moments({}).population_deviation()));
  CHECK(moments({7}).mean == 7);
  CHECK(moments({7}).population_deviation() == 0);
  CHECK(std::isnan(moments({7}).sample_deviation()));
}

TEST_CASE("the tail is the mean of the last three, or the last of fewer") {
  CHECK(tail_of(std::vector<double>{5}) == 5);
  CHECK(tail_of(std::vector<double>{5, 8}) == 8);
  CHECK(tail_of(std::vector<double>{100, 1, 2, 6}) == 3);
}

}  // namespace
}  // namespace tocsin::detect
