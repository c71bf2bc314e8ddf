#include "src/detect/stationarity.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "src/detect/adf.hpp"

namespace tocsin::detect {
namespace {

using Values = std::vector<double>;

struct Source {
  std::string name;
  std::function<double(std::size_t i, double before)> next;
};

// What series are like, from noise to what lies on a line, and values at the edges of a double.
std::vector<Source> sources(std::mt19937_64& random) {
  const auto noise = [&random] { return std::normal_distribution<double>()(random); };
  const auto count = [&random](double mean) {
    return static_cast<double>(std::poisson_distribution<int>(mean)(random));
  };
  return {
      {"noise", [=](std::size_t, double) { return noise(); }},
      {"near a unit root", [=](std::size_t, double before) { return 0.95 * before + noise(); }},
      {"at a unit root", [=](std::size_t, double before) { return before + noise(); }},
      {"noise on 1000", [=](std::size_t, double) { return 1000 + noise(); }},
      {"noise on 1e9", [=](std::size_t, double) { return 1e9 + noise(); }},
      {"counts", [=](std::size_t, double) { return count(5); }},
      {"rare counts", [=](std::size_t, double) { return count(0.02); }},
      {"large spikes",
       [=](std::size_t, double) { return noise() + (count(0.01) > 0 ? 1e6 : 0.0); }},
      {"a wave", [=](std::size_t i, double) { return std::sin(0.05 * static_cast<double>(i)); }},
      {"a wave with noise",
       [=](std::size_t i, double) {
         return std::sin(0.1 * static_cast<double>(i)) + 0.1 * noise();
       }},
      {"a line", [=](std::size_t i, double) { return static_cast<double>(i); }},
      {"a line with noise",
       [=](std::size_t i, double) { return static_cast<double>(i) + noise(); }},
      {"alternating", [=](std::size_t i, double) { return i % 2 == 0 ? 1.0 : 2.0; }},
      {"five and five", [=](std::size_t i, double) { return i % 10 < 5 ? 1.0 : 3.0; }},
      {"growing", [=](std::size_t, double before) { return 1.1 * before + noise(); }},
      {"huge", [=](std::size_t, double) { return 1e160 * noise(); }},
      {"tiny", [=](std::size_t, double) { return 1e-170 * noise(); }},
      {"constant", [=](std::size_t, double) { return 7.0; }},
      {"a step", [=](std::size_t i, double) { return noise() + (i > 150 ? 20.0 : 0.0); }},
  };
}

Values draw(const Source& source, std::size_t count) {
  Values values;
  double last = 0;
  for (std::size_t i = 0; i < count; ++i) values.push_back(last = source.next(i, last));
  return values;
}

struct Tally {
  int windows = 0;
  int sure = 0;
  int stationary = 0;
};

// Compares many windows of one kind, of all lengths there may be, with the factorisations.
Tally compare(const Source& source, std::mt19937_64& random) {
  Scratch scratch;
  Tally tally;
  for (int i = 0; i < 400; ++i) {
    const std::size_t count = i % 4 == 0 ? 20 + random() % 340 : 300;
    const Values values = draw(source, count);
    const bool expected = dickey_fuller_tau(values, scratch, 0) < kStationaryTau;
    const std::optional<bool> sure = is_surely_stationary(values, scratch, 0);
    if (sure) CHECK(*sure == expected);
    CHECK(is_stationary(values, scratch, 0) == expected);
    ++tally.windows;
    tally.sure += sure ? 1 : 0;
    tally.stationary += expected ? 1 : 0;
  }
  return tally;
}

TEST_CASE("the quick answer is that of the factorisations, or none") {
  std::mt19937_64 random(11);
  for (const Source& source : sources(random)) {
    CAPTURE(source.name);
    compare(source, random);
  }
}

TEST_CASE("ordinary series are rarely in doubt") {
  std::mt19937_64 random(12);
  for (const Source& source : sources(random)) {
    if (source.name != "noise" && source.name != "near a unit root" && source.name != "counts" &&
        source.name != "a wave with noise") {
      continue;
    }
    CAPTURE(source.name);
    const Tally tally = compare(source, random);
    CHECK(tally.sure >= tally.windows * 9 / 10);
    CHECK(tally.stationary > 0);
  }
}

TEST_CASE("what has no tau is in doubt, and not stationary") {
  Scratch scratch;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double odd : {nan, infinite, -infinite}) {
    Values values = {1, 3, 2};
    for (int i = 0; i < 100; ++i) values.push_back(i % 7);
    values[50] = odd;
    CHECK_FALSE(is_surely_stationary(values, scratch, 0));
    CHECK_FALSE(is_stationary(values, scratch, 0));
  }
  CHECK_FALSE(is_surely_stationary(Values(23, 1.0), scratch, 0));
  CHECK_FALSE(is_stationary(Values(300, 5.0), scratch, 0));
}

}  // namespace
}  // namespace tocsin::detect
