#include "src/settings/sections.hpp"

#include <doctest/doctest.h>

#include "tests/unit/settings/loaded.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;
using tests::loaded;

TEST_CASE("a listener has what was written and defaults for the rest") {
  const Settings settings = loaded(R"(
listen:
  statsd:
    - name: local
      unix: ./statsd.sock
      dialect: dogstatsd
      gauge_sign: absolute
      max_connections: 7
  statsd_admin: null
  http: {address: '[::1]:9000'}
)");
  REQUIRE(settings.listen.statsd.size() == 1);
  const StatsdListener& listener = settings.listen.statsd[0];
  CHECK(listener.name == "local");
  CHECK_FALSE(listener.udp);
  CHECK(listener.unix_datagram == "./statsd.sock");
  CHECK(listener.dialect == Dialect::kDogstatsd);
  CHECK(listener.gauge_sign == GaugeSign::kAbsolute);
  CHECK(listener.max_connections == 7);
  CHECK(listener.idle_timeout == 5min);
  CHECK_FALSE(settings.listen.statsd_admin);
  CHECK(settings.listen.http.address == Address{Address::Family::kIpv6, "::1", 9000});
  CHECK(settings.listen.http.max_connections == 512);
}

TEST_CASE("port 0 may be asked for more than once") {
  const Settings settings = loaded(
      "listen: {statsd: [{udp: '127.0.0.1:0', tcp: '127.0.0.1:0'}], "
      "statsd_admin: {address: '127.0.0.1:0'}, http: {address: '127.0.0.1:0'}}");
  CHECK(settings.listen.statsd[0].udp->port == 0);
}

TEST_CASE("no statsd listener at all is a choice") {
  CHECK(loaded("listen: {statsd: []}").listen.statsd.empty());
}

TEST_CASE("udp and tcp of one port are two addresses") {
  const Settings settings = loaded("listen: {statsd: [{udp: '127.0.0.1:9', tcp: '127.0.0.1:9'}]}");
  CHECK(settings.listen.statsd[0].udp == settings.listen.statsd[0].tcp);
}

}  // namespace
}  // namespace tocsin::settings
