// What the tests of collectd's decoders share.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/collectd/auth_file.hpp"
#include "ingest/collectd/options.hpp"
#include "ingest/collectd/rate_table.hpp"
#include "ingest/collectd/types_db.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/event.hpp"

namespace tocsin::collectd::testing {

inline constexpr std::int64_t kNow = 1795229300;  // seconds; about when the captures were made

inline TimePoint at_second(std::int64_t second) {
  return TimePoint(std::chrono::seconds(second));
}

// From 192.0.2.7 at `second`.
inline Origin origin_at(std::int64_t second = kNow) {
  Origin origin;
  origin.received = at_second(second);
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

inline std::shared_ptr<const TypesDb> captured_types() {
  Result<TypesDb> types =
      TypesDb::parse(tocsin::testing::read_capture("collectd/types.db"), "types.db");
  REQUIRE(types);
  return std::make_shared<const TypesDb>(*std::move(types));
}

inline std::shared_ptr<const Users> parse_users(std::string_view text) {
  Result<Users> users = Users::parse(text, "authfile");
  REQUIRE(users);
  return std::make_shared<const Users>(*std::move(users));
}

inline std::string attribute(const Event& event, std::string_view key) {
  for (const Attribute& attribute : event.attributes) {
    if (attribute.key == key) return attribute.value;
  }
  return "(none)";
}

// The metric as a double; NaN for none.
inline double metric(const Event& event) {
  return as_double(event.metric).value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace tocsin::collectd::testing
