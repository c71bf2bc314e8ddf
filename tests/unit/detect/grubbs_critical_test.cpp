#include "src/detect/grubbs_critical.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace tocsin::detect {
namespace {

TEST_CASE("critical values equal the published two-sided table at 0.05") {
  // F. Grubbs and G. Beck, Technometrics 14 (1972), table 1, 2.5 % in each tail.
  const struct {
    std::size_t n;
    double critical;
  } kTable[] = {{3, 1.155},  {4, 1.481},  {5, 1.715},  {10, 2.290},
                {20, 2.709}, {50, 3.128}, {100, 3.383}};
  for (const auto& row : kTable) {
    INFO("n = ", row.n);
    CHECK(grubbs_critical(row.n) == doctest::Approx(row.critical).epsilon(0.0008));
  }
}

TEST_CASE("a day of ten-second points needs 4.53 deviations") {
  CHECK(grubbs_critical(8640) == doctest::Approx(4.53).epsilon(0.001));
}

TEST_CASE("a remembered value equals the first one and its neighbours rise") {
  const double first = grubbs_critical(1000);
  CHECK(grubbs_critical(1000) == first);
  CHECK(grubbs_critical(999) < first);
  CHECK(grubbs_critical(20000) > grubbs_critical(16383));
}

TEST_CASE("fewer than three values have no critical value") {
  CHECK(std::isnan(grubbs_critical(0)));
  CHECK(std::isnan(grubbs_critical(2)));
}

}  // namespace
}  // namespace tocsin::detect
