#include "src/pipeline/spsc_ring.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace tocsin::pipeline {
namespace {

TEST_CASE("a ring gives items back in order and refuses when full or empty") {
  SpscRing<int> ring(3);
  REQUIRE(ring.capacity() == 4);
  int out = 0;
  CHECK_FALSE(ring.try_pop(out));
  // Several laps, so that positions wrap.
  for (int lap = 0; lap < 5; ++lap) {
    for (int i = 0; i < 4; ++i) CHECK(ring.try_push(lap * 10 + i));
    CHECK_FALSE(ring.try_push(99));
    CHECK(ring.size_guess() == 4);
    for (int i = 0; i < 4; ++i) {
      REQUIRE(ring.try_pop(out));
      CHECK(out == lap * 10 + i);
    }
    CHECK_FALSE(ring.try_pop(out));
  }
}

TEST_CASE("a refused item stays with its owner") {
  SpscRing<std::unique_ptr<int>> ring(2);
  CHECK(ring.try_push(std::make_unique<int>(1)));
  CHECK(ring.try_push(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);
  CHECK_FALSE(ring.try_push(third));
  REQUIRE(third != nullptr);
  CHECK(*third == 3);
}

}  // namespace
}  // namespace tocsin::pipeline
