#include "ingest/collectd/wire_values.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/collectd/packet.hpp"

namespace tocsin::collectd::testing {
namespace {

// What stands behind the number of values.
std::string body(const std::vector<Value>& list) {
  return values(list).substr(kHeadBytes + kCountBytes);
}

TEST_CASE("values are read where they stand, each in its byte order") {
  const std::string bytes = body({gauge(1.5), derive(-2), counter(3), absolute(4)});
  const WireValues values(bytes.data(), 4);
  REQUIRE(values.size() == 4);
  CHECK(values.are_known());
  CHECK(values[0].type == DsType::kGauge);
  CHECK(values[0].real() == 1.5);
  CHECK(values[1].type == DsType::kDerive);
  CHECK(values[1].derive() == -2);
  CHECK(values[2].type == DsType::kCounter);
  CHECK(values[2].bits == 3);
  CHECK(values[3].type == DsType::kAbsolute);
  CHECK(values[3].bits == 4);
  CHECK_FALSE(values[3].is_rate);
}

TEST_CASE("a type beyond collectd's four is told") {
  std::string bytes = body({gauge(1), gauge(2)});
  bytes[1] = 4;
  CHECK_FALSE(WireValues(bytes.data(), 2).are_known());
}

}  // namespace
}  // namespace tocsin::collectd::testing
