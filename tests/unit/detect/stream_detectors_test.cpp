#include "src/detect/stream_detectors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace tocsin::detect {
namespace {

TEST_CASE("a stream detector is found by its name, and makes new ones") {
  for (const char* const name : {"consensus", "deep"}) {
    const StreamDetectorType* const type = find_stream_detector(name);
    REQUIRE(type != nullptr);
    const std::unique_ptr<StreamDetector> detector = type->make({});
    REQUIRE(detector != nullptr);
    CHECK(detector->update({0, 1}).abstained);
  }
}

TEST_CASE("no stream detector has the name of a list or of a detector without memory") {
  CHECK(find_stream_detector("skyline") == nullptr);
  CHECK(find_stream_detector("grubbs") == nullptr);
  CHECK(find_stream_detector("") == nullptr);
}

// Waves with noise, spikes, a gap and a stretch of one value.
Point point_at(int row) {
  std::minstd_rand random(static_cast<std::uint32_t>(row) + 1);
  random.discard(3);
  const double noise = 10 * static_cast<double>(random()) / 2147483647.0;
  const double wave = row % 900 < 800 ? 40 * std::sin(row / 45.0) + noise : 0;
  return {1.4e9 + 300.0 * row + (row > 1700 ? 50'000 : 0), 150 + wave + (row % 370 == 0 ? 300 : 0)};
}

std::string state_after(StreamDetector& detector, int rows) {
  for (int i = 0; i < rows; ++i) (void)detector.update(point_at(i));
  std::string state;
  detector.save(state);
  return state;
}

TEST_CASE("each, restored, gives the next thousand votes that it would have given") {
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  for (const StreamDetectorType& type : stream_detectors()) {
    CAPTURE(type.name);
    for (const int rows : {10, 200, 1600}) {
      const auto original = type.make({});
      const std::string state = state_after(*original, rows);
      const auto restored = type.make({});
      REQUIRE(restored->restore(state));
      for (int i = rows; i < rows + 1000; ++i) {
        const Vote a = original->update(point_at(i));
        const Vote b = restored->update(point_at(i));
        REQUIRE(a.fired == b.fired);
        REQUIRE(a.noticed == b.noticed);
        REQUIRE(a.abstained == b.abstained);
        REQUIRE(bits(a.statistic) == bits(b.statistic));
        REQUIRE(bits(a.expected_low) == bits(b.expected_low));
      }
      REQUIRE(original->reason() == restored->reason());
    }
  }
}

TEST_CASE("each refuses what is no state of its own, and is as new") {
  std::mt19937 random(4);
  for (const StreamDetectorType& type : stream_detectors()) {
    CAPTURE(type.name);
    const auto detector = type.make({});
    const std::string good = state_after(*detector, 400);
    const std::string fresh = state_after(*type.make({}), 0);
    for (const StreamDetectorType& other : stream_detectors()) {
      if (other.name != type.name) {
        REQUIRE_FALSE(detector->restore(state_after(*other.make({}), 300)));
      }
    }
    for (int round = 0; round < 300; ++round) {
      std::string bytes = good;
      bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
      if (round % 3 == 0) bytes.resize(random() % bytes.size());
      if (round % 7 == 0) std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
      REQUIRE_FALSE(detector->restore(bytes));
    }
    REQUIRE(state_after(*detector, 0) == fresh);
    REQUIRE(detector->restore(good));
  }
}

TEST_CASE("names of stream detectors are unique") {
  std::set<std::string_view> names;
  for (const StreamDetectorType& type : stream_detectors()) CHECK(names.insert(type.name).second);
}

}  // namespace
}  // namespace tocsin::detect
