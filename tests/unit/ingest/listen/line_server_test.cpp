#include "ingest/listen/line_server.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

// Echoes; knows "quit", "count" (lines so far on this connection), "silent" and "flood".
LineHandler new_echo() {
  return [count = 0](std::string_view line) mutable -> LineReply {
    ++count;
    if (line == "quit") return {.text = "bye\n", .close = true};
    if (line == "count") return {.text = std::to_string(count) + "\n"};
    if (line == "silent") return {};
    if (line == "flood") return {.text = std::string(8 * 1024 * 1024, 'x')};
    return {.text = "<" + std::string(line) + ">\n"};
  };
}

struct Fixture {
  explicit Fixture(LineServerOptions options = {}) {
    auto opened = LineServer::open(loop.loop, options, new_echo);
    REQUIRE(opened.has_value());
    server = std::move(*opened);
    loop.start();
  }
  ~Fixture() { loop.stop(); }
  [[nodiscard]] Client connect() const { return Client::ip(SOCK_STREAM, server->port()); }

  LoopThread loop;
  std::unique_ptr<LineServer> server;
};

TEST_CASE("each line is answered in order, with LF or CR LF") {
  Fixture f;
  auto client = f.connect();
  client.send("one\ntwo\r\n\nsilent\nthree\nquit\nnever seen\n");
  CHECK(client.receive_all() == "<one>\n<two>\n<>\n<three>\nbye\n");
}

TEST_CASE("a line may come in pieces, and the last one without LF") {
  Fixture f;
  auto client = f.connect();
  client.send("on");
  client.send("e\ntw");
  CHECK(client.receive() == "<one>\n");
  client.send("o");
  client.end_sending();
  CHECK(client.receive_all() == "<two>\n");
}

TEST_CASE("each connection has its own handler") {
  Fixture f;
  auto first = f.connect();
  auto second = f.connect();
  first.send("a\nb\ncount\nquit\n");
  second.send("count\nquit\n");
  CHECK(first.receive_all() == "<a>\n<b>\n3\nbye\n");
  CHECK(second.receive_all() == "1\nbye\n");
}

TEST_CASE("a line that is too long ends its connection and no other") {
  Fixture f({.max_line_bytes = 16});
  auto patient = f.connect();
  for (const std::size_t size : {17u, 18u, 1000u}) {
    auto client = f.connect();
    client.send("ok\n" + std::string(size, 'x') + "\n");
    CHECK(client.receive_all() == "<ok>\n");
  }
  CHECK(f.server->counters().overlong.get() == 3);
  const std::string longest(16, 'y');
  patient.send(longest + "\r\nquit\n");
  CHECK(patient.receive_all() == "<" + longest + ">\nbye\n");
}

TEST_CASE("one connection too many is closed at once") {
  Fixture f({.limits = {.max_connections = 1}});
  auto first = f.connect();
  first.send("a\n");
  CHECK(first.receive() == "<a>\n");
  CHECK(f.connect().receive_all().empty());
  CHECK(f.server->counters().refused.get() == 1);
}

TEST_CASE("a silent client, and one that does not read its answer, are closed") {
  Fixture f({.limits = {.idle_timeout = 60ms}});
  auto silent = f.connect();
  auto deaf = f.connect();
  deaf.send("flood\n");
  CHECK(silent.receive_all().empty());
  CHECK(eventually([&] { return f.server->counters().idle_closed.get() == 2; }));
  CHECK(eventually([&] { return f.server->counters().open.get() == 0; }));
}

TEST_CASE("close answers what came, and ends the connections") {
  TemporaryDirectory directory;
  const std::string path = directory.file("admin.sock");
  Fixture f({.endpoint = UnixEndpoint{.path = path}});
  auto client = Client::unix_path(SOCK_STREAM, path);
  client.send("one\n");
  CHECK(client.receive() == "<one>\n");
  CHECK(f.loop.close(*f.server, 5s));
  CHECK(client.receive_all().empty());
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("close with nobody connected is done at once") {
  Fixture f;
  CHECK(f.loop.close(*f.server, 5s));
  CHECK_FALSE(f.connect().connected());
}

}  // namespace
}  // namespace tocsin::listen
