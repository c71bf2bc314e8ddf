#include "src/app/ingest_thread.hpp"

#include <doctest/doctest.h>

#include "src/app/shard_set.hpp"
#include "src/settings/load.hpp"
#include "tests/unit/app/stage_fixture.hpp"
#include "tests/unit/app/udp_socket.hpp"

namespace tocsin::app {
namespace {

settings::StatsdListener udp_listener() {
  settings::StatsdListener listener;
  listener.udp = settings::Address{settings::Address::Family::kIpv4, "127.0.0.1", 0};
  return listener;
}

Specs specs_of(const settings::StatsdListener& listener) {
  Specs specs;
  REQUIRE(add_inputs(listener, "listen.statsd[0]", {}, specs));
  return specs;
}

std::uint16_t port_of(const Input& input) {
  return static_cast<std::uint16_t>(std::stoi(input.address.substr(input.address.rfind(':') + 1)));
}

struct Fixture {
  Fixture() {
    ShardSet::Options options;
    options.stage = test::small_options();
    shards = std::make_unique<ShardSet>(options, test::compiled(""), [](std::size_t) {
      return ShardOutputs{[](ShardReportPtr) {}, [](publish::BatchPtr) {}};
    });
    ingest = std::make_unique<IngestThread>(shards->lanes_of(0), IngestOptions{});
  }
  std::unique_ptr<ShardSet> shards;
  std::unique_ptr<IngestThread> ingest;
};

TEST_CASE("a multicast group is joined by one thread, an address listened on by all") {
  settings::CollectdListener listener;
  listener.udp = settings::Address{settings::Address::Family::kIpv4, "239.255.74.86", 0};
  listener.interface = "lo";
  listener.tcp = settings::Address{settings::Address::Family::kIpv4, "127.0.0.1", 0};
  std::vector<Input> inputs;
  for (const bool first : {true, false}) {
    Fixture f;
    IngestOptions options;
    options.first = first;
    IngestThread thread(f.shards->lanes_of(0), options);
    Specs specs;
    REQUIRE(add_inputs(listener, "listen.collectd[0]", {}, specs));
    REQUIRE(thread.listen(std::move(specs), {}, inputs));
    CHECK((thread.datagrams(0) != nullptr) == first);
    CHECK(thread.connections(1) != nullptr);
  }
  CHECK(inputs.size() == 2);
}

TEST_CASE("what was sent before the stop has reached its series after it") {
  constexpr int kDatagrams = 300;
  Fixture f;
  std::vector<Input> inputs;
  REQUIRE(f.ingest->listen(specs_of(udp_listener()), {}, inputs));
  REQUIRE(inputs.size() == 1);
  CHECK(inputs[0].name == "statsd.udp");
  CHECK(port_of(inputs[0]) != 0);
  f.shards->start();
  f.ingest->start();
  const test::UdpSocket client;
  for (int i = 0; i < kDatagrams; ++i) client.send(port_of(inputs[0]), "a:1|c\nb:2|c");
  client.send(port_of(inputs[0]), "no statsd");
  f.ingest->stop();
  f.shards->join();
  CHECK(f.ingest->datagrams(0)->datagrams.get() == kDatagrams + 1);
  CHECK(f.ingest->connections(0) == nullptr);
  pipeline::InputTotals totals;
  totals.add(f.shards->stage(0).counters(0));
  totals.add(f.ingest->router().counters(0));
  CHECK(totals.received == 2 * kDatagrams + 1);
  CHECK(totals.processed == 2 * kDatagrams);
  CHECK(totals.rejected[static_cast<std::size_t>(RejectCause::kSyntax)] == 1);
  CHECK(totals.in_flight() == 0);
  std::vector<Event> found;
  (void)f.shards->stage(0).query(test::predicate("service = \"tocsin.reject\""), 0, 100, 10, found);
  REQUIRE(found.size() == 1);
  CHECK(found[0].tags == std::vector<std::string>{"statsd.udp", "syntax"});
}

TEST_CASE("an address that is taken is an error that names it") {
  Fixture f;
  std::vector<Input> inputs;
  REQUIRE(f.ingest->listen(specs_of(udp_listener()), {}, inputs));
  settings::StatsdListener same = udp_listener();
  same.udp->port = port_of(inputs[0]);
  Fixture other;
  std::vector<Input> none;
  const auto parsed = settings::parse_settings("listen:\n  statsd:\n    - udp: 127.0.0.1:1\n",
                                               "c.yaml", settings::process_environment());
  REQUIRE(parsed);
  const auto opened = other.ingest->listen(specs_of(same), parsed.value->places, none);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().where == "c.yaml:3:12");
  CHECK(opened.error().text.starts_with("listen.statsd[0].udp: found 127.0.0.1"));
  CHECK(opened.error().text.find(std::to_string(same.udp->port)) != std::string::npos);
}

TEST_CASE("records may be longer than a connection's usual buffer") {
  Fixture f;
  settings::StatsdListener listener;
  listener.tcp = settings::Address{settings::Address::Family::kIpv4, "127.0.0.1", 0};
  listener.max_record_bytes = std::uint64_t{1} << 20;
  std::vector<Input> inputs;
  CHECK(f.ingest->listen(specs_of(listener), {}, inputs));
}

TEST_CASE("every thread numbers the inputs alike, also those of the first one only") {
  Fixture f;
  IngestOptions options;
  options.first = false;
  f.ingest = std::make_unique<IngestThread>(f.shards->lanes_of(0), options);
  settings::StatsdListener listener = udp_listener();
  listener.unix_datagram = "/nonexistent/socket";
  std::vector<Input> inputs;
  REQUIRE(f.ingest->listen(specs_of(listener), {}, inputs));
  REQUIRE(inputs.size() == 2);
  CHECK(inputs[1].name == "statsd.unix");
  CHECK(f.ingest->datagrams(1) == nullptr);
}

}  // namespace
}  // namespace tocsin::app
