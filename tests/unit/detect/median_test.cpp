#include "src/detect/median.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace tocsin::detect {
namespace {

double median(std::vector<double> values) {
  return median_of(values);
}

TEST_CASE("the median of an odd count is the middle value") {
  CHECK(median({3}) == 3);
  CHECK(median({9, 1, 5}) == 5);
  CHECK(median({2, 2, 8, -1, 2}) == 2);
}

TEST_CASE("the median of an even count is the mean of the two middle values") {
  CHECK(median({1, 2}) == 1.5);
  CHECK(median({10, -4, 3, 5}) == 4);
}

TEST_CASE("no values have no median") {
  CHECK(std::isnan(median({})));
}

}  // namespace
}  // namespace tocsin::detect
