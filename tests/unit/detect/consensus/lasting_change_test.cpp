#include "src/detect/consensus/lasting_change.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr int kDay = 288;
constexpr float kPerWeek = 1.0F / 2016;  // rows of five minutes

PointContext at(int row, double value) {
  PointContext point;
  point.value = static_cast<float>(value);
  point.scale.least = 1e-3F;
  point.hour = static_cast<std::uint32_t>(row % kDay * 24 / kDay);
  point.second_day = row >= kDay;
  return point;
}

using Values = std::function<double(int row, std::mt19937& random)>;

double daily(int row, std::mt19937& random) {
  return 50 * std::sin(row * 6.2831853 / kDay) + std::normal_distribution<>(0, 5)(random);
}
double heavy(int /*row*/, std::mt19937& random) {
  return std::pow(std::uniform_real_distribution<>(1e-9, 1)(random), -0.4);
}
double counts(int /*row*/, std::mt19937& random) {
  return random() % 10 == 0 ? 1 + std::poisson_distribution<>(3)(random) : 0;
}

struct Watched {
  LastingChange lasting;
  std::mt19937 random{3};
  int row = 0;

  // How many of `rows` rows are beyond what comes once in ten weeks.
  int watch(int rows, const Values& values) {
    int beyond = 0;
    for (int i = 0; i < rows; ++i, ++row) {
      beyond += lasting.update(at(row, values(row, random)), 0.1F * kPerWeek).beyond ? 1 : 0;
    }
    return beyond;
  }
};

Watched after_a_week(const Values& values) {
  Watched watched;
  watched.lasting.start(300);
  CHECK(watched.watch(7 * kDay, values) == 0);
  return watched;
}

TEST_CASE("weeks of noise of any law hold few lasting changes") {
  for (const Values& values : {Values(daily), Values(heavy), Values(counts)}) {
    CHECK(after_a_week(values).watch(20 * kDay, values) <= 2);
  }
}

TEST_CASE("a step of three deviations is one within two hours") {
  CHECK(after_a_week(daily).watch(
            24, [](int row, std::mt19937& random) { return daily(row, random) + 15; }) > 0);
  CHECK(after_a_week(daily).watch(
            24, [](int row, std::mt19937& random) { return daily(row, random) - 15; }) > 0);
  CHECK(after_a_week(counts).watch(
            24, [](int row, std::mt19937& random) { return counts(row, random) + 3; }) > 0);
}

TEST_CASE("so are silence and another width, each where no value is a record") {
  CHECK(after_a_week(heavy).watch(48, [](int, std::mt19937&) { return 0; }) > 0);
  CHECK(after_a_week(daily).watch(48, [](int row, std::mt19937& random) {
    return daily(row, random) + std::normal_distribution<>(0, 20)(random);
  }) > 0);
}

TEST_CASE("what was constant and moves is one, and then learns its new measure") {
  Watched watched = after_a_week([](int, std::mt19937&) { return 7; });
  const Values noise = [](int, std::mt19937& random) {
    return 7 + std::normal_distribution<>(0, 2)(random);
  };
  CHECK(watched.watch(kDay, noise) > 0);
  (void)watched.watch(5 * kDay, noise);
  CHECK(watched.watch(5 * kDay, noise) == 0);
}

TEST_CASE("nothing is judged before the start, nor on the first day") {
  LastingChange lasting;
  CHECK_FALSE(lasting.started());
  for (int row = 2 * kDay; row < 3 * kDay; ++row) {
    REQUIRE_FALSE(lasting.update(at(row, row % 2 == 0 ? 1 : 1e6), 1).beyond);
  }
  lasting.start(300);
  for (int row = 0; row < kDay; ++row) {
    REQUIRE_FALSE(lasting.update(at(row, row < 200 ? 1 : 1e6), 1).beyond);
  }
}

TEST_CASE("across a gap the sums do not go on") {
  Watched watched = after_a_week(daily);
  const Values higher = [](int row, std::mt19937& random) { return daily(row, random) + 15; };
  int beyond = 0;
  for (int i = 0; i < 30; ++i) {
    beyond += watched.watch(1, higher);
    PointContext late = at(watched.row, daily(watched.row, watched.random));
    late.after_gap = true;
    beyond += watched.lasting.update(late, 0.1F * kPerWeek).beyond ? 1 : 0;
    ++watched.row;
  }
  CHECK(beyond == 0);
}

TEST_CASE("a restored one finds the same, whatever the values") {
  Watched watched = after_a_week(heavy);
  (void)watched.watch(50, [](int row, std::mt19937&) { return row % 2 == 0 ? 2e21 : -2e21; });
  std::string state;
  StateWriter out(state);
  LastingChange::visit_state(watched.lasting, out);
  LastingChange restored;
  StateReader in(state);
  LastingChange::visit_state(restored, in);
  REQUIRE(in.finished());
  for (int i = 0; i < 500; ++i, ++watched.row) {
    const PointContext point = at(watched.row, heavy(watched.row, watched.random));
    const auto expected = watched.lasting.update(point, kPerWeek);
    const auto found = restored.update(point, kPerWeek);
    REQUIRE(found.beyond == expected.beyond);
    REQUIRE(found.expected_per_row == expected.expected_per_row);
  }
}

}  // namespace
}  // namespace tocsin::detect::consensus
