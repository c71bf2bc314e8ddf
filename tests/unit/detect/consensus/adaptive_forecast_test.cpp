#include "src/detect/consensus/adaptive_forecast.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace tocsin::detect::consensus {
namespace {

const Scale kUnitScale{.median = 0, .spread = 2, .full = 2, .least = 0.01F, .unit = 1};

TEST_CASE("a forecast needs eight values in a row") {
  AdaptiveForecast forecast;
  for (int i = 0; i < 8; ++i) {
    REQUIRE_FALSE(forecast.forecast(kUnitScale));
    forecast.learn(1, std::nullopt, kUnitScale);
  }
  CHECK(forecast.forecast(kUnitScale));
  forecast.forget_history();
  CHECK_FALSE(forecast.forecast(kUnitScale));
}

TEST_CASE("it learns to continue a wave") {
  AdaptiveForecast forecast;
  float worst = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto value = static_cast<float>(std::sin(0.3 * i));
    const std::optional<float> expected = forecast.forecast(kUnitScale);
    if (i >= 2500) worst = std::max(worst, std::abs(value - *expected));
    forecast.learn(value, expected, kUnitScale);
  }
  CHECK(worst < 0.02F);
}

TEST_CASE("a spike bends the filter no more than an error of one unit") {
  AdaptiveForecast spiked;
  AdaptiveForecast stepped;
  for (int i = 0; i < 100; ++i) {
    const auto value = static_cast<float>(std::sin(0.3 * i));
    spiked.learn(value, spiked.forecast(kUnitScale), kUnitScale);
    stepped.learn(value, stepped.forecast(kUnitScale), kUnitScale);
  }
  const std::optional<float> expected = spiked.forecast(kUnitScale);
  spiked.learn(*expected + 1000, expected, kUnitScale);
  stepped.learn(*expected + 1.5F, expected, kUnitScale);
  spiked.forget_history();
  stepped.forget_history();
  for (int i = 0; i < 8; ++i) {
    spiked.learn(static_cast<float>(i), std::nullopt, kUnitScale);
    stepped.learn(static_cast<float>(i), std::nullopt, kUnitScale);
  }
  CHECK(*spiked.forecast(kUnitScale) == *stepped.forecast(kUnitScale));
}

TEST_CASE("values at the limit leave it finite") {
  AdaptiveForecast forecast;
  for (int i = 0; i < 1000; ++i) {
    const float value = i % 3 == 0 ? 2e21F : -2e21F;
    forecast.learn(value, forecast.forecast(kUnitScale), kUnitScale);
  }
  CHECK(std::isfinite(*forecast.forecast(kUnitScale)));
}

}  // namespace
}  // namespace tocsin::detect::consensus
