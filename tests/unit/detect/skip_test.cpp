#include "src/detect/skip.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace tocsin::detect {
namespace {

Skip skip(const std::vector<double>& values, double age_s) {
  std::vector<double> times;
  for (std::size_t i = 0; i < values.size(); ++i)
    times.push_back(1000 + 10 * static_cast<double>(i));
  const double last_s = times.empty() ? 0 : times.back();
  return skip_of({times, values, last_s + age_s});
}

TEST_CASE("no points are too short") {
  CHECK(skip({}, 0) == Skip::kTooShort);
}

TEST_CASE("a newest point over 500 seconds old is stale, exactly 500 is not") {
  CHECK(skip({1, 2}, 500) == Skip::kNone);
  CHECK(skip({1, 2}, 500.001) == Skip::kStale);
}

TEST_CASE("one distinct value in the last hundred is boring") {
  std::vector<double> values(101, 7);
  SUBCASE("a different value just before them does not count") {
    values.front() = 8;
    CHECK(skip(values, 0) == Skip::kBoring);
  }
  SUBCASE("a different value among them does") {
    values[1] = 8;
    CHECK(skip(values, 0) == Skip::kNone);
  }
  SUBCASE("a shorter series is judged by what it has") {
    CHECK(skip({7}, 0) == Skip::kBoring);
    CHECK(skip({7, 7}, 0) == Skip::kBoring);
    CHECK(skip({7, 8}, 0) == Skip::kNone);
  }
}

TEST_CASE("staleness is found before boredom") {
  CHECK(skip({7, 7}, 501) == Skip::kStale);
}

}  // namespace
}  // namespace tocsin::detect
