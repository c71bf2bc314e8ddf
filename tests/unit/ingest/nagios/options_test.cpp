#include "ingest/nagios/options.hpp"

#include <doctest/doctest.h>

namespace tocsin::nagios {
namespace {

TEST_CASE("events live for two intervals, or for ever") {
  CHECK(ttl_of(std::chrono::minutes(5)) == std::chrono::minutes(10));
  CHECK_FALSE(ttl_of(std::nullopt).has_value());
}

}  // namespace
}  // namespace tocsin::nagios
