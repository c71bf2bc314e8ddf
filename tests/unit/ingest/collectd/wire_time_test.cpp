#include "ingest/collectd/wire_time.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/collectd/packet.hpp"

namespace tocsin::collectd::testing {
namespace {

using std::chrono::nanoseconds;

TEST_CASE("units of 2^-30 s are cut to the nanosecond") {
  CHECK(from_high_resolution(0) == nanoseconds(0));
  CHECK(from_high_resolution(1) == nanoseconds(0));
  CHECK(from_high_resolution(2) == nanoseconds(1));
  CHECK(from_high_resolution(std::uint64_t{3} << 29) == nanoseconds(1'500'000'000));
  CHECK(from_high_resolution((std::uint64_t{5} << 30) - 1) == nanoseconds(4'999'999'999));
}

TEST_CASE("the range of times ends in the year 2262") {
  CHECK(from_seconds(9'223'372'035) == nanoseconds(9'223'372'035'000'000'000));
  CHECK_FALSE(from_seconds(9'223'372'036).has_value());
  CHECK(from_high_resolution(std::uint64_t{9'223'372'035} << 30).has_value());
  CHECK_FALSE(from_high_resolution(std::uint64_t{9'223'372'036} << 30).has_value());
  CHECK_FALSE(from_seconds(~std::uint64_t{0}).has_value());
}

TEST_CASE("a time is big-endian, of either unit") {
  const std::string seven = big_endian(7, 8);
  CHECK(read_time(seven.data(), false) == nanoseconds(7'000'000'000));
  CHECK(read_time(big_endian(std::uint64_t{7} << 30, 8).data(), true) ==
        nanoseconds(7'000'000'000));
}

}  // namespace
}  // namespace tocsin::collectd::testing
