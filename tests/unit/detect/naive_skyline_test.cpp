// Every detector against the slow oracle, over random series of many kinds.
#include "tests/unit/detect/naive_skyline.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "src/detect/ensemble.hpp"

namespace tocsin::detect {
namespace {

struct RandomSeries {
  std::vector<double> times_s;
  std::vector<double> values;
};

// Noise, counts with ties, a walk or returning noise, at a random scale, offset and step, with gaps
// and, half of the time, a shift of the last few or up to 70 points.
RandomSeries random_series(std::mt19937_64& random, std::size_t n) {
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::normal_distribution<double> noise;
  std::poisson_distribution<int> counts(uniform(0.2, 8));
  const int kind = std::uniform_int_distribution<int>(0, 3)(random);
  const double scale = std::pow(10, uniform(-1, 4));
  const double offset = uniform(0, 1) < 0.3 ? 1e6 : uniform(-5, 5);
  const double step_s = uniform(0, 1) < 0.5 ? 10 : uniform(0, 1) < 0.5 ? 12.5 : 300;
  const double missing = uniform(0, 1) < 0.3 ? 0.1 : 0;
  const bool shifted = uniform(0, 1) < 0.5;
  const double shift = scale * uniform(-8, 12);
  const std::size_t longest = uniform(0, 1) < 0.5 ? 5 : 70;
  const auto shift_from =
      n - std::min(n, std::uniform_int_distribution<std::size_t>(1, longest)(random));

  RandomSeries series;
  double time_s = 1.7e9;
  double level = 0;
  for (std::size_t i = 0; i < n; ++i) {
    time_s += step_s;
    while (uniform(0, 1) < missing) time_s += step_s;
    const double fresh = noise(random);
    level = (kind == 2 ? 1.0 : 0.4) * level + fresh;
    double value = offset + scale * (kind == 0 ? fresh : level);
    if (kind == 1) value = counts(random);
    if (shifted && i >= shift_from) value += kind == 1 ? std::round(shift / scale) : shift;
    series.times_s.push_back(time_s);
    series.values.push_back(value);
  }
  return series;
}

TEST_CASE("every vote equals the slow oracle's unless rounding decides") {
  std::mt19937_64 random(20);
  const Ensemble ensemble;
  Scratch scratch;  // shared on purpose: what one window leaves must not reach the next
  std::map<std::string, int> fired;
  int doubtful = 0;
  for (int round = 0; round < 600; ++round) {
    const auto n = std::uniform_int_distribution<std::size_t>(0, round % 4 == 0 ? 12 : 700)(random);
    const RandomSeries series = random_series(random, n);
    const double now_s = series.times_s.empty() ? 0 : series.times_s.back() + round % 3 * 40;
    const Window window{series.times_s, series.values, now_s};
    const Verdict verdict = ensemble.judge(window, scratch);
    for (std::size_t i = 0; i < verdict.size; ++i) {
      const std::string name(ensemble.detectors()[i].name);
      INFO("round ", round, ", ", n, " points, ", name);
      const test::NaiveVote naive = test::naive_vote(name, window);
      doubtful += naive.in_doubt;
      if (naive.in_doubt) continue;
      CHECK(verdict.votes[i].fired == naive.fired);
      CHECK(verdict.votes[i].abstained == naive.abstained);
      fired[name] += naive.fired;
    }
  }
  for (const Voter& detector : ensemble.detectors()) {
    INFO("fired ", std::string(detector.name));
    CHECK(fired[std::string(detector.name)] >= 10);
  }
  CHECK(doubtful < 100);
}

}  // namespace
}  // namespace tocsin::detect
