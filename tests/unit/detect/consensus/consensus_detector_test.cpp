#include "src/detect/consensus/consensus_detector.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/support/counting_new.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr double kStart_s = 1'400'000'000;
constexpr double kStep_s = 300;
constexpr int kDay = 288;

// A daily wave with noise; the same for the same row.
double daily(int row) {
  std::minstd_rand random(static_cast<std::uint32_t>(row) + 1);
  random.discard(3);
  return 150 + 30 * std::sin(2 * 3.14159265 * row / kDay) +
         10 * static_cast<double>(random()) / 2147483647.0;
}

Vote feed(ConsensusDetector& detector, int row, double value) {
  return detector.update({kStart_s + kStep_s * row, value});
}

ConsensusDetector after_rows(int rows) {
  ConsensusDetector detector;
  for (int i = 0; i < rows; ++i) feed(detector, i, daily(i));
  return detector;
}

TEST_CASE("it abstains while it learns, and says how long") {
  ConsensusDetector detector;
  for (int i = 0; i < 51; ++i) {
    const Vote vote = feed(detector, i, daily(i));
    REQUIRE(vote.abstained);
    REQUIRE_FALSE(vote.fired);
    REQUIRE(detector.reason() == "learning: " + std::to_string(i + 1) + " of the first 51 points");
  }
  CHECK_FALSE(feed(detector, 51, daily(51)).abstained);
  CHECK(detector.reason().find("its day is being learned for another 1 d 1 h") !=
        std::string::npos);
}

TEST_CASE("an ordinary week raises no alarm") {
  ConsensusDetector detector = after_rows(3 * kDay);
  int fired = 0;
  for (int i = 3 * kDay; i < 10 * kDay; ++i) fired += feed(detector, i, daily(i)).fired ? 1 : 0;
  CHECK(fired == 0);
}

TEST_CASE("a value far beyond all others fires, and says what was expected") {
  ConsensusDetector detector = after_rows(10 * kDay);
  const Vote vote = feed(detector, 10 * kDay, 412);
  CHECK(vote.fired);
  CHECK(vote.noticed);
  CHECK(vote.statistic >= vote.threshold);
  CHECK(vote.threshold == 0.166);
  CHECK(vote.expected_low < daily(10 * kDay));
  CHECK(vote.expected_high > daily(10 * kDay));
  CHECK(vote.expected_high < 200);
  CHECK(detector.opened_incident());
  const std::string reason = detector.reason();
  CHECK(reason.starts_with("value 412, expected 1"));
  CHECK(reason.find(" of 18 checks agree") != std::string::npos);
}

TEST_CASE("the value of noon is an alarm at midnight") {
  ConsensusDetector detector = after_rows(10 * kDay);
  bool fired = false;
  for (int i = 0; i < 6; ++i) {
    const int row = 10 * kDay + kDay * 3 / 4 + i;  // where the wave is lowest
    for (int j = 10 * kDay; i == 0 && j < row; ++j) feed(detector, j, daily(j));
    fired = feed(detector, row, 185).fired || fired;
  }
  CHECK(fired);
}

// Alarms of a series of that noise in the four weeks after two days.
int alarms_of_noise(double false_alarms_per_week, std::uint32_t seed) {
  ConsensusDetector detector(StreamDetectorOptions{false_alarms_per_week});
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> noise(3, 0.5);
  int alarms = 0;
  for (int i = 0; i < 30 * kDay; ++i) {
    feed(detector, i, noise(random));
    if (i >= 2 * kDay && detector.opened_incident()) ++alarms;
  }
  return alarms;
}

TEST_CASE("skewed noise is noticed each week, and is an alarm as often as was allowed") {
  int rarely = 0;
  int often = 0;
  for (std::uint32_t seed = 0; seed < 25; ++seed) {
    rarely += alarms_of_noise(0.1, seed);
    often += alarms_of_noise(1, seed);
  }
  CHECK(rarely <= 20);  // 100 weeks
  CHECK(often > 3 * rarely);
  CHECK(often <= 150);
}

TEST_CASE("what is allowed changes neither the score nor what is noticed") {
  ConsensusDetector strict(StreamDetectorOptions{0.001});
  ConsensusDetector loose(StreamDetectorOptions{100});
  for (int i = 0; i < 5 * kDay; ++i) {
    const double value = i % 400 == 399 ? daily(i) * 1.6 : daily(i);
    const Vote a = feed(strict, i, value);
    const Vote b = feed(loose, i, value);
    if (a.abstained) continue;
    REQUIRE(a.statistic == b.statistic);
    REQUIRE(a.noticed == b.noticed);
    REQUIRE(a.noticed == (a.statistic >= a.threshold));
  }
}

TEST_CASE("where any number of false alarms is allowed an ordinary point is none") {
  ConsensusDetector detector(StreamDetectorOptions{1e9});
  int fired = 0;
  for (int i = 0; i < 5 * kDay; ++i) fired += feed(detector, i, daily(i)).fired ? 1 : 0;
  CHECK(fired < 5 * kDay / 10);
}

