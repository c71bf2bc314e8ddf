// Votes from running state against those of the straight code, point by point.
#include "src/detect/running_skyline.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>
#include <string>

#include "src/detect/ensemble.hpp"
#include "src/detect/running_ensemble.hpp"
#include "src/detect/skyline.hpp"
#include "tests/unit/detect/sliding_window.hpp"

namespace tocsin::detect {
namespace {

using test::SlidingWindow;

// 24 hours of 30 s: short, and dense enough for every detector.
constexpr std::int64_t kSlots = 2880;
constexpr double kStep_s = 30;
constexpr std::int64_t kFirstSlot = 1'700'000'000 / 30;

using Random = std::mt19937_64;

struct Family {
  std::string name;
  std::function<double(std::int64_t, Random&)> value;  // of point i; NaN: none
};

double normal(Random& random) {
  return std::normal_distribution<double>{}(random);
}
bool chance(Random& random, double probability) {
  return std::bernoulli_distribution(probability)(random);
}

std::vector<Family> families() {
  return {
      {"noise", [](std::int64_t, Random& r) { return 100 + 10 * normal(r); }},
      {"noise with spikes and a shift",
       [](std::int64_t i, Random& r) {
         const double level = i > 3100 && i < 3400 ? 180 : 100;
         return level + 10 * normal(r) + (chance(r, 0.002) ? 500 : 0);
       }},
      {"counts",
       [](std::int64_t, Random& r) {
         return static_cast<double>(std::poisson_distribution<int>(4)(r));
       }},
      {"mostly zero",
       [](std::int64_t, Random& r) {
         return chance(r, 0.05) ? static_cast<double>(std::poisson_distribution<int>(9)(r)) : 0.0;
       }},
      {"of a day's shape",
       [](std::int64_t i, Random& r) {
         return 500 + 200 * std::sin(6.2832 * static_cast<double>(i) / kSlots) + 20 * normal(r);
       }},
      {"ratio", [](std::int64_t, Random& r) { return 0.01 + 0.001 * normal(r); }},
      {"walk", [level = 0.0](std::int64_t, Random& r) mutable { return level += normal(r); }},
      {"bytes counter",
       [level = 1e15](std::int64_t i, Random& r) mutable {
         return level += i % 700 == 0 ? 1e9 : std::floor(1e5 * (1.5 + normal(r)));
       }},
      {"large offset", [](std::int64_t, Random& r) { return 1e12 + normal(r); }},
      {"steps", [](std::int64_t i, Random&) { return static_cast<double>(i / 150 % 7); }},
      {"flat, then a ramp",
       [](std::int64_t i, Random&) {
         return i < 3000 ? 5.0 : 5.0 + static_cast<double>(i - 3000);
       }},
      {"wild range",
       [](std::int64_t i, Random& r) {
         const double count = static_cast<double>(std::poisson_distribution<int>(20)(r));
         return i % 997 == 500 ? std::pow(10.0, 6.0 + static_cast<double>(i / 997) * 2) : count;
       }},
      {"with gaps",
       [](std::int64_t i, Random& r) {
         const bool missing = chance(r, 0.2) || (i > 1500 && i < 1700) || (i > 3300 && i < 3900);
         return missing ? NAN : 50 + 5 * normal(r) + (chance(r, 0.01) ? 60 : 0);
       }},
      {"sparse", [](std::int64_t i, Random& r) { return i % 20 == 0 ? 50 + 5 * normal(r) : NAN; }},
  };
}

// Whether rounding alone may have decided.
bool is_borderline(const Vote& vote) {
  const double distance = std::abs(vote.statistic - vote.threshold);
  return !(distance > 1e-9 * std::abs(vote.threshold));
}

// `level`: of the values they were computed from, of which nothing better than rounding is left.
bool about_equal(double a, double b, double level) {
  return a == b || (std::isnan(a) && std::isnan(b)) ||
         std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b)) + 1e-13 * std::abs(level);
}

