#include "src/detect/memory/hour_means.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "src/detect/memory/clock_of_day.hpp"

namespace tocsin::detect {
namespace {

double hour_value(double time_s) {
  return 100 + 50 * std::sin(std::floor(time_s / 3600) * 6.2831853 / 24);
}

TEST_CASE("what comes each day at its hour leaves nothing") {
  HourMeans<double> profile;
  double last = 1;
  for (double time_s = 0; time_s < 5 * 86400; time_s += 300) {
    last = profile.residual(hour_of_day(time_s), hour_value(time_s));
  }
  CHECK(last == doctest::Approx(0));
  CHECK(profile.residual(hour_of_day(5 * 86400.0), hour_value(0) + 30) == doctest::Approx(30));
  CHECK(profile.expected() == doctest::Approx(hour_value(0)));
}

TEST_CASE("the first point of an hour leaves nothing") {
  HourMeans<double> profile;
  CHECK(profile.residual(hour_of_day(0), 7) == 0);
  CHECK(profile.residual(hour_of_day(3600), -900) == 0);
}

TEST_CASE("one wild point hardly teaches its hour") {
  HourMeans<double> profile;
  for (double time_s = 0; time_s < 10 * 86400; time_s += 300) {
    const double ripple = std::fmod(time_s, 600) == 0 ? 1 : -1;
    (void)profile.residual(hour_of_day(time_s), 10 + ripple);
  }
  (void)profile.residual(hour_of_day(10 * 86400.0), 1e9);
  CHECK(std::abs(profile.residual(hour_of_day(10 * 86400.0 + 300), 10)) < 2);
}

TEST_CASE("times before the epoch have hours too") {
  HourMeans<double> profile;
  CHECK(profile.residual(hour_of_day(-1800), 5) == 0);            // 23:30
  CHECK(profile.residual(hour_of_day(-1800 + 86400.0), 6) == 1);  // a day later
}

TEST_CASE("faster rows learn in proportion") {
  HourMeans<double> by_minute(1);
  HourMeans<double> by_second(1.0 / 60);
  for (int i = 0; i < 3600 * 24; ++i) {
    const double value = i < 3600 * 12 ? 0 : 1;
    if (i % 60 == 0) (void)by_minute.residual(hour_of_day(static_cast<double>(i % 3600)), value);
    (void)by_second.residual(hour_of_day(static_cast<double>(i % 3600)), value);
  }
  CHECK(by_second.expected() == doctest::Approx(by_minute.expected()).epsilon(0.01));
}

}  // namespace
}  // namespace tocsin::detect
