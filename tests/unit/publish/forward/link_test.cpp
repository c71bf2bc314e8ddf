#include "src/publish/forward/link.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/publish/forward/fake_peer.hpp"

namespace tocsin::publish {
namespace {

using namespace std::chrono_literals;

void append_as_it_is(std::string_view body, std::string& out) {
  out += body;
}

void append_framed(std::string_view body, std::string& out) {
  out += framed(body);
}

// "ok", or "no: " and why.
Result<RiemannCodec::Answer> parse(std::string_view msg) {
  if (msg == "ok") return RiemannCodec::Answer{true, {}};
  if (msg.substr(0, 4) == "no: ") return RiemannCodec::Answer{false, msg.substr(4)};
  return Error{Errc::kSyntax, "offset 0", "neither yes nor no"};
}

struct Told {
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

LinkOptions options_for(std::uint16_t port, Told& told) {
  LinkOptions options;
  options.peer = {"127.0.0.1", port};
  options.limits.max_bytes = 1 << 20;
  options.limits.parcel_items = 2;
  options.append_frame = append_as_it_is;
  options.connect_timeout = 10s;
  options.progress_timeout = 10s;
  options.backoff_first = 1ms;
  options.backoff_longest = 5ms;
  options.log = [&told](News news, std::string_view line) {
    (news == News::kGood ? told.good : told.bad).emplace_back(line);
  };
  return options;
}

LinkOptions answered(std::uint16_t port, Told& told) {
  LinkOptions options = options_for(port, told);
  options.append_frame = append_framed;
  options.parse_answer = parse;
  options.max_under_way = 3;
  return options;
}

void put_all(Link& link, std::initializer_list<std::string_view> items) {
  for (const std::string_view item : items) link.put(item);
  link.pump();
}

bool holds_together(const ParcelCounters& c) {
  return c.accepted == c.sent + c.refused + c.dropped + c.pending;
}

TEST_CASE("what was put before the connection is sent once it is there") {
  asio::io_context context;
  FakePeer peer(context);
  Told told;
  Link link(context, options_for(peer.port(), told));
  put_all(link, {"a", "b", "c"});
  CHECK(link.counters().pending == 3);
  run_until(context, [&] { return link.counters().sent == 3; });
  run_until(context, [&] { return peer.received == "abc"; });
  CHECK(link.connected());
  CHECK(link.counters().pending == 0);
  REQUIRE(told.good.size() == 1);
  CHECK(told.good[0] == "connected to 127.0.0.1:" + std::to_string(peer.port()));
}

TEST_CASE("a lost connection is made again, and told of once however often it fails") {
  asio::io_context context;
  Told told;
  auto peer = std::make_unique<FakePeer>(context);
  const std::uint16_t port = peer->port();
  Link link(context, options_for(port, told));
  run_until(context, [&] { return link.connected(); });
  peer.reset();
  run_until(context, [&] { return link.causes().contains("connect"); });
  CHECK_FALSE(link.connected());
  put_all(link, {"a"});
  run_until(context, [&] { return link.causes().at("connect") > 3; });
  CHECK(told.bad.size() == 2);  // the end, and that nobody listens
  peer = std::make_unique<FakePeer>(context, nullptr, port);
  run_until(context, [&] { return peer->received == "a"; });
  CHECK(told.good.size() == 2);
  CHECK(holds_together(link.counters()));
}

TEST_CASE("answers settle parcels in their order; what is refused is counted and told") {
  asio::io_context context;
  FakePeer peer(context, [](const std::string& frame) {
    return framed(frame == "cd" ? "no: bad time" : "ok");
  });
  Told told;
  Link link(context, answered(peer.port(), told));
  put_all(link, {"a", "b", "c", "d", "e"});
  run_until(context, [&] { return link.counters().pending == 0; });
  CHECK(peer.frames == std::vector<std::string>{"ab", "cd", "e"});
  CHECK(link.counters().sent == 3);
  CHECK(link.counters().refused == 2);
  REQUIRE(told.bad.size() == 1);
  CHECK(told.bad[0].find("bad time") != std::string::npos);
  CHECK(link.connected());
}

TEST_CASE("no more parcels than agreed go without an answer") {
  asio::io_context context;
  FakePeer peer(context, [](const std::string&) { return std::string(); });
  Told told;
  Link link(context, answered(peer.port(), told));
  put_all(link, {"a", "b", "c", "d", "e", "f", "g", "h", "i"});
  run_until(context, [&] { return peer.frames.size() == 3; });
  context.run_for(30ms);
  CHECK(peer.frames.size() == 3);
  peer.send(framed("ok"));
  run_until(context, [&] { return peer.frames.size() == 4; });
  CHECK(link.counters().sent == 2);
}

TEST_CASE("what was not answered when the connection was lost is sent again, and first") {
  asio::io_context context;
  bool answers = false;
  FakePeer peer(context,
                [&](const std::string&) { return answers ? framed("ok") : std::string(); });
  Told told;
  Link link(context, answered(peer.port(), told));
  put_all(link, {"a", "b", "c"});
  run_until(context, [&] { return peer.frames.size() == 2; });
  CHECK(link.counters().sent == 0);
  answers = true;
  peer.frames.clear();
  peer.hang_up();
  link.put("d");
  run_until(context, [&] { return link.counters().sent == 4; });
  CHECK(peer.connections == 2);
  CHECK(peer.frames.front() == "ab");
  CHECK(holds_together(link.counters()));
}

TEST_CASE("an answer in two pieces, and two answers in one, are read") {
  asio::io_context context;
  FakePeer peer(context, [](const std::string&) { return std::string(); });
  Told told;
  Link link(context, answered(peer.port(), told));
  put_all(link, {"a", "b", "c", "d", "e"});
  run_until(context, [&] { return peer.frames.size() == 3; });
  const std::string answers = framed("ok") + framed("ok") + framed("ok");
  peer.send(answers.substr(0, 15));
  run_until(context, [&] { return link.counters().sent == 4; });
  peer.send(answers.substr(15));
  run_until(context, [&] { return link.counters().sent == 5; });
}

TEST_CASE("what is no answer, or answers nothing, ends the connection") {
  asio::io_context context;
  FakePeer peer(context, [](const std::string&) { return std::string(); });
  Told told;
  Link link(context, answered(peer.port(), told));
  run_until(context, [&] { return link.connected() && peer.connections == 1; });
  SUBCASE("nothing was asked") {
    peer.send(framed("ok"));
  }
  SUBCASE("nonsense") {
    put_all(link, {"a"});
    run_until(context, [&] { return peer.frames.size() == 1; });
    peer.send(framed("what?"));
  }
  SUBCASE("longer than any answer") {
    peer.send(std::string(4, '\xFF'));
  }
  run_until(context, [&] { return link.causes().contains("protocol"); });
  run_until(context, [&] { return peer.connections == 2; });
  CHECK(link.counters().sent == 0);
  CHECK(holds_together(link.counters()));
}

TEST_CASE("a peer that never answers is given up") {
  asio::io_context context;
  FakePeer peer(context, [](const std::string&) { return std::string(); });
  Told told;
  LinkOptions options = answered(peer.port(), told);
  options.progress_timeout = 20ms;
  Link link(context, options);
  context.run_for(60ms);
  CHECK_FALSE(link.causes().contains("progress_timeout"));  // nothing was due
  put_all(link, {"a"});
  run_until(context, [&] { return link.causes().contains("progress_timeout"); });
  CHECK(link.counters().pending == 1);
}

TEST_CASE("a link that is gone does not come back") {
  asio::io_context context;
  Told told;
  const std::uint16_t port = FakePeer(context).port();
  {
    Link link(context, options_for(port, told));
    run_until(context, [&] { return link.causes().contains("connect"); });
  }
  const std::size_t lines = told.bad.size();
  context.run_for(30ms);
  CHECK(told.bad.size() == lines);
}

}  // namespace
}  // namespace tocsin::publish
