#include "tests/unit/detect/example/stuck_value.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <string>

#include "tocsin/detector.hpp"

namespace tocsin::example {
namespace {

// A detector without memory: the window is all that it sees.
Vote last_is_largest(const Window& window, Scratch&) {
  Vote vote;
  if (window.values.size() < 2) return vote;
  double largest = window.values.front();
  for (const double value : window.values.first(window.values.size() - 1)) {
    largest = value > largest ? value : largest;
  }
  vote.statistic = window.values.back();
  vote.threshold = largest;
  vote.fired = vote.statistic > vote.threshold;
  vote.expected_high = largest;
  return vote;
}

constexpr Detector kLastIsLargest{"last_is_largest", last_is_largest};

constexpr StreamDetectorType kStuckValue{
    "stuck_value", [](const StreamDetectorOptions&) -> std::unique_ptr<StreamDetector> {
      return std::make_unique<StuckValue>();
    }};

TEST_CASE("a value that sticks is noticed, once it is known how long values stay") {
  const auto detector = kStuckValue.make({});
  for (int i = 0; i < 42; ++i) {
    CHECK(detector->update({10.0 * i, static_cast<double>(i / 2)}).abstained == (i < 40));
  }
  Vote vote;
  for (int i = 42; i < 48; ++i) vote = detector->update({10.0 * i, 20});
  CHECK(vote.fired);
  CHECK(detector->reason() == "the same value 8 times, never more than 2 before");
}

TEST_CASE("a restored detector goes on as if it had never stopped; what is no state is refused") {
  std::mt19937 random(1);
  const auto detector = kStuckValue.make({});
  double at_s = 0;
  const auto next = [&] { return Point{at_s += 10, static_cast<double>(random() % 2)}; };
  for (int i = 0; i < 500; ++i) detector->update(next());
  std::string state;
  detector->save(state);
  const auto restored = kStuckValue.make({});
  REQUIRE(restored->restore(state));
  for (int i = 0; i < 1000; ++i) {
    const Point point = next();
    CHECK(detector->update(point).statistic == restored->update(point).statistic);
  }
  CHECK_FALSE(restored->restore(state.substr(1)));
  CHECK_FALSE(restored->restore(""));
}

TEST_CASE("a detector without memory sees the window") {
  const double times_s[] = {10, 20, 30};
  const double values[] = {1, 3, 4};
  Scratch scratch;
  CHECK(kLastIsLargest.judge({times_s, values, 30}, scratch).fired);
}

}  // namespace
}  // namespace tocsin::example
