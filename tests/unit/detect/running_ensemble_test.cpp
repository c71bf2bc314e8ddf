// What the ensemble asks of whom. Its verdicts: running_skyline_test.cpp.
#include "src/detect/running_ensemble.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>

#include "src/detect/ensemble.hpp"
#include "src/detect/stream_detectors.hpp"
#include "tests/unit/detect/sliding_window.hpp"

namespace tocsin::detect {
namespace {

using test::SlidingWindow;

// 24 hours of 30 s.
constexpr std::int64_t kSlots = 2880;
constexpr double kStep_s = 30;
constexpr std::int64_t kFirstSlot = 1'700'000'000 / 30;

TEST_CASE("a calm series is decided without a look at its window") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  SlidingWindow window(kSlots, kStep_s);
  RunningSkyline state;
  Scratch scratch;
  const Ensemble ensemble;
  const RunningEnsemble running(ensemble);
  for (std::int64_t i = 0; i < 6000; ++i) {
    window.add(kFirstSlot + i, 100 + 10 * normal(random), state);
    if (i == 3000) window.reads = 0;
    (void)running.decide(state, window, scratch);
  }
  CHECK(window.reads < 10);
}

TEST_CASE("no further detector is asked once the outcome is settled") {
  static int asked;
  asked = 0;
  const auto voter = [](bool fires) {
    return fires ? +[](const Window&, Scratch&) {
      ++asked;
      Vote vote;
      vote.fired = true;
      return vote;
    }
                 : +[](const Window&, Scratch&) {
      ++asked;
      return Vote{};
    };
  };
  SlidingWindow window(kSlots, kStep_s);
  RunningSkyline state;
  Scratch scratch;
  window.add(kFirstSlot, 1, state);
  window.add(kFirstSlot + 1, 2, state);
  const auto decide = [&](bool a, bool b, bool c, bool d) {
    const Ensemble ensemble =
        *Ensemble::make({{"a", voter(a)}, {"b", voter(b)}, {"c", voter(c)}, {"d", voter(d)}}, 2,
                        Consensus::kQuorum);
    asked = 0;
    return RunningEnsemble(ensemble).decide(state, window, scratch);
  };
  CHECK(decide(true, true, false, false));
  CHECK(asked == 2);
  CHECK_FALSE(decide(false, false, false, true));
  CHECK(asked == 3);
  CHECK(decide(false, true, false, true));
  CHECK(asked == 4);
}

TEST_CASE("who remembers votes beside the others, also on a window that Skyline skips") {
  const Voter remembers(*find_stream_detector("consensus"));
  Voter window("window", [](const Window&, Scratch&) {
    Vote vote;
    vote.fired = true;
    return vote;
  });
  Vote yes;
  yes.fired = true;
  const Vote no;
  SlidingWindow points(kSlots, kStep_s);
  RunningSkyline state;
  Scratch scratch;
  const auto decide = [&](const Vote& remembered, std::size_t quorum, std::uint32_t weight = 1) {
    window.weight = weight;
    const Ensemble ensemble = *Ensemble::make({window, remembers}, quorum, Consensus::kQuorum);
    const RunningEnsemble running(ensemble);
    const std::span<const Vote> votes(&remembered, 1);
    const bool decided = running.decide(state, points, scratch, votes);
    const Verdict verdict = running.judge(state, points, scratch, votes);
    CHECK(verdict.alarming == decided);
    CHECK(verdict.votes[1].fired == remembered.fired);
    Ballot ballot;
    CHECK(running.decide(state, points, scratch, votes, ballot) == decided);
    CHECK(ballot.in.any());
    const Verdict completed = running.judge(state, points, scratch, votes, ballot);
    CHECK(ballot.in.count() == 2);
    CHECK(completed.alarming == verdict.alarming);
    CHECK(completed.votes_true == verdict.votes_true);
    CHECK(completed.explanation() == verdict.explanation());
    return decided;
  };
  for (int i = 0; i < 3; ++i) points.add(kFirstSlot + i, i, state);
  REQUIRE(state.skip() == Skip::kNone);
  CHECK(decide(yes, 2));
  CHECK_FALSE(decide(no, 2));
  CHECK(decide(no, 1));
  CHECK(decide(no, 2, 2));
  for (int i = 3; i < 200; ++i) points.add(kFirstSlot + i, 7, state);
  REQUIRE(state.skip() == Skip::kBoring);
  CHECK(decide(yes, 1));
  CHECK_FALSE(decide(no, 1));
  CHECK_FALSE(decide(yes, 2));
}

TEST_CASE("detectors without a running form are asked as they are") {
  const Detector own{"own", [](const Window& window, Scratch&) {
                       Vote vote;
                       vote.fired = window.values.back() > 3;
                       return vote;
                     }};
  REQUIRE(find_running_detector(own.judge) == nullptr);
  const Ensemble ensemble = *Ensemble::make({own}, 1, Consensus::kQuorum);
  const RunningEnsemble running(ensemble);
  SlidingWindow window(kSlots, kStep_s);
  RunningSkyline state;
  Scratch scratch;
  window.add(kFirstSlot, 1, state);
  window.add(kFirstSlot + 1, 4, state);
  CHECK(running.decide(state, window, scratch));
  window.add(kFirstSlot + 2, 2, state);
  CHECK_FALSE(running.decide(state, window, scratch));
}

}  // namespace
}  // namespace tocsin::detect
