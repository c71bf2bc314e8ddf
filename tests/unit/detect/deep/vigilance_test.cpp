#include "src/detect/deep/vigilance.hpp"

#include <doctest/doctest.h>

#include "src/detect/memory/state_io.hpp"

namespace tocsin::detect {
namespace {

void observe(Vigilance& vigilance, float similarity, std::uint32_t steps) {
  for (std::uint32_t i = 0; i < steps; ++i) vigilance.observe(similarity);
}

TEST_CASE("between its turns a vigilance stays") {
  Vigilance vigilance(0.8F);
  observe(vigilance, 0.9F, kUpdateSteps - 1);
  CHECK(vigilance.upper() == 0.8F);
  vigilance.observe(0.9F);
  CHECK(vigilance.upper() == doctest::Approx(0.9));
}

TEST_CASE("the upper follows the mean, but never asks for all") {
  Vigilance vigilance(0.8F);
  observe(vigilance, 1, kUpdateSteps);
  CHECK(vigilance.upper() == doctest::Approx(0.97));
}

TEST_CASE("the lower creeps up towards the worst of late") {
  Vigilance vigilance(0.5F);
  observe(vigilance, 0.7F, kUpdateSteps);
  CHECK(vigilance.lower() == doctest::Approx(0.5 + 0.19 * 0.2));
}

TEST_CASE("the lower gives way to what falls short of it") {
  Vigilance vigilance(0.9F);
  SUBCASE("little while still learning") {
    observe(vigilance, 0.5F, kUpdateSteps);
    CHECK(vigilance.lower() == 0.5F);  // the upper, which it never exceeds
  }
  SUBCASE("by half of what the upper misses later") {
    observe(vigilance, 1, 2 * kWarmUpSteps - 1);
    const float before = vigilance.lower();
    vigilance.observe(0.5F);
    const float shortfall = 0.37F;  // no single one counts for more
    CHECK(vigilance.lower() == doctest::Approx(before - 0.5F * shortfall));
  }
}

TEST_CASE("twelve steps after an alarm is a turn too") {
  Vigilance vigilance(0.8F);
  vigilance.observe(0.6F);
  vigilance.alarmed(0.6F);
  observe(vigilance, 1, kSettleSteps - 1);
  CHECK(vigilance.upper() == 0.8F);
  vigilance.observe(1);
  CHECK(vigilance.upper() > 0.8F);
}

TEST_CASE("the lower does not fall below what past alarms looked like") {
  Vigilance vigilance(0.9F);
  observe(vigilance, 0.95F, kUpdateSteps);
  vigilance.observe(0.7F);
  vigilance.alarmed(0.7F);
  for (int i = 0; i < 20; ++i) {
    observe(vigilance, 0.95F, kUpdateSteps / 2);
    vigilance.observe(0.1F);
  }
  CHECK(vigilance.lower() >= 0.1F);
  CHECK(vigilance.lower() <= vigilance.upper());
}

TEST_CASE("a restored vigilance goes on as before") {
  Vigilance vigilance(0.8F);
  observe(vigilance, 0.9F, 50);
  vigilance.observe(0.3F);
  vigilance.alarmed(0.3F);
  std::string state;
  StateWriter out(state);
  Vigilance::visit_state(vigilance, out);
  Vigilance restored;
  StateReader in(state);
  Vigilance::visit_state(restored, in);
  REQUIRE(in.ok());
  CHECK(in.finished());
  for (int i = 0; i < 200; ++i) {
    const float similarity = 0.5F + 0.002F * static_cast<float>(i);
    vigilance.observe(similarity);
    restored.observe(similarity);
    REQUIRE(restored.lower() == vigilance.lower());
    REQUIRE(restored.upper() == vigilance.upper());
  }
}

}  // namespace
}  // namespace tocsin::detect
