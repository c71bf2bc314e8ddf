#include "src/app/forwarding.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "src/event/event_access.hpp"
#include "tests/unit/settings/loaded.hpp"

namespace tocsin::app {
namespace {

using statsd::NamingStyle;

constexpr TimePoint kEnd{std::chrono::seconds(1'700'000'010)};
constexpr publish::DestinationSet kGraphite = 1;
constexpr publish::DestinationSet kRiemann = 2;
const std::vector<ToldStatistic> kTimer = {{"value", 20}, {"upper_90", 31.5}};

Forwarding forwarding(NamingStyle names = NamingStyle::kPlain) {
  return Forwarding({kGraphite, kRiemann, "edge-1", names, std::chrono::seconds(10)});
}

Identity timer() {
  return {SeriesKind::kTimer, "app-1", "checkout.latency", {"prod"}, {{"region", "eu"}}};
}

Event event_of(const Identity& identity) {
  Event event;
  event.host = identity.host;
  event.service = identity.service;
  event.tags = identity.tags;
  event.attributes = identity.attributes;
  return event;
}

std::string attribute(const Event& event, std::string_view key) {
  const std::string* value = event::find_attribute(event, key);
  return value == nullptr ? "none" : *value;
}

std::vector<std::string> names_of(const publish::Batch& batch) {
  std::vector<std::string> names;
  for (const publish::ForwardedPoint& point : batch.points) names.push_back(point.name);
  return names;
}

TEST_CASE("a figure is a point under the name of its series, its suffix and its tags") {
  publish::Batch batch;
  forwarding().tell_window(kGraphite, timer(), event_of(timer()), kEnd, kTimer, batch);
  CHECK(names_of(batch) ==
        std::vector<std::string>{"checkout.latency;host=app-1;prod=true;region=eu",
                                 "checkout.latency.upper_90;host=app-1;prod=true;region=eu"});
  CHECK(batch.points[1].value == 31.5);
  CHECK(batch.points[1].time == kEnd);
  CHECK(batch.points[1].to == kGraphite);
  CHECK(batch.events.empty());
}

TEST_CASE("the names of Etsy's backend are whole already, and only for statsd's metrics") {
  const std::vector<ToldStatistic> told = {{"stats.gauges.load;host=a", 1}};
  publish::Batch batch;
  Identity load{SeriesKind::kGauge, "a", "load", {}, {}};
  forwarding(NamingStyle::kLegacy).tell_window(3, load, event_of(load), kEnd, told, batch);
  CHECK(names_of(batch) == std::vector<std::string>{"stats.gauges.load;host=a"});
  CHECK(batch.events[0].event.service == "stats.gauges.load");
  load.kind = SeriesKind::kEvent;
  batch = {};
  forwarding(NamingStyle::kLegacy).tell_window(3, load, event_of(load), kEnd, told, batch);
  CHECK(names_of(batch) == std::vector<std::string>{"load;host=a"});
  CHECK(batch.events[0].event.service == "load");
}

TEST_CASE("a figure is an event that lives for three windows and says who forwarded it") {
  publish::Batch batch;
  forwarding().tell_window(kRiemann, timer(), event_of(timer()), kEnd, kTimer, batch);
  CHECK(batch.points.empty());
  REQUIRE(batch.events.size() == 2);
  CHECK(batch.events[0].to == kRiemann);
  const Event& event = batch.events[0].event;
  CHECK(event.service == "checkout.latency");
  CHECK(event.host == "app-1");
  CHECK(event.tags == std::vector<std::string>{"prod"});
  CHECK(event.metric == Metric{std::int64_t{20}});
  CHECK(event.time == kEnd);
  CHECK(event.ttl == std::chrono::seconds(30));
  CHECK(attribute(event, "region") == "eu");
  CHECK(attribute(event, "forwarded_by") == "edge-1");
  CHECK(batch.events[1].event.service == "checkout.latency.upper_90");
  CHECK(batch.events[1].event.metric == Metric{31.5});
}

TEST_CASE("what was forwarded once goes to Graphite, but never to Riemann again") {
  Identity cpu{SeriesKind::kEvent, "a", "cpu", {}, {}};
  Event last = event_of(cpu);
  last.attributes = {{"forwarded_by", "edge-2"}};
  publish::Batch batch;
  forwarding().tell_window(kGraphite | kRiemann, cpu, last, kEnd, {{{"value", 1}}}, batch);
  CHECK(names_of(batch) == std::vector<std::string>{"cpu;host=a"});
  CHECK(batch.events.empty());
  forwarding().tell_remark(kRiemann, last, last, "verdict", batch);
  CHECK(batch.events.empty());
}

TEST_CASE("a remark has a name of its own, beside that of its series") {
  Event remark = event_of(timer());
  remark.state = "critical";
  remark.attributes = {{"type", "verdict"}};
  publish::Batch batch;
  forwarding().tell_remark(kGraphite | kRiemann, event_of(timer()), remark, "verdict", batch);
  REQUIRE(batch.events.size() == 1);
  CHECK(batch.events[0].to == kRiemann);
  CHECK(batch.events[0].event.service == "checkout.latency verdict");
  CHECK(batch.events[0].event.state == "critical");
  CHECK(attribute(batch.events[0].event, "type") == "verdict");
  CHECK(attribute(batch.events[0].event, "forwarded_by") == "edge-1");
}

TEST_CASE("the health of a service is an event with a state, for Riemann alone") {
  service::ServiceView view;
  view.name = "shop";
  view.own = service::Health::kPassing;
  view.rolled = service::Health::kDegraded;
  view.strict = service::Health::kFailing;
  view.because = {"web-1: slow", "web-2: silent"};
  publish::Batch batch;
  forwarding().tell_health(view, kEnd, batch);
  REQUIRE(batch.events.size() == 1);
  const Event& event = batch.events[0].event;
  CHECK(event.service == "shop health");
  CHECK(event.state == "warning");
  CHECK(event.description == "web-1: slow; web-2: silent");
  CHECK(event.time == kEnd);
  CHECK(event.ttl == std::chrono::minutes(3));
  CHECK(attribute(event, "own") == "passing");
  CHECK(attribute(event, "strict") == "failing");
  publish::Batch none;
  Forwarding({kGraphite, 0, "edge-1", NamingStyle::kPlain, {}}).tell_health(view, kEnd, none);
  CHECK(none.empty());
}

const char* const kTwo =
    "forward:\n"
    "  - {to: graphite, addresses: ['10.0.0.1:2003:a', '10.0.0.2:2003:b'], replicas: 2,\n"
    "     protocol: pickle, prefix: p., spool: 2MiB, where: 'host = \"x\"'}\n"
    "  - {name: central, to: riemann, addresses: ['[::1]:5555']}\n";

TEST_CASE("destinations have the peers, the ring and the limits of their settings") {
  const settings::Settings settings = tests::loaded(kTwo);
  const auto loaded = forward_options(settings);
  REQUIRE(loaded);
  REQUIRE(loaded.value->size() == 2);
  const publish::ForwardOptions& graphite = loaded.value->at(0);
  CHECK(graphite.name == "graphite");
  CHECK(graphite.prefix == "p.");
  CHECK(graphite.spool_bytes == 2 << 20);
  const auto& carbons = std::get<publish::GraphiteTarget>(graphite.target);
  CHECK(carbons.pickle);
  CHECK(carbons.replication.factor == 2);
  REQUIRE(carbons.peers.size() == 2);
  CHECK(publish::format_peer(carbons.peers[1]) == "10.0.0.2:2003");
  CHECK(carbons.ring.nodes()[1].instance == "b");
  const auto& riemann = std::get<publish::RiemannTarget>(loaded.value->at(1).target);
  CHECK(publish::format_peer(riemann.peer) == "[::1]:5555");

  const ForwardingOptions options = forwarding_options(settings, NamingStyle::kCurrent);
  CHECK(options.graphite == 1);
  CHECK(options.riemann == 2);
  CHECK(options.names == NamingStyle::kCurrent);
  CHECK_FALSE(options.daemon.empty());
}

TEST_CASE("Riemann's messages are those that our own decoder's side reads and writes") {
  const auto loaded = forward_options(tests::loaded(kTwo));
  REQUIRE(loaded);
  const publish::RiemannCodec& codec =
      std::get<publish::RiemannTarget>(loaded.value->at(1).target).codec;
  std::string msg;
  EventView event;
  event.service = "s";
  codec.append_event(event, msg);
  std::string frame;
  codec.append_frame(msg, frame);
  CHECK(frame.size() == msg.size() + 4);
  const auto yes = codec.parse_answer(std::string_view("\x10\x01"));
  REQUIRE(yes);
  CHECK(yes->ok);
  const auto no = codec.parse_answer(std::string_view("\x10\x00\x1a\x04late", 8));
  REQUIRE(no);
  CHECK_FALSE(no->ok);
  CHECK(no->error == "late");
  CHECK_FALSE(codec.parse_answer("\x07"));
}

TEST_CASE("carbons that a ring cannot tell apart are complained about where they stand") {
  const auto twice = forward_options(tests::loaded(
      "forward:\n  - to: graphite\n    addresses: ['10.0.0.1:2003', '10.0.0.1:2004']\n"));
  REQUIRE(twice.errors.size() == 1);
  CHECK(twice.errors[0].message().find("t.yaml:3:16") != std::string::npos);
  CHECK(twice.errors[0].message().find("is given twice") != std::string::npos);
  const auto nameless =
      forward_options(tests::loaded("forward:\n  - to: graphite\n    hashing: fnv1a_ch\n"
                                    "    addresses: ['10.0.0.1:2003', '10.0.0.2:2003']\n"));
  REQUIRE(nameless.errors.size() == 1);
  CHECK(nameless.errors[0].message().find("t.yaml:4:16") != std::string::npos);
  CHECK(nameless.errors[0].message().find("by their instance alone") != std::string::npos);
}

TEST_CASE("a predicate that is none is complained about at its character") {
  std::vector<Error> errors;
  const auto good = forward_predicates(tests::loaded(kTwo), errors);
  CHECK(errors.empty());
  CHECK(good.size() == 2);
  static_cast<void>(
      forward_predicates(tests::loaded("forward:\n  - to: riemann\n    addresses: ['10.0.0.1:1']\n"
                                       "    where: 'service = '\n"),
                         errors));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].where.starts_with("t.yaml:4:"));
}

TEST_CASE("every destination has its counters in the metrics") {
  publish::ForwardStatus status;
  status.name = "central";
  status.counters = {10, 4, 3, 2, 1, 99};
  status.peers = {{"10.0.0.1:5555", true}};
  status.causes = {{"connected", 2}};
  MetricsText text;
  metrics_of_forwards({status}, text);
  const std::string page = text.take();
  for (const char* sample :
       {"tocsin_forward_items_total{destination=\"central\",outcome=\"accepted\"} 10\n",
        "tocsin_forward_items_total{destination=\"central\",outcome=\"sent\"} 4\n",
        "tocsin_forward_items_total{destination=\"central\",outcome=\"refused\"} 3\n",
        "tocsin_forward_items_total{destination=\"central\",outcome=\"dropped\"} 2\n",
        "tocsin_forward_pending{destination=\"central\"} 1\n",
        "tocsin_forward_bytes{destination=\"central\"} 99\n",
        "tocsin_forward_connected{destination=\"central\",address=\"10.0.0.1:5555\"} 1\n",
        "tocsin_forward_events_total{destination=\"central\",cause=\"connected\"} 2\n"}) {
    CAPTURE(sample);
    CHECK(page.find(sample) != std::string::npos);
  }
  MetricsText none;
  metrics_of_forwards({}, none);
  CHECK(none.take().empty());
}

}  // namespace
}  // namespace tocsin::app
