#include "src/detect/deep/held_maximum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace tocsin::detect {
namespace {

TEST_CASE("the maximum is that of the last 36 slots") {
  std::mt19937 random(8);
  HeldMaximum held;
  std::vector<std::pair<std::int64_t, float>> all;
  std::int64_t slot = -500;
  for (int i = 0; i < 3000; ++i) {
    slot += random() % 20 == 0 ? random() % 60 : random() % 2;
    all.emplace_back(slot, static_cast<float>(random() % 1000) / 1000);
    float expected = 0;
    for (const auto& [at, value] : all) {
      if (at > slot - 36) expected = std::max(expected, value);
    }
    REQUIRE(held.add(slot, all.back().second) == expected);
  }
}

}  // namespace
}  // namespace tocsin::detect
