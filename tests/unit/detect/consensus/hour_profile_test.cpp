#include "src/detect/consensus/hour_profile.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect::consensus {
namespace {

const Scale kScale{.least = 0.01F};

TEST_CASE("an hour never seen has no residual, one seen twice can be rated") {
  HourProfile profile;
  CHECK_FALSE(profile.judge(5, 3, kScale).known);
  profile.learn(4, 3);
  CHECK(profile.judge(5, 3, kScale).known);
  CHECK(profile.judge(5, 3, kScale).residual == 1);
  CHECK_FALSE(profile.judge(5, 3, kScale).rateable);
  profile.learn(6, 3);
  CHECK(profile.judge(5, 3, kScale).rateable);
  CHECK(profile.judge(5, 3, kScale).expected == 5);
  CHECK_FALSE(profile.judge(5, 4, kScale).known);
}

TEST_CASE("each hour has its own mean and deviation") {
  HourProfile profile;
  for (int i = 0; i < 24 * 100; ++i) {
    const float noise = (i / 24) % 2 == 0 ? 1.0F : -1.0F;
    profile.learn(static_cast<float>(i % 24) * 10 + noise, static_cast<std::uint32_t>(i % 24));
  }
  const HourResidual noon = profile.judge(150, 12, kScale);
  CHECK(noon.expected == doctest::Approx(120).epsilon(0.01));
  CHECK(noon.residual == doctest::Approx(30).epsilon(0.05));
  CHECK(noon.width == doctest::Approx(1.25 + 0.3 * 1.4826).epsilon(0.15));
}

TEST_CASE("a spike moves the hour's mean by little") {
  HourProfile profile;
  for (int i = 0; i < 200; ++i) profile.learn(i % 2 == 0 ? 99.0F : 101.0F, 0);
  const float before = profile.judge(0, 0, kScale).expected;
  profile.learn(1e6F, 0);
  CHECK(profile.judge(0, 0, kScale).expected < before + 3);
}

}  // namespace
}  // namespace tocsin::detect::consensus
