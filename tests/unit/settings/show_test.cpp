#include "src/settings/show.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "src/settings/load.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::settings {
namespace {

Settings shown_and_loaded(const Settings& settings) {
  const auto result =
      parse_settings(show_settings(settings), "shown.yaml", tests::empty_environment);
  for (const Error& error : result.errors) FAIL_CHECK(error.message());
  return result.value.value_or(Settings{});
}

TEST_CASE("what is shown loads to the same settings") {
  Settings settings;
  SUBCASE("the defaults") {}
  SUBCASE("nothing like the defaults") {
    settings.listen.statsd[0].udp.reset();
    settings.listen.statsd[0].unix_stream = "./it's $${a} socket";
    settings.listen.statsd[0].host = "${not a variable}";
    settings.listen.statsd.push_back(default_statsd_listener());
    settings.listen.statsd[1].name = "other";
    settings.listen.statsd[1].tcp.reset();
    settings.listen.statsd[1].dialect = Dialect::kEtsyStrict;
    settings.listen.collectd.emplace_back().udp = Address{Address::Family::kIpv4, "1.2.3.4", 1};
    settings.listen.collectd[0].types_db = {"a b", "c"};
    settings.listen.collectd[0].max_age = std::chrono::hours(1);
    settings.listen.riemann.emplace_back().tls = Address{Address::Family::kIpv4, "1.2.3.4", 2};
    settings.listen.riemann[0].certificate = "c.pem";
    settings.listen.riemann[0].key = "k.pem";
    settings.listen.graphite.emplace_back().pickle = Address{Address::Family::kIpv4, "1.2.3.4", 3};
    settings.listen.graphite[0].templates = {"HOST.SERVICE*"};
    settings.listen.syslog.emplace_back().unix_datagram = "./log";
    settings.listen.syslog[0].trim_text = true;
    settings.listen.json.emplace_back().unix_stream = "./json";
    settings.listen.gelf.emplace_back().udp = Address{Address::Family::kIpv4, "1.2.3.4", 4};
    settings.listen.nagios.emplace_back().nsca = Address{Address::Family::kIpv4, "1.2.3.4", 5};
    settings.listen.nagios[0].nsca_password_file = "p";
    settings.listen.tail.emplace_back().paths = {"/var/log/*.log", "it's"};
    settings.listen.tail[0].exclude.clear();
    settings.listen.tail[0].record_start = "^\\d";
    settings.checks.run.emplace_back().name = "load";
    settings.checks.run[0].command = {"/bin/sh", "-c", "echo 'a b'"};
    settings.listen.http.ingest = false;
    settings.listen.http.types_db = {"t.db"};
    settings.listen.http.collectd_rates = true;
    settings.listen.statsd_admin.reset();
    settings.statsd.percentiles = {50, 99.9, -10};
    settings.statsd.histogram = {{"a", {1, 2.5, std::numeric_limits<double>::infinity()}},
                                 {"", {10}}};
    settings.series.interval = std::chrono::seconds(60);
    settings.detect.feedback.file.clear();
    settings.detect.feedback.max = 7;
    settings.results.store = StoreKind::kRedis;
    settings.results.redis.series = PredicateText("service = \"a\" and tagged \"b\"");
    settings.results.redis.prefix = "two \n\tlines, a \" and a \\";
    settings.results.redis.password_file = "/run/secret";
    settings.results.redis.user = "tocsin";
    Forward& carbons = settings.forward.emplace_back();
    carbons.name = "carbons";
    carbons.addresses = {{{Address::Family::kIpv6, "::1", 2004}, "a"},
                         {{Address::Family::kName, "carbon", 2004}, ""}};
    carbons.protocol = GraphiteProtocol::kPickle;
    carbons.hashing = Hashing::kFnv1a;
    carbons.replicas = 2;
    carbons.diverse_replicas = true;
    carbons.where = PredicateText("host = \"a\"");
    carbons.prefix = "tocsin.";
    carbons.spool_bytes = 1 << 20;
    Forward& central = settings.forward.emplace_back();
    central.name = "central";
    central.to = ForwardTo::kRiemann;
    central.addresses = {{{Address::Family::kIpv4, "10.0.0.1", 5555}, ""}};
    central.connect_timeout = std::chrono::seconds(1);
    settings.rules = {"a.yaml", "b/"};
    settings.log = {LogLevel::kWarning, LogFormat::kJson};
  }
  SUBCASE("empty lists") {
    settings.listen.statsd.clear();
    settings.statsd.percentiles.clear();
    settings.rules.clear();
  }
  CHECK(shown_and_loaded(settings) == settings);
}

TEST_CASE("a password is never shown") {
  Settings settings;
  settings.results.redis.password = "hunter2";
  const std::string shown = show_settings(settings);
  CHECK(shown.find("hunter2") == std::string::npos);
  CHECK(shown.find("password: '********'") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::settings