// Judges the newest point in both ways.
void compare(RunningSkyline& state, SlidingWindow& window, Scratch& scratch) {
  static const Ensemble by_quorum;
  static const Ensemble as_run = *Ensemble::parse("skyline", 6, Consensus::kSkylineCompat);
  static const RunningEnsemble running_by_quorum(by_quorum);
  static const RunningEnsemble running_as_run(as_run);
  const Verdict straight = by_quorum.judge(window.whole(), scratch);
  const Verdict straight_as_run = as_run.judge(window.whole(), scratch);

  REQUIRE(state.skip() == straight.skip);
  CHECK(running_by_quorum.decide(state, window, scratch) == straight.alarming);
  CHECK(running_as_run.decide(state, window, scratch) == straight_as_run.alarming);

  const Verdict running = running_by_quorum.judge(state, window, scratch);
  REQUIRE(running.size == straight.size);
  CHECK(running.value == straight.value);
  for (std::size_t i = 0; i < straight.size; ++i) {
    INFO(by_quorum.detectors()[i].name);
    const Vote& expected = straight.votes[i];
    const Vote& vote = running.votes[i];
    if (is_borderline(expected)) continue;
    CHECK(vote.fired == expected.fired);
    CHECK(vote.abstained == expected.abstained);
    // What the bracket of the median knows, and counts that were broken off, are bounds only.
    const std::string_view name = by_quorum.detectors()[i].name;
    if (name == "median_absolute_deviation" || name == "histogram_bins") continue;
    CHECK(about_equal(vote.statistic, expected.statistic, straight.value));
    CHECK(about_equal(vote.threshold, expected.threshold, straight.value));
    CHECK(about_equal(vote.expected_low, expected.expected_low, straight.value));
    CHECK(about_equal(vote.expected_high, expected.expected_high, straight.value));
  }
}

TEST_CASE("votes are those of the straight code") {
  std::uint64_t seed = 1;
  for (Family& family : families()) {
    INFO(family.name);
    Random random(seed++);
    SlidingWindow window(kSlots, kStep_s);
    RunningSkyline state;
    Scratch scratch;
    for (std::int64_t i = 0; i < 4500; ++i) {
      const double value = family.value(i, random);
      if (std::isnan(value)) continue;
      window.add(kFirstSlot + i, value, state);
      // The straight code takes a fifth of a millisecond a point.
      const bool eventful = i < 30 || (i > 3090 && i < 3150);
      if (!eventful && i % 41 != 0 && i % 997 < 495) continue;
      if (!eventful && i % 11 != 0) continue;
      INFO("point ", i);
      compare(state, window, scratch);
    }
  }
}

TEST_CASE("sums recover from a huge value once it has left") {
  SlidingWindow window(kSlots, kStep_s);
  RunningSkyline state;
  Scratch scratch;
  Random random(3);
  const Ensemble ensemble;
  const RunningEnsemble running(ensemble);
  for (std::int64_t i = 0; i < 7000; ++i) {
    window.add(kFirstSlot + i, i == 1000 ? 1e150 : 10 + normal(random), state);
    if (i == 5000) window.reads = 0;
    (void)running.decide(state, window, scratch);
  }
  CHECK_FALSE(state.sums().is_worn());
  CHECK(window.reads < 10);
}

TEST_CASE("values whose squares are infinite are judged by the straight code") {
  SlidingWindow window(kSlots, kStep_s);
  RunningSkyline state;
  Scratch scratch;
  Random random(3);
  for (std::int64_t i = 0; i < 400; ++i) {
    window.add(kFirstSlot + i, 1e200 * normal(random), state);
    if (i % 40 == 0) compare(state, window, scratch);
  }
}

TEST_CASE("an empty window is too short, and equal values are boring") {
  RunningSkyline state;
  CHECK(state.skip() == Skip::kTooShort);
  SlidingWindow window(kSlots, kStep_s);
  for (std::int64_t i = 0; i < 120; ++i) {
    window.add(kFirstSlot + i, i < 10 ? 1.0 : 2.0, state);
    CHECK((state.skip() == Skip::kBoring) == (i < 10 ? true : i >= 109));
  }
}

TEST_CASE("every detector of Skyline has a running form") {
  for (const Detector& detector : skyline()) {
    CHECK(find_running_detector(detector.judge) != nullptr);
  }
}

}  // namespace
}  // namespace tocsin::detect
