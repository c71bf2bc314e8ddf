#include <doctest/doctest.h>

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;
using test::Rule;
using test::zeros_then;

TEST_CASE("a day of zeros needs so many points before a clean spike is seen") {
  // The smallest lengths that fire, from the reference's own table.
  const struct {
    const char* name;
    Rule rule;
    std::size_t one_spike;
    std::size_t three_spikes;
  } kTable[] = {{"subtraction", mean_subtraction_cumulation, 3, 22},
                {"moving average", stddev_from_moving_average, 13, 45},
                {"least squares", least_squares, 86, 31},
                {"average", stddev_from_average, 87, 31},
                {"grubbs", grubbs, 111, 28}};
  for (const auto& row : kTable) {
    INFO(std::string(row.name));
    CHECK(fires(row.rule, zeros_then(1000, row.one_spike, 1)));
    CHECK_FALSE(fires(row.rule, zeros_then(1000, row.one_spike - 1, 1)));
    CHECK(fires(row.rule, zeros_then(1000, row.three_spikes, 3)));
    CHECK_FALSE(fires(row.rule, zeros_then(1000, row.three_spikes - 1, 3)));
  }
}

TEST_CASE("no points fire nothing and one point only the histogram") {
  for (const Detector& detector : skyline()) {
    INFO(std::string(detector.name));
    CHECK_FALSE(fires(detector.judge, Evenly({})));
    CHECK(fires(detector.judge, Evenly({5})) == (detector.name == "histogram_bins"));
  }
}

TEST_CASE("two points fire nothing that needs a spread") {
  for (const Detector& detector : skyline()) {
    INFO(std::string(detector.name));
    if (detector.name == "histogram_bins") continue;
    CHECK_FALSE(fires(detector.judge, Evenly({5, 6})));
  }
}

TEST_CASE("a constant day fires nothing") {
  for (const Detector& detector : skyline()) {
    INFO(std::string(detector.name));
    CHECK_FALSE(fires(detector.judge, Evenly(std::vector<double>(8640, 42))));
  }
}

TEST_CASE("a NaN among the values fires nothing and breaks nothing") {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i) values.push_back(i % 7);
  values[350] = values[399] = std::numeric_limits<double>::quiet_NaN();
  for (const Detector& detector : skyline()) {
    INFO(std::string(detector.name));
    CHECK_FALSE(fires(detector.judge, Evenly(values)));
  }
}

}  // namespace
}  // namespace tocsin::detect
