#include "src/detect/consensus/excursions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr float kOrdinary = 1;  // all that is expected more than once a row

// One sum, in a lane of its own, while the others do something else.
class OneSum {
 public:
  float add(float score) {
    const Lanes scores{-score, score, 7, -7};
    return all_.add(scores)[kLane];
  }
  void restart() { all_.restart(kLane); }
  void abandon() { all_.abandon(); }

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    Excursions::visit_state(self.all_, state, kLane + 1);
  }

 private:
  static constexpr std::size_t kLane = 1;

  Excursions all_;
};

TEST_CASE("scores around their mean are ordinary, high ones in a row ever rarer") {
  OneSum excursions;
  std::mt19937 random(1);
  std::normal_distribution<float> noise(-1);
  for (int i = 0; i < 4000; ++i) (void)excursions.add(noise(random));
  CHECK(excursions.add(-50) > kOrdinary);
  float before = 1;
  for (int i = 0; i < 10; ++i) {
    const float now = excursions.add(3);
    if (i > 2) CHECK(now < before);
    before = now;
  }
  CHECK(before < 1e-6F);
}

TEST_CASE("after a restart or a gap the sum has to rise anew") {
  for (const bool gap : {false, true}) {
    OneSum excursions;
    for (int i = 0; i < 30; ++i) (void)excursions.add(3);
    gap ? excursions.abandon() : excursions.restart();
    CHECK(excursions.add(1) > kOrdinary);
  }
}

TEST_CASE("an excursion counts to its end, whatever was said of it on the way") {
  OneSum told;
  OneSum untold;
  for (int week = 0; week < 4; ++week) {
    for (int i = 0; i < 500; ++i) {
      const float score = i < 100 ? 1.5F : -1;
      if (told.add(score) < 1e-4F) told.restart();
      (void)untold.add(score);
    }
  }
  told.abandon();
  untold.abandon();
  for (int i = 0; i < 20; ++i) REQUIRE(told.add(3) == untold.add(3));
}

// What was predicted as `per_row` comes about so often, or less: for scores that depend on each
// other, too.
double share_beyond(float limit, double memory, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise;
  constexpr int kRows = 1'000'000;
  OneSum excursions;
  double level = 0;
  int beyond = 0;
  for (int i = 0; i < kRows; ++i) {
    level = memory * level + std::sqrt(1 - memory * memory) * noise(random);
    if (excursions.add(static_cast<float>(level) - 1) > limit) continue;
    ++beyond;
    excursions.restart();
  }
  return static_cast<double>(beyond) / kRows;
}

TEST_CASE("no more excursions come than were expected, three times at most") {
  for (const double memory : {0.0, 0.5, 0.9}) {
    for (const float limit : {1e-3F, 1e-4F}) {
      CAPTURE(memory);
      CAPTURE(limit);
      CHECK(share_beyond(limit, memory, 7) <= 3 * static_cast<double>(limit));
    }
  }
  // And not far fewer: it would be deaf.
  CHECK(share_beyond(1e-3F, 0.5, 8) >= 2e-4);
}

TEST_CASE("far excursions in the past make the next less rare") {
  OneSum calm;
  OneSum restless;
  for (int day = 0; day < 40; ++day) {
    for (int i = 0; i < 8; ++i) {
      (void)calm.add(i < 2 ? 1.5F : -1);
      (void)restless.add(i < 6 ? 3 : -30);
    }
  }
  float calm_last = 0;
  float restless_last = 0;
  for (int i = 0; i < 6; ++i) {
    calm_last = calm.add(3);
    restless_last = restless.add(3);
  }
  CHECK(restless_last > 100 * calm_last);
}

TEST_CASE("it goes on for ever with numbers that can be saved") {
  OneSum excursions;
  for (int i = 0; i < 3'000'000; ++i) (void)excursions.add(7.5F);
  for (int i = 0; i < 300'000; ++i) (void)excursions.add(i % 2 == 0 ? 5 : -6);
  std::string state;
  StateWriter out(state);
  OneSum::visit_state(excursions, out);
  OneSum restored;
  StateReader in(state);
  OneSum::visit_state(restored, in);
  REQUIRE(in.finished());
  for (int i = 0; i < 20; ++i) REQUIRE(restored.add(3) == excursions.add(3));
}

}  // namespace
}  // namespace tocsin::detect::consensus
