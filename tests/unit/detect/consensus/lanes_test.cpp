#include "src/detect/consensus/lanes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

namespace tocsin::detect::consensus {
namespace {

TEST_CASE("four floats are loaded and stored wherever they lie") {
  std::array<float, 6> values{1, 2, 3, 4, 5, 6};
  store(2.0F * load(&values[1]), &values[2]);
  CHECK(values == std::array<float, 6>{1, 2, 4, 6, 8, 10});
}

TEST_CASE("where one is no value the other is lesser and greater") {
  const Lanes a{1, kNoValue, -1, 0};
  const Lanes b{2, 2, -2, 0};
  const Lanes low = lesser(a, b);
  const Lanes high = greater(a, b);
  CHECK(low[0] == 1);
  CHECK(low[1] == 2);
  CHECK(low[2] == -2);
  CHECK(high[0] == 2);
  CHECK(high[1] == 2);
  CHECK(high[2] == -1);
}

TEST_CASE("a mask keeps what it is set for") {
  const Lanes values{-3, 4, kNoValue, 0};
  const Lanes kept = only(values > 0.0F, values);
  CHECK(kept[0] == 0);
  CHECK(kept[1] == 4);
  CHECK(kept[2] == 0);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    LaneMask mask{};
    CHECK_FALSE(any(mask));
    mask[lane] = -1;
    CHECK(any(mask));
  }
}

TEST_CASE("signs go, and what is nothing settles; what is no value stays so") {
  const Lanes values{-3, -1e-31F, 1e-29F, kNoValue};
  CHECK(absolute(values)[0] == 3);
  const Lanes rest = settled(values);
  CHECK(rest[0] == -3);
  CHECK(rest[1] == 0);
  CHECK(rest[2] == 1e-29F);
  CHECK(std::isnan(rest[3]));
}

TEST_CASE("the least of four is found wherever it is") {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    Lanes values{3, 2, 5, 4};
    values[lane] = -1;
    CHECK(least_of(values) == -1);
  }
}

TEST_CASE("a sum is made from the first to the last") {
  const std::array<float, 4> values{1e8F, 1, -1e8F, 1};
  CHECK(add_up<4>(0, values.data()) == 1);
  CHECK(add_up<2>(-1e8F, values.data()) == 1);
}

}  // namespace
}  // namespace tocsin::detect::consensus
