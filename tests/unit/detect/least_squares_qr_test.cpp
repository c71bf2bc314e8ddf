#include "src/detect/least_squares_qr.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace tocsin::detect {
namespace {

TEST_CASE("residuals of every leading subset and the last t are those of a fit by hand") {
  // y = 1, 3, 2, 5 over x = 0, 1, 2, 3: mean 2.75, slope 1.1, residual squares 8.75 and 2.7.
  std::vector<double> columns{1, 1, 1, 1, 0, 1, 2, 3};
  std::vector<double> target{1, 3, 2, 5};
  const QrFit fit = fit_qr(columns, 2, target);
  CHECK(fit.rank == 2);
  CHECK(fit.residual_squares[0] == doctest::Approx(39));
  CHECK(fit.residual_squares[1] == doctest::Approx(8.75));
  CHECK(fit.residual_squares[2] == doctest::Approx(2.7));
  CHECK(fit.last_t == doctest::Approx(1.1 / std::sqrt(2.7 / 2 / 5)));
}

TEST_CASE("a column that the earlier ones explain is left out") {
  SUBCASE("in the middle it changes nothing but the rank") {
    std::vector<double> columns{1, 1, 1, 1, 2, 2, 2, 2, 0, 1, 2, 3};
    std::vector<double> target{1, 3, 2, 5};
    const QrFit fit = fit_qr(columns, 3, target);
    CHECK(fit.rank == 2);
    CHECK(fit.residual_squares[2] == doctest::Approx(8.75));
    CHECK(fit.residual_squares[3] == doctest::Approx(2.7));
    CHECK(fit.last_t == doctest::Approx(1.1 / std::sqrt(2.7 / 2 / 5)));
  }
  SUBCASE("as the last one it has no t") {
    std::vector<double> columns{1, 1, 1, 1, 2, 2, 2, 2};
    std::vector<double> target{1, 3, 2, 5};
    CHECK(std::isnan(fit_qr(columns, 2, target).last_t));
  }
  SUBCASE("a column of zeros is one") {
    std::vector<double> columns{0, 0, 0};
    std::vector<double> target{1, 2, 3};
    const QrFit fit = fit_qr(columns, 1, target);
    CHECK(fit.rank == 0);
    CHECK(fit.residual_squares[1] == doctest::Approx(14));
  }
}

TEST_CASE("no rows to spare leave no t") {
  std::vector<double> columns{1, 1, 0, 1};
  std::vector<double> target{1, 3};
  CHECK(std::isnan(fit_qr(columns, 2, target).last_t));
}

}  // namespace
}  // namespace tocsin::detect