TEST_CASE("values that stay away are an alarm, though none of them is out of range") {
  ConsensusDetector detector;
  std::mt19937_64 random(2);
  std::lognormal_distribution<double> noise(3, 0.5);
  for (int i = 0; i < 7 * kDay; ++i) feed(detector, i, noise(random));
  bool fired = false;
  std::string reason;
  for (int i = 7 * kDay; i < 7 * kDay + 48 && !fired; ++i) {
    fired = feed(detector, i, 0).fired;
    reason = detector.reason();
  }
  CHECK(fired);
  CHECK(reason.find("; by chance ") != std::string::npos);
}

TEST_CASE("an incident opens once and is told from the next by what was quiet between") {
  ConsensusDetector detector = after_rows(10 * kDay);
  const int first = 10 * kDay;
  feed(detector, first, 412);
  REQUIRE(detector.opened_incident());
  CHECK(detector.reason().find("first since") == std::string::npos);
  feed(detector, first + 1, 600);
  CHECK_FALSE(detector.opened_incident());
  CHECK(detector.incident_open());
  for (int i = first + 2; i < first + 2 + kDay; ++i) feed(detector, i, daily(i));
  CHECK_FALSE(detector.incident_open());
  feed(detector, first + 2 + kDay, 5000);
  CHECK(detector.opened_incident());
  CHECK(detector.reason().find("first since 1 d") != std::string::npos);
}

TEST_CASE("the same points give the same votes, bit for bit") {
  ConsensusDetector a;
  ConsensusDetector b;
  for (int i = 0; i < 4 * kDay; ++i) {
    const double value = i % 500 == 499 ? 1000 : daily(i);
    const Vote first = feed(a, i, value);
    const Vote second = feed(b, i, value);
    REQUIRE(first.abstained == second.abstained);
    if (!first.abstained) REQUIRE(first.statistic == second.statistic);
  }
}

TEST_CASE("a level far from zero costs no digits") {
  ConsensusDetector near;
  ConsensusDetector far;
  int differ = 0;
  for (int i = 0; i < 6 * kDay; ++i) {
    const double value = i == 5 * kDay ? 900 : daily(i);
    const bool fired = feed(near, i, value).fired;
    // The tolerance for a level of 1e6 is wider, by a thousandth of it: the values are, too.
    differ += feed(far, i, 1e6 + 1e4 * value).fired != fired ? 1 : 0;
  }
  CHECK(differ <= 1);
}

TEST_CASE("after a gap of a day the points that follow are judged as before") {
  ConsensusDetector detector = after_rows(10 * kDay);
  int fired = 0;
  for (int i = 11 * kDay; i < 14 * kDay; ++i) fired += feed(detector, i, daily(i)).fired ? 1 : 0;
  CHECK(fired == 0);
}

TEST_CASE("extreme values, constants and jumps of the clock leave it finite") {
  std::mt19937_64 random(10);
  const std::vector<double> values{
      0, 1e308, -1e308, 5e-324, 1e21, 1, -1, 1e-9, 18446744073709551615.0};
  ConsensusDetector detector;
  double time_s = -1e14;
  for (int i = 0; i < 20000; ++i) {
    time_s += random() % 100 == 0 ? 1e5 : 10;
    const double value = (i / 300) % 3 == 0 ? 7 : values[random() % values.size()];
    const Vote vote = detector.update({time_s, value});
    if (vote.abstained) continue;
    REQUIRE(std::isfinite(vote.statistic));
    REQUIRE(std::isfinite(vote.expected_low));
    REQUIRE(std::isfinite(vote.expected_high));
  }
  std::string state;
  detector.save(state);
  ConsensusDetector restored;
  CHECK(restored.restore(state));
}

TEST_CASE("a series slower than a day has no pattern of the day to learn") {
  ConsensusDetector detector;
  for (int i = 0; i < 200; ++i) detector.update({86400.0 * i, daily(i)});
  CHECK(detector.reason().find("its day") == std::string::npos);
  CHECK(detector.memory_bytes() == sizeof detector);
}

TEST_CASE("points cost no allocation once the step is known") {
  ConsensusDetector detector = after_rows(40);
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 40; i < 3 * kDay; ++i) feed(detector, i, daily(i));
  CHECK(tocsin::testing::heap_allocations() == before);
}

TEST_CASE("a series holds a few kilobytes, whatever arrived") {
  CHECK(after_rows(40).memory_bytes() <= 3900 + 300 * sizeof(float));
  ConsensusDetector fast;
  for (int i = 0; i < 40; ++i) fast.update({static_cast<double>(i), 1});
  CHECK(fast.memory_bytes() <= 3900 + 512 * sizeof(float));
}

}  // namespace
}  // namespace tocsin::detect::consensus
