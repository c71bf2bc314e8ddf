#include "src/detect/consensus/explanation.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace tocsin::detect::consensus {
namespace {

const Scale kScale{.spread = 2, .full = 2, .least = 0.02F, .unit = 1, .tolerance = 0.22F};

TEST_CASE("with nothing to say of it, a point has its range and the count") {
  CHECK(explain({.value = 412, .expected_low = 120, .expected_high = 180}, {}, {}) ==
        "value 412, expected 120..180; 0 of 18 checks agree");
}

TEST_CASE("quiet time and time still to learn have the two largest units") {
  Finding finding{.value = 1, .expected_low = 0, .expected_high = 2};
  finding.quiet_s = 3 * 86400 + 4 * 3600 + 59;
  CHECK(explain(finding, {}, {}).ends_with("; first since 3 d 4 h"));
  finding.quiet_s = 40;
  CHECK(explain(finding, {}, {}).ends_with("; first since 40 s"));
  finding.quiet_s = 0;
  finding.learning_s = 12 * 60 + 5;
  CHECK(explain(finding, {}, {}).ends_with("; its day is being learned for another 12 min 5 s"));
  finding.learning_s = 7200;
  CHECK(explain(finding, {}, {}).ends_with("; its day is being learned for another 2 h"));
}

TEST_CASE("what chance seldom brings is said in weeks") {
  Finding finding{.value = 1, .expected_low = 0, .expected_high = 2};
  finding.chance_per_week = 1.0 / 35;
  CHECK(explain(finding, {}, {}).ends_with("; by chance once in 35 weeks"));
  finding.chance_per_week = 1e-9;
  CHECK(explain(finding, {}, {}).ends_with("; by chance less than once in 1000 weeks"));
  finding.chance_per_week = 1;
  CHECK(explain(finding, {}, {}).ends_with(" checks agree"));
}

TEST_CASE("records, forecast and rarity are named where there are some") {
  Novelty novelty;
  Rarity rarity;
  PointContext point;
  point.scale = kScale;
  std::mt19937 random(9);
  std::normal_distribution<float> noise;
  for (int i = 0; i < 24 * 30; ++i) {
    point.value = i == 24 * 30 - 1 ? 40 : noise(random);
    point.hour = static_cast<std::uint32_t>(i % 24);
    point.second_day = i >= 24;
    (void)novelty.update(point);
    (void)rarity.update(point);
  }
  const std::string text = explain(
      {.value = 140, .expected_low = 97, .expected_high = 103, .origin = 100}, novelty, rarity);
  CHECK(text.starts_with("value 140, expected 97..103 (same hours of the last days 9"));
  CHECK(text.find("; forecast ") != std::string::npos);
  CHECK(text.find(" +- ") != std::string::npos);
  CHECK(text.find("; furthest out: ") != std::string::npos);
  CHECK(text.find("; 1 in ") != std::string::npos);
  CHECK(text.find("; " + std::to_string(count_objections(novelty, rarity)) +
                  " of 18 checks agree") != std::string::npos);
  CHECK(count_objections(novelty, rarity) >= 8);
}

}  // namespace
}  // namespace tocsin::detect::consensus
