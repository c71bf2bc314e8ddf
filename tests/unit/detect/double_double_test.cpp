#include "src/detect/double_double.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

namespace tocsin::detect {
namespace {

TEST_CASE("what one double would have lost is still there when the large number has left") {
  DoubleDouble sum;
  sum.add(1.25);
  sum.add(1e25);
  sum.add(-1e25);
  CHECK(sum.value() == 1.25);
}

TEST_CASE("products are exact") {
  DoubleDouble sum;
  const double a = 1 + 0x1p-40;
  sum.add_product(a, a);
  sum.add(-1);
  sum.add(-0x1p-39);
  CHECK(sum.value() == 0x1p-80);
}

TEST_CASE("products with a whole number are exact") {
  DoubleDouble sum;
  const double a = 1 + 0x1p-52;
  const double whole = 0x1p25 + 1;
  sum.add_product_of_whole(a, whole);
  sum.add(-whole);
  sum.add(-0x1p-27);
  CHECK(sum.value() == 0x1p-52);
}

TEST_CASE("numbers that all leave again leave nothing worth mention behind") {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal(1e9, 1e3);
  std::vector<double> values(10'000);
  DoubleDouble squares;
  for (double& value : values) {
    value = normal(random);
    squares.add_product(value, value);
  }
  const double largest = squares.high;
  for (const double value : values) squares.add_product(-value, value);
  CHECK(std::abs(squares.value()) < 1e-27 * largest);
}

TEST_CASE("quotients of squares and multiples are good to far more than a double") {
  DoubleDouble sum;
  sum.add(3);
  sum.add(0x1p-60);
  DoubleDouble rest = sum.square_over(7);  // (9 + 6 * 2^-60 + ..) / 7
  rest = rest.times(7);
  rest.add(-9);
  CHECK(rest.value() == doctest::Approx(6 * 0x1p-60).epsilon(1e-9));
}

}  // namespace
}  // namespace tocsin::detect
