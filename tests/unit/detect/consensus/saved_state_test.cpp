// That a detector restored is the one that was saved, and that what is damaged is refused.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include "src/detect/consensus/consensus_detector.hpp"
#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect::consensus {
namespace {

Point point_at(int row, double step_s) {
  std::minstd_rand random(static_cast<std::uint32_t>(row) + 77);
  random.discard(3);
  const double noise = static_cast<double>(random()) / 2147483647.0;
  const double spike = row % 211 == 0 ? 300 : 0;
  const double gap = row > 1500 ? 40 * step_s : 0;
  return {1.4e9 + step_s * row + gap, 150 + 40 * std::sin(row * step_s / 13751) + noise + spike};
}

std::string state_of(const ConsensusDetector& detector) {
  std::string state;
  detector.save(state);
  return state;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

TEST_CASE("a restored detector gives the same next thousand votes, bit for bit") {
  for (const double step_s : {10.0, 300.0, 3600.0, 86400.0}) {
    for (const int saved_at : {0, 1, 20, 31, 32, 60, 130, 299, 1000, 3000}) {
      ConsensusDetector original;
      for (int i = 0; i < saved_at; ++i) original.update(point_at(i, step_s));
      ConsensusDetector restored;
      restored.update({1, 1});  // must not show
      REQUIRE(restored.restore(state_of(original)));
      REQUIRE(restored.reason() == original.reason());
      for (int i = saved_at; i < saved_at + 1000; ++i) {
        const Vote a = original.update(point_at(i, step_s));
        const Vote b = restored.update(point_at(i, step_s));
        REQUIRE(a.fired == b.fired);
        REQUIRE(a.noticed == b.noticed);
        REQUIRE(a.abstained == b.abstained);
        REQUIRE(same_bits(a.statistic, b.statistic));
        REQUIRE(same_bits(a.expected_low, b.expected_low));
        REQUIRE(same_bits(a.expected_high, b.expected_high));
        REQUIRE(original.opened_incident() == restored.opened_incident());
      }
      REQUIRE(state_of(original) == state_of(restored));
    }
  }
}

ConsensusDetector trained() {
  ConsensusDetector detector;
  for (int i = 0; i < 700; ++i) detector.update(point_at(i, 300));
  return detector;
}

TEST_CASE("a state cut short or continued is refused, and the detector is as new") {
  const std::string state = state_of(trained());
  for (std::size_t length = 0; length < state.size(); length += 1 + length / 64) {
    ConsensusDetector detector = trained();
    REQUIRE_FALSE(detector.restore(std::string_view(state).substr(0, length)));
    REQUIRE(state_of(detector) == state_of(ConsensusDetector()));
  }
  ConsensusDetector detector;
  CHECK_FALSE(detector.restore(state + "x"));
  CHECK_FALSE(detector.restore(state + state));
}

TEST_CASE("each changed byte is noticed") {
  const std::string state = state_of(trained());
  for (std::size_t i = 0; i < state.size(); ++i) {
    std::string changed = state;
    changed[i] = static_cast<char>(changed[i] + 1);
    ConsensusDetector detector;
    REQUIRE_FALSE(detector.restore(changed));
  }
}

// The sum of a state made anew: what somebody who knows the form could write.
std::string with_right_sum(std::string state) {
  state.resize(state.size() - 8);
  end_state(0, state);
  return state;
}

TEST_CASE("a forged state is refused or harmless") {
  const std::string state = state_of(trained());
  std::mt19937_64 random(11);
  int refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string forged = state;
    for (int i = 0; i < 3; ++i) {
      forged[5 + random() % (state.size() - 13)] = static_cast<char>(random());
    }
    ConsensusDetector detector;
    if (!detector.restore(with_right_sum(forged))) {
      ++refused;
      continue;
    }
    for (int i = 700; i < 760; ++i) detector.update(point_at(i, 300));
    REQUIRE_FALSE(detector.reason().empty());
    REQUIRE(detector.memory_bytes() < 8192);
  }
  CHECK(refused > 100);
}

TEST_CASE("another version is refused by name") {
  std::string state = state_of(trained());
  state[4] = 99;
  ConsensusDetector detector;
  const Result<void> restored = detector.restore(with_right_sum(state));
  REQUIRE_FALSE(restored);
  CHECK(restored.error().code == Errc::kSyntax);
  CHECK(restored.error().text.find("version") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::detect::consensus
