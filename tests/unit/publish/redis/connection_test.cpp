#include "src/publish/redis/connection.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "tests/unit/publish/redis/fake_redis.hpp"
#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;
using namespace std::chrono_literals;

namespace {

// Writes down all that a connection tells.
class Notes final : public ConnectionListener {
 public:
  void on_connected() override { connected = true; }
  void on_reply(Reply reply) override { replies.push_back(reply.text); }
  void on_replies_end() override { batch_ends.push_back(replies.size()); }
  void on_ended(std::string_view cause, std::string text) override {
    ++ends;
    ended.assign(cause);
    why = std::move(text);
  }

  bool connected = false;
  std::vector<std::string> replies;
  std::vector<std::size_t> batch_ends;  // how many replies were there at each on_replies_end()
  int ends = 0;
  std::string ended;
  std::string why;
};

RedisOptions patient(std::uint16_t port) {
  RedisOptions options;
  options.port = port;
  options.connect_timeout = 10s;
  options.reply_timeout = 10s;
  return options;
}

void add_command(Connection& connection, const std::vector<std::string_view>& words) {
  append_command(words, connection.output());
}

// ECHOes what it is asked to.
std::string echo(const std::vector<std::string>& words) {
  return "+" + words.back() + "\r\n";
}

// A loopback port on which nobody listens: it was free a moment ago.
std::uint16_t free_port() {
  asio::io_context context;
  return FakeRedis(context, good).port();
}

}  // namespace

TEST_CASE("commands go out together and their replies come back in order") {
  asio::io_context context;
  FakeRedis redis(context, echo);
  const RedisOptions options = patient(redis.port());
  Notes notes;
  Connection connection(context, options, notes);
  CHECK_FALSE(notes.connected);  // never from inside a call
  run_until(context, [&] { return notes.connected; });

  for (const char* word : {"one", "two", "three"}) add_command(connection, {"ECHO", word});
  CHECK(connection.unsent_bytes() == connection.output().size());
  connection.send(3);
  CHECK(connection.outstanding() == 3);
  run_until(context, [&] { return notes.replies.size() == 3; });
  run_until(context, [&] { return connection.unsent_bytes() == 0; });
  CHECK(notes.replies == std::vector<std::string>{"one", "two", "three"});
  CHECK(notes.batch_ends.back() == 3);
  CHECK(connection.outstanding() == 0);
  CHECK(notes.ends == 0);
}

TEST_CASE("what is added while a write is under way goes out after it") {
  asio::io_context context;
  FakeRedis redis(context,
                  [](const std::vector<std::string>& words) { return "+" + words[1] + "\r\n"; });
  const RedisOptions options = patient(redis.port());
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.connected; });
  const std::string large(1 << 20, 'x');  // more than a socket takes at once
  std::vector<std::string> expected;
  for (int i = 0; i < 8; ++i) {
    expected.push_back(std::to_string(i));
    add_command(connection, {"SET", expected.back(), large});
    connection.send(1);
  }
  run_until(context, [&] { return notes.replies.size() == 8; });
  CHECK(notes.replies == expected);
}

TEST_CASE("a reply that nothing asked for ends the connection") {
  asio::io_context context;
  FakeRedis redis(context,
                  [](const std::vector<std::string>&) { return std::string("+OK\r\n+OK\r\n"); });
  const RedisOptions options = patient(redis.port());
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.connected; });
  add_command(connection, {"PING"});
  connection.send(1);
  run_until(context, [&] { return notes.ends == 1; });
  CHECK(notes.ended == "protocol");
  CHECK(notes.why == "a reply that nothing asked for");
  CHECK(notes.replies.size() == 1);
}

TEST_CASE("a port where nobody listens ends the connection, once") {
  asio::io_context context;
  const RedisOptions options = patient(free_port());
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.ends == 1; });
  context.restart();
  context.run_for(20ms);
  CHECK(notes.ends == 1);
  CHECK_FALSE(notes.connected);
  CHECK(notes.ended == "connect");
  CHECK(notes.why == "Connection refused");
}

TEST_CASE("each address of a name is tried") {
  asio::io_context context;
  FakeRedis redis(context, good);  // listens on 127.0.0.1; localhost may say ::1 first
  RedisOptions options = patient(redis.port());
  options.host = "localhost";
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.connected || notes.ends > 0; });
  CHECK(notes.connected);
}

