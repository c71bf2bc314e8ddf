#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;

// Bins of width 1 over [0, 15], `common` points at `level`, then the tail.
bool fires_at_tail(std::size_t common, double level, const std::vector<double>& tail) {
  std::vector<double> values{0, 15};
  values.insert(values.end(), common, level);
  values.insert(values.end(), tail.begin(), tail.end());
  return fires(histogram_bins, Evenly(values));
}

TEST_CASE("histogram_bins fires up to twenty points in the tail's bin") {
  CHECK(fires_at_tail(17, 7.5, {7.5, 7.5, 7.5}));
  CHECK_FALSE(fires_at_tail(18, 7.5, {7.5, 7.5, 7.5}));
}

TEST_CASE("histogram_bins does not fire at the maximum nor inside the first bin") {
  CHECK_FALSE(fires_at_tail(100, 7.5, {15, 15, 15}));
  CHECK(fires_at_tail(100, 7.5, {14.5, 14.5, 14.5}));
  CHECK_FALSE(fires_at_tail(100, 7.5, {0.5, 0.5, 0.5}));
  CHECK(fires_at_tail(100, 7.5, {0, 0, 0}));
}

TEST_CASE("histogram_bins counts a value on an edge in the bin above") {
  CHECK(fires_at_tail(100, 7.999, {8, 8, 8}));
  CHECK_FALSE(fires_at_tail(100, 8, {8.5, 8.5, 8.5}));
}

}  // namespace
}  // namespace tocsin::detect
