#include "src/publish/forward/forwarder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/publish/forward/fake_peer.hpp"

namespace tocsin::publish {
namespace {

using namespace std::chrono_literals;
using graphite::HashRing;
using graphite::RingHash;

constexpr TimePoint kTime{std::chrono::seconds(1'700'000'000)};

ForwardedPoint point(std::string name, double value) {
  return {1, std::move(name), value, kTime};
}

ForwardOptions to_carbons(const std::vector<std::uint16_t>& ports, bool pickle,
                          std::size_t replicas = 1) {
  std::vector<graphite::Node> nodes;
  std::vector<PeerAddress> peers;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    nodes.push_back({"127.0.0.1", std::string(1, static_cast<char>('a' + i))});
    peers.push_back({"127.0.0.1", ports[i]});
  }
  auto ring = HashRing::make(std::move(nodes), RingHash::kCarbon);
  REQUIRE(ring);
  ForwardOptions options;
  options.name = "carbons";
  options.target = GraphiteTarget{std::move(*ring), std::move(peers), {replicas, false}, pickle};
  options.backoff_first = 1ms;
  return options;
}

bool holds_together(const ParcelCounters& c) {
  return c.accepted == c.sent + c.refused + c.dropped + c.pending;
}

TEST_CASE("lines go to a carbon, with the prefix before each name") {
  asio::io_context context;
  FakePeer carbon(context);
  ForwardOptions options = to_carbons({carbon.port()}, false);
  options.prefix = "tocsin.";
  const auto forwarder = make_forwarder(context, options);
  forwarder->put(point("a.b;host=web", 1.5));
  forwarder->put(point("c", 2));
  forwarder->pump();
  run_until(context, [&] { return forwarder->status().counters.sent == 2; });
  const std::string expected = "tocsin.a.b;host=web 1.5 1700000000\ntocsin.c 2 1700000000\n";
  run_until(context, [&] { return carbon.received.size() >= expected.size(); });
  CHECK(carbon.received == expected);
  CHECK(forwarder->status().peers[0].connected);
}

TEST_CASE("pickles have at most 500 points") {
  asio::io_context context;
  FakePeer carbon(context, [](const std::string&) { return std::string(); });
  const auto forwarder = make_forwarder(context, to_carbons({carbon.port()}, true));
  for (int i = 0; i < 1001; ++i) forwarder->put(point("p" + std::to_string(1000 + i), i));
  forwarder->pump();
  run_until(context, [&] { return carbon.frames.size() == 3; });
  CHECK(carbon.frames[0].find("p1499") != std::string::npos);
  CHECK(carbon.frames[0].find("p1500") == std::string::npos);
  CHECK(carbon.frames[1].find("p1500") != std::string::npos);
  for (const std::string& frame : carbon.frames) {
    CHECK(frame.substr(0, 2) == "\x80\x02");
    CHECK(frame.back() == '.');
  }
}

TEST_CASE("each carbon gets the series that carbon's ring gives it, prefix and all") {
  asio::io_context context;
  FakePeer a(context);
  FakePeer b(context);
  FakePeer c(context);
  ForwardOptions options = to_carbons({a.port(), b.port(), c.port()}, false);
  options.prefix = "x.";
  const HashRing& ring = std::get<GraphiteTarget>(options.target).ring;
  const auto forwarder = make_forwarder(context, options);
  std::vector<std::string> expected(3);
  for (int i = 0; i < 300; ++i) {
    const std::string name = "metric." + std::to_string(i);
    forwarder->put(point(name, i));
    expected[ring.node_of("x." + name)] += "x." + name + " " + std::to_string(i) + " 1700000000\n";
  }
  forwarder->pump();
  run_until(context, [&] {
    return a.received.size() + b.received.size() + c.received.size() >=
           expected[0].size() + expected[1].size() + expected[2].size();
  });
  CHECK(a.received == expected[0]);
  CHECK(b.received == expected[1]);
  CHECK(c.received == expected[2]);
  CHECK_FALSE(expected[0].empty());
}

TEST_CASE("a replica is one more item") {
  asio::io_context context;
  FakePeer a(context);
  FakePeer b(context);
  const auto forwarder = make_forwarder(context, to_carbons({a.port(), b.port()}, false, 2));
  forwarder->put(point("m", 1));
  forwarder->pump();
  run_until(context, [&] { return forwarder->status().counters.sent == 2; });
  run_until(context, [&] { return !a.received.empty() && !b.received.empty(); });
  CHECK(a.received == b.received);
  CHECK(forwarder->status().counters.accepted == 2);
}

TEST_CASE("points that carbon would not take are refused here, events have no place there") {
  asio::io_context context;
  FakePeer carbon(context);
  const auto forwarder = make_forwarder(context, to_carbons({carbon.port()}, false));
  forwarder->put(point("nan", std::numeric_limits<double>::quiet_NaN()));
  forwarder->put(point("", 1));
  forwarder->put(ForwardedEvent{1, {}});
  forwarder->pump();
  const ParcelCounters counters = forwarder->status().counters;
  CHECK(counters.accepted == 2);
  CHECK(counters.refused == 2);
}

TEST_CASE("a carbon that is away costs memory up to its share, and the oldest points") {
  asio::io_context context;
  ForwardOptions options = to_carbons({FakePeer(context).port()}, false);
  options.spool_bytes = 16384;
  const auto forwarder = make_forwarder(context, options);
  for (int i = 0; i < 5000; ++i) forwarder->put(point("metric." + std::to_string(i), i));
  forwarder->pump();
  const ParcelCounters counters = forwarder->status().counters;
  CHECK(counters.dropped > 0);
  CHECK(counters.pending > 0);
  CHECK(counters.bytes <= 16384);
  CHECK(holds_together(counters));
  CHECK_FALSE(forwarder->status().peers[0].connected);
}

// Instead of Riemann's messages: the parts of an event that matter here, as text.
void append_event(const EventView& event, std::string& msg) {
  msg.append(event.service).append("|").append(event.host).append("|").append(event.state);
  for (const std::string_view tag : event.tags) msg.append("#").append(tag);
  for (const AttributeView& attribute : event.attributes) {
    msg.append(" ").append(attribute.key).append("=").append(attribute.value);
  }
  msg += ';';
}

void append_frame(std::string_view msg, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(msg.size() >> shift);
  out += msg;
}

Result<RiemannCodec::Answer> parse_answer(std::string_view msg) {
  return RiemannCodec::Answer{msg == "ok", msg};
}

TEST_CASE("events go to Riemann whole, a hundred in a message, and points do not") {
  asio::io_context context;
  FakePeer riemann(context, [](const std::string&) { return framed("ok"); });
  ForwardOptions options;
  options.name = "central";
  options.prefix = "eu ";
  options.target =
      RiemannTarget{{"127.0.0.1", riemann.port()}, {append_event, append_frame, parse_answer}};
  std::string told;
  options.log = [&](std::size_t peer, News, std::string_view line) {
    told.append(std::to_string(peer)).append(": ").append(line);
  };
  const auto forwarder = make_forwarder(context, options);
  Event event;
  event.service = "cpu";
  event.host = "web";
  event.state = "ok";
  event.tags = {"a", "b"};
  event.attributes = {{"k", "v"}};
  forwarder->put(ForwardedEvent{1, event});
  forwarder->put(point("m", 1));
  event.tags.clear();
  event.attributes.clear();
  for (int i = 0; i < 249; ++i) forwarder->put(ForwardedEvent{1, event});
  forwarder->pump();
  run_until(context, [&] { return forwarder->status().counters.sent == 250; });
  REQUIRE(riemann.frames.size() == 3);
  CHECK(riemann.frames[0].starts_with("eu cpu|web|ok#a#b k=v;eu cpu|web|ok;"));
  CHECK(told == "0: connected to 127.0.0.1:" + std::to_string(riemann.port()));
  const ForwardStatus status = forwarder->status();
  CHECK(status.name == "central");
  REQUIRE(status.causes.size() == 2);
  CHECK(status.causes[1].name == "connected");
}

}  // namespace
}  // namespace tocsin::publish
