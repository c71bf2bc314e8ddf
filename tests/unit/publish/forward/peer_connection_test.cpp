#include "src/publish/forward/peer_connection.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/publish/forward/fake_peer.hpp"

namespace tocsin::publish {
namespace {

using namespace std::chrono_literals;

class Notes final : public PeerListener {
 public:
  void on_connected() override { connected = true; }
  void on_written() override { ++written; }
  void on_bytes(std::string_view bytes) override { received += bytes; }
  void on_ended(std::string_view cause, std::string text) override {
    ++ends;
    ended.assign(cause);
    why = std::move(text);
  }

  bool connected = false;
  int written = 0;
  std::string received;
  int ends = 0;
  std::string ended;
  std::string why;
};

TEST_CASE("what is written arrives, what is answered is told, and the end is told once") {
  asio::io_context context;
  FakePeer peer(context);
  Notes notes;
  PeerConnection connection(context, {"127.0.0.1", peer.port()}, 10s, notes);
  CHECK_FALSE(notes.connected);  // never from inside a call
  run_until(context, [&] { return notes.connected; });

  std::string bytes(1 << 20, 'x');  // more than a socket takes at once
  connection.write(bytes);
  CHECK(connection.writing());
  run_until(context, [&] { return notes.written == 1; });
  CHECK_FALSE(connection.writing());
  run_until(context, [&] { return peer.received.size() == 1 << 20; });

  peer.send("well");
  run_until(context, [&] { return notes.received == "well"; });
  peer.hang_up();
  run_until(context, [&] { return notes.ends > 0; });
  CHECK(notes.ended == "disconnected");
  context.poll();
  CHECK(notes.ends == 1);
}

TEST_CASE("a port where nobody listens, and a name that is none, end the connection") {
  asio::io_context context;
  Notes notes;
  SUBCASE("port") {
    const std::uint16_t free = FakePeer(context).port();
    const PeerConnection connection(context, {"127.0.0.1", free}, 10s, notes);
    run_until(context, [&] { return notes.ends == 1; });
    CHECK(notes.ended == "connect");
  }
  SUBCASE("name") {
    const PeerConnection connection(context, {"no such name", 2003}, 10s, notes);
    run_until(context, [&] { return notes.ends == 1; });
    CHECK(notes.ended == "resolve");
  }
  CHECK_FALSE(notes.why.empty());
  CHECK_FALSE(notes.connected);
}

TEST_CASE("without the progress that was expected a connection ends") {
  asio::io_context context;
  FakePeer peer(context);
  Notes notes;
  PeerConnection connection(context, {"127.0.0.1", peer.port()}, 10s, notes);
  run_until(context, [&] { return notes.connected; });
  connection.expect_progress(1ms);
  connection.expect_nothing();
  context.run_for(30ms);
  CHECK(notes.ends == 0);
  connection.expect_progress(1ms);
  run_until(context, [&] { return notes.ends == 1; });
  CHECK(notes.ended == "progress_timeout");
}

TEST_CASE("a connection that is gone tells nothing any more") {
  asio::io_context context;
  FakePeer peer(context);
  Notes notes;
  { const PeerConnection connection(context, {"127.0.0.1", peer.port()}, 10s, notes); }
  context.run_for(30ms);
  CHECK_FALSE(notes.connected);
  CHECK(notes.ends == 0);
}

TEST_CASE("an IPv6 address is shown in brackets") {
  CHECK(format_peer({"::1", 2003}) == "[::1]:2003");
  CHECK(format_peer({"carbon", 2004}) == "carbon:2004");
}

}  // namespace
}  // namespace tocsin::publish
