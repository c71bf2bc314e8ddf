#include "src/app/daemon.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "src/api/http_client.hpp"
#include "tests/unit/app/scratch_directory.hpp"
#include "tests/unit/app/udp_socket.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

// Settings of a daemon that disturbs nobody: ports of the kernel's choice, windows of a second.
settings::Settings small_settings(const test::ScratchDirectory& scratch) {
  const settings::Address any{settings::Address::Family::kIpv4, "127.0.0.1", 0};
  settings::Settings settings;
  settings.listen.statsd[0].udp = any;
  settings.listen.statsd[0].tcp = any;
  settings.listen.statsd_admin->address = any;
  settings.listen.http.address = any;
  settings.series.interval = 1s;
  settings.series.history = 120s;
  settings.series.max_series = 10'000;
  settings.series.max_bytes = std::uint64_t{64} << 20;
  settings.results.embedded.directory = scratch.path() / "results";
  settings.rules = {scratch.write("r.yaml", "service:\n  - {name: shop, business: [orders]}\n")};
  return settings;
}

std::uint16_t port_after(const std::string& text, const std::string& mark) {
  const std::size_t begin = text.find(mark + " 127.0.0.1:");
  REQUIRE(begin != std::string::npos);
  return static_cast<std::uint16_t>(std::stoi(text.substr(begin + mark.size() + 11)));
}

// Asks until the answer holds `wanted`, for a few seconds.
bool answers(std::uint16_t port, const std::string& target, const std::string& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto answer = api::http_get("127.0.0.1", port, target, 2s);
    if (answer && answer->body.find(wanted) != std::string::npos) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

TEST_CASE("a daemon takes samples, answers about them, reads its rules again, and stops") {
  const test::ScratchDirectory scratch;
  const settings::Settings settings = small_settings(scratch);
  auto opened = Daemon::open(settings);
  for (const Error& error : opened.errors) FAIL_CHECK(error.message());
  REQUIRE(opened);
  Daemon& daemon = **opened.value;
  const std::string welcome = daemon.welcome();
  const std::uint16_t udp = port_after(welcome, "statsd.udp");
  const std::uint16_t http = port_after(welcome, "http");
  const test::UdpSocket client;
  client.send(udp, "orders:5|c\nlatency:20|ms");
  CHECK(answers(http, "/api/v1/index?where=service%20%3D%20%22orders%22", "\"orders\""));
  CHECK(answers(http, "/api/v1/services/shop", "\"rolled\":\"passing\""));
  CHECK(answers(http, "/metrics", "tocsin_records_processed_total{input=\"statsd.udp\"} 2\n"));
  CHECK(answers(http, "/ready", "\"yes\""));

  scratch.write("r.yaml", "service:\n  - {name: store, business: [orders]}\n");
  CHECK(daemon.reload().empty());
  CHECK(answers(http, "/api/v1/services/store", "\"rolled\":\"passing\""));
  CHECK(answers(http, "/metrics", "tocsin_rules_generation 2\n"));

  scratch.write("r.yaml", "service:\n  - {nome: store}\n");
  CHECK_FALSE(daemon.reload().empty());
  CHECK(answers(http, "/metrics", "tocsin_rules_last_reload_successful 0\n"));
  CHECK(answers(http, "/api/v1/services/store", "\"rolled\""));

  CHECK(daemon.stop());
  CHECK(daemon.stop());
  CHECK_FALSE(api::http_get("127.0.0.1", http, "/health", 1s));
  CHECK(std::filesystem::exists(scratch.path() / "results"));
}

TEST_CASE("what gave up, failed or was turned away is in /metrics") {
  const test::ScratchDirectory scratch;
  const settings::Settings settings = small_settings(scratch);
  scratch.write("r.yaml", "watch:\n  - {where: 'service ~= \"^(a+)+$\"', critical: metric > 1}\n");
  auto opened = Daemon::open(settings);
  REQUIRE(opened);
  Daemon& daemon = **opened.value;
  const std::uint16_t http = port_after(daemon.welcome(), "http");
  const test::UdpSocket client;
  client.send(port_after(daemon.welcome(), "statsd.udp"), std::string(64, 'a') + "c:1|c");
  const std::string give_ups = "\ntocsin_rules_regex_give_ups_total ";
  CHECK(answers(http, "/metrics", "processed_total{input=\"statsd.udp\"} 1\n"));
  // Counters do not go back when the rules that counted are gone.
  scratch.write("r.yaml", "watch:\n  - {where: service = \"x\", critical: metric > 1}\n");
  CHECK(daemon.reload().empty());
  const auto page = api::http_get("127.0.0.1", http, "/metrics", 2s);
  REQUIRE(page);
  CHECK(page->body.find(give_ups) != std::string::npos);
  CHECK(page->body.find(give_ups + "0\n") == std::string::npos);
  for (const char* sample : {"tocsin_service_signals_refused_total 0",
                             "tocsin_datagrams_undecoded_total{input=\"statsd.udp\"} 0",
                             "tocsin_datagram_receive_errors_total{input=\"statsd.udp\"} 0",
                             "tocsin_connection_accept_errors_total{input=\"statsd.tcp\"} 0",
                             "tocsin_connection_bytes_total{input=\"statsd.tcp\"} 0",
                             "tocsin_connection_overlong_total{input=\"statsd.tcp\"} 0"}) {
    CAPTURE(sample);
    CHECK(page->body.find("\n" + std::string(sample) + "\n") != std::string::npos);
  }
}

TEST_CASE("a daemon whose store is away does not say that it stored everything") {
  const test::ScratchDirectory scratch;
  settings::Settings settings = small_settings(scratch);
  settings.results.store = settings::StoreKind::kRedis;
  settings.results.redis.address.family = settings::Address::Family::kUnix;
  settings.results.redis.address.host = (scratch.path() / "no-redis").string();
  auto opened = Daemon::open(settings);
  REQUIRE(opened);
  Daemon& daemon = **opened.value;
  // The health of the service is a result.
  CHECK(answers(port_after(daemon.welcome(), "http"), "/metrics", "{outcome=\"accepted\"} 2\n"));
  CHECK_FALSE(daemon.stop());
  CHECK_FALSE(daemon.stop());
}

TEST_CASE("a port that is taken ends the start with an error, and leaves nothing behind") {
  const test::ScratchDirectory scratch;
  settings::Settings settings = small_settings(scratch);
  auto first = Daemon::open(settings);
  REQUIRE(first);
  const test::ScratchDirectory other;
  settings::Settings second = small_settings(other);
  second.listen.http.address.port = port_after((*first.value)->welcome(), "http");
  const auto refused = Daemon::open(second);
  REQUIRE_FALSE(refused);
  REQUIRE(refused.errors.size() == 1);
  CHECK(refused.errors[0].message().find(std::to_string(second.listen.http.address.port)) !=
        std::string::npos);
  second.listen.http.address.port = 0;
  CHECK(Daemon::open(second));
}

TEST_CASE("a damaged seed keeps the daemon from starting") {
  const test::ScratchDirectory scratch;
  const settings::Settings settings = small_settings(scratch);
  std::filesystem::create_directories(scratch.path() / "results");
  scratch.write("results/series_id_seed", "nonsense");
  const auto refused = Daemon::open(settings);
  REQUIRE_FALSE(refused);
  CHECK(refused.errors[0].message().find("series_id_seed:1:1") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::app
