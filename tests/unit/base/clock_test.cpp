#include "src/base/clock.hpp"

#include <doctest/doctest.h>

namespace tocsin::base {
namespace {

TEST_CASE("the wall clock tells the system's time") {
  const auto before = std::chrono::system_clock::now();
  const TimePoint now = wall_clock();
  const auto after = std::chrono::system_clock::now();
  CHECK(now >= before);
  CHECK(now <= after);
}

}  // namespace
}  // namespace tocsin::base
