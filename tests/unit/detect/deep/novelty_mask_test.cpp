#include "src/detect/deep/novelty_mask.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect {
namespace {

void quiet(NoveltyMask& mask, std::uint32_t steps) {
  for (std::uint32_t i = 0; i < steps; ++i) CHECK_FALSE(mask.observe(false, 1));
}

TEST_CASE("the first novelty of a spell rings") {
  NoveltyMask mask;
  CHECK(mask.observe(true, 0.5F));
  CHECK_FALSE(mask.observe(true, 0.5F));
  quiet(mask, kSettleSteps - 1);
  CHECK_FALSE(mask.observe(true, 0.5F));  // not twelve in a row
  quiet(mask, kSettleSteps);
  CHECK(mask.observe(true, 0.5F));
}

TEST_CASE("what is much worse than the last alarm rings all the same") {
  NoveltyMask mask;
  CHECK(mask.observe(true, 0.5F));
  CHECK_FALSE(mask.observe(true, 0.46F));
  CHECK(mask.observe(true, 0.44F));
  // Later, when novelties go on, by more.
  for (std::uint32_t i = 0; i <= kSettleSteps; ++i) CHECK_FALSE(mask.observe(true, 0.44F));
  CHECK_FALSE(mask.observe(true, 0.32F));
  CHECK(mask.observe(true, 0.30F));
}

}  // namespace
}  // namespace tocsin::detect
