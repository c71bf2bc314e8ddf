#include "src/settings/listener_limits.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace tocsin::settings {
namespace {

TEST_CASE("limits are told by listener and key, sizes in bytes") {
  Listen listen;
  listen.collectd.resize(2);
  listen.collectd[0].max_readings = 7;
  listen.collectd[1].name = "other";
  listen.collectd[1].list_memory_bytes = 4096;
  listen.collectd[1].max_connections = 3;
  std::map<std::pair<std::string, std::string>, std::uint64_t> found;
  for_each_limit(listen, [&](std::string_view listener, std::string_view key, std::uint64_t value) {
    found[{std::string(listener), std::string(key)}] = value;
  });
  CHECK(found.at({"collectd", "max_readings"}) == 7);
  CHECK(found.at({"other", "list_memory"}) == 4096);
  CHECK(found.at({"other", "max_connections"}) == 3);
  CHECK(found.at({"other", "max_record"}) == 64 << 10);
  CHECK(found.at({"statsd", "max_datagram"}) == listen.statsd.at(0).max_datagram_bytes);
  CHECK_FALSE(found.contains({"collectd", "interval"}));
}

}  // namespace
}  // namespace tocsin::settings
