#include "src/event/rfc3339.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>

using namespace tocsin;
using namespace tocsin::event;

TEST_CASE("a time is written with as few fraction digits as lose nothing") {
  const auto text = [](std::int64_t nanoseconds) {
    return rfc3339(TimePoint(std::chrono::nanoseconds(nanoseconds)));
  };
  CHECK(text(0) == "1970-01-01T00:00:00Z");
  CHECK(text(1'763'737'831'250'000'000) == "2025-11-21T15:10:31.250Z");
  CHECK(text(1'763'737'831'250'001'000) == "2025-11-21T15:10:31.250001Z");
  CHECK(text(1'763'737'831'000'000'001) == "2025-11-21T15:10:31.000000001Z");
  CHECK(text(951'868'799'000'000'000) == "2000-02-29T23:59:59Z");
}

TEST_CASE("times before 1970 and at both ends of the range are right") {
  const auto text = [](std::int64_t nanoseconds) {
    return rfc3339(TimePoint(std::chrono::nanoseconds(nanoseconds)));
  };
  CHECK(text(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(text(-86'400'000'000'000) == "1969-12-31T00:00:00Z");
  CHECK(text(std::numeric_limits<std::int64_t>::min()) == "1677-09-21T00:12:43.145224192Z");
  CHECK(text(std::numeric_limits<std::int64_t>::max()) == "2262-04-11T23:47:16.854775807Z");
}
