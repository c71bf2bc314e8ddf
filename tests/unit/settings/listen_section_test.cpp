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

TEST_CASE("every protocol has listeners of its own kind") {
  const Settings settings = loaded(R"(
listen:
  collectd:
    - {udp: '239.192.74.66:25826', interface: lo, security: encrypt, auth_file: users,
       types_db: [a.db, b.db], max_age: 1h}
  riemann:
    - {tcp: '127.0.0.1:5555', tls: '127.0.0.1:5554', certificate: c.pem, key: k.pem, client_ca: ca.pem}
  graphite:
    - {tcp: '127.0.0.1:2003', pickle: '127.0.0.1:2004', templates: 'servers.HOST.SERVICE*', ttl: 1m}
  syslog: [{unix: ./log.sock, relp: '127.0.0.1:2514', time_zone: '+02:00'}]
  json: [{unix_stream: ./json.sock, service: app}]
  gelf: [{udp: '127.0.0.1:12201'}]
  nagios: [{nsca: '127.0.0.1:5667', nsca_method: 14, nsca_password_file: p}]
)");
  const Listen& listen = settings.listen;
  REQUIRE(listen.statsd.size() == 1);  // still the default
  REQUIRE(listen.collectd.size() == 1);
  CHECK(listen.collectd[0].interface == "lo");
  CHECK(listen.collectd[0].security == Security::kEncrypt);
  CHECK(listen.collectd[0].types_db == std::vector<std::string>{"a.db", "b.db"});
  CHECK(listen.collectd[0].max_age == 1h);
  REQUIRE(listen.riemann.size() == 1);
  CHECK(listen.riemann[0].client_ca == "ca.pem");
  CHECK(listen.riemann[0].max_record_bytes == 1 << 20);
  REQUIRE(listen.graphite.size() == 1);
  CHECK(listen.graphite[0].templates == std::vector<std::string>{"servers.HOST.SERVICE*"});
  CHECK(listen.graphite[0].ttl == 1min);
  REQUIRE(listen.syslog.size() == 1);
  CHECK(listen.syslog[0].relp->port == 2514);
  REQUIRE(listen.json.size() == 1);
  CHECK(listen.json[0].service == "app");
  REQUIRE(listen.gelf.size() == 1);
  CHECK(listen.gelf[0].udp->port == 12201);
  REQUIRE(listen.nagios.size() == 1);
  CHECK(listen.nagios[0].nsca_method == NscaMethod::kAes256);
}

TEST_CASE("files to follow and checks to run") {
  const Settings settings = loaded(R"(
listen:
  tail: [{paths: [/var/log/a.log, /var/log/b.log], format: json, exclude: [], start: beginning}]
checks:
  failure: critical
  run:
    - {name: load, command: [check_load, -w, '5'], interval: 30s}
    - {name: load, host: other, command: check_load}
)");
  REQUIRE(settings.listen.tail.size() == 1);
  CHECK(settings.listen.tail[0].paths.size() == 2);
  CHECK(settings.listen.tail[0].exclude.empty());
  CHECK(settings.listen.tail[0].format == LineFormat::kJson);
  CHECK(settings.listen.tail[0].start == TailStart::kBeginning);
  CHECK(settings.checks.failure == CheckFailure::kCritical);
  REQUIRE(settings.checks.run.size() == 2);
  CHECK(settings.checks.run[0].command == std::vector<std::string>{"check_load", "-w", "5"});
  CHECK(settings.checks.run[0].interval == 30s);
  CHECK(settings.checks.run[1].command == std::vector<std::string>{"check_load"});
}

}  // namespace
}  // namespace tocsin::settings