TEST_CASE("a name that is none ends the connection and says so") {
  asio::io_context context;
  RedisOptions options = patient(1);
  options.host = std::string(64, 'x');  // longer than a label may be: no name server is asked
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.ends == 1; });
  CHECK(notes.ended == "resolve");
  CHECK_FALSE(notes.why.empty());
}

TEST_CASE("a peer that closes ends the connection") {
  asio::io_context context;
  auto acceptor =
      std::make_unique<tcp::acceptor>(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const RedisOptions options = patient(acceptor->local_endpoint().port());
  acceptor->async_accept([](const boost::system::error_code&, tcp::socket) {});  // and closes it
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.ends == 1; });
  CHECK(notes.connected);
  CHECK(notes.ended == "disconnected");
}

TEST_CASE("a handshake that does not end in time is given up") {
  asio::io_context context;
  FakeRedis redis(context, [](const std::vector<std::string>&) { return std::string(); });
  RedisOptions options = patient(redis.port());
  options.connect_timeout = 50ms;
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.connected; });
  add_command(connection, {"PING"});
  connection.send(1);
  run_until(context, [&] { return notes.ends == 1; });
  CHECK(notes.ended == "connect_timeout");
}

TEST_CASE("once established only an answer that is due is waited for, and each one anew") {
  asio::io_context context;
  int answers = 2;
  FakeRedis redis(context, [&](const std::vector<std::string>&) {
    return answers-- > 0 ? std::string("+OK\r\n") : std::string();
  });
  RedisOptions options = patient(redis.port());
  options.connect_timeout = 60ms;
  options.reply_timeout = 60ms;
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.connected; });
  connection.established();
  context.restart();
  context.run_for(150ms);  // nothing is due
  REQUIRE(notes.ends == 0);
  for (int i = 0; i < 3; ++i) {
    add_command(connection, {"PING"});
    connection.send(1);
  }
  run_until(context, [&] { return notes.ends == 1; });
  CHECK(notes.replies.size() == 2);
  CHECK(notes.ended == "reply_timeout");
}

TEST_CASE("a connection that is gone tells nothing, whatever was under way") {
  for (int steps = 0; steps < 6; ++steps) {
    CAPTURE(steps);
    asio::io_context context;
    FakeRedis redis(context, good);
    const RedisOptions options = patient(redis.port());
    Notes notes;
    auto connection = std::make_unique<Connection>(context, options, notes);
    for (int i = 0; i < steps; ++i) context.run_one_for(20ms);
    if (notes.connected) {
      add_command(*connection, {"PING"});
      connection->send(1);
    }
    const std::size_t heard = notes.replies.size();
    connection.reset();
    context.restart();
    context.run_for(5ms);
    CHECK(notes.replies.size() == heard);
    CHECK(notes.ends == 0);
  }
}

TEST_CASE("a unix socket is reached by its path") {
  const TemporaryDirectory directory;
  asio::io_context context;
  using asio::local::stream_protocol;
  RedisOptions options = patient(1);
  options.unix_path = directory.path() + "/redis.sock";
  stream_protocol::acceptor acceptor(context, stream_protocol::endpoint(options.unix_path));
  Notes notes;
  Connection connection(context, options, notes);
  run_until(context, [&] { return notes.connected || notes.ends > 0; });
  CHECK(notes.connected);
}

TEST_CASE("a path too long for a socket is told later, not from inside the constructor") {
  asio::io_context context;
  RedisOptions options = patient(1);
  options.unix_path = "/" + std::string(200, 'x');
  Notes notes;
  Connection connection(context, options, notes);
  CHECK(notes.ends == 0);
  run_until(context, [&] { return notes.ends == 1; });
  CHECK(notes.ended == "connect");
}

TEST_CASE("an address is written as people write it") {
  RedisOptions options;
  CHECK(address_of(options) == "127.0.0.1:6379");
  options.host = "::1";
  options.port = 7000;
  CHECK(address_of(options) == "[::1]:7000");
  options.unix_path = "/run/redis.sock";
  CHECK(address_of(options) == "unix:/run/redis.sock");
}
