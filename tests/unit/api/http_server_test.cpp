#include "src/api/http_server.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

#include "tests/unit/api/echo_server.hpp"

namespace tocsin::api {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kLastGet =
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

std::size_t count(std::string_view text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    ++found;
  }
  return found;
}

// A timeout is counted right after the close that the client sees.
bool comes_to(const base::Counter& counter, std::uint64_t expected) {
  for (int i = 0; i < 5000 && counter.get() < expected; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  return counter.get() == expected;
}

TEST_CASE("a handler sees method, path, queries and body, and its answer is framed") {
  const auto server = echo_server();
  const std::string answer =
      raw(server->port(),
          "POST /a%20b?x=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
          "Content-Length: 4\r\n\r\nbody");
  CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(answer.find("Content-Type: text/plain\r\n") != std::string::npos);
  CHECK(answer.find("Content-Length: 18\r\n") != std::string::npos);
  CHECK(answer.find("Cache-Control: no-cache\r\n") != std::string::npos);
  CHECK(answer.ends_with("\r\n\r\nPOST /a b x=1 body"));
}

TEST_CASE("a connection carries one request after the other, sent together or not") {
  const auto server = echo_server();
  const std::string answer =
      raw(server->port(), std::string(kGet) + std::string(kGet) + std::string(kLastGet));
  CHECK(count(answer, "HTTP/1.1 200 OK") == 3);
  CHECK(server->counters().requests.get() == 3);
  CHECK(server->counters().errors.get() == 0);
}

TEST_CASE("a broken target is answered with what is wrong, and counted") {
  const auto server = echo_server();
  const std::string answer =
      raw(server->port(), "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(answer.starts_with("HTTP/1.1 400 "));
  CHECK(answer.find("Content-Type: application/problem+json\r\n") != std::string::npos);
  CHECK(answer.find("\"code\":\"bad_target\"") != std::string::npos);
  CHECK(server->counters().requests.get() == 1);
  CHECK(server->counters().errors.get() == 1);
}

TEST_CASE("a problem is one JSON object, whatever its words hold") {
  const Response response = problem(404, "no_service", "no service \"a\nb\"");
  CHECK(response.status == 404);
  CHECK(response.type == "application/problem+json");
  CHECK(response.body ==
        "{\"type\":\"about:blank\",\"status\":404,\"code\":\"no_service\","
        "\"detail\":\"no service \\\"a\\nb\\\"\"}\n");
}

TEST_CASE("an address that cannot be bound is refused with its name") {
  const auto none = HttpServer::open({.address = "localhost"}, {});
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == Errc::kIo);
  CHECK(none.error().where == "localhost:0");

  const auto first = echo_server();
  const auto second = HttpServer::open({.port = first->port()}, {});
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().where == "127.0.0.1:" + std::to_string(first->port()));
  CHECK(second.error().text == "cannot listen for HTTP: Address already in use");
}

TEST_CASE("a stop ends the connections that are open, and may be repeated") {
  const auto server = echo_server();
  const auto resting = connect_to(server->port());
  send_all(resting, kGet);
  char first = 0;
  REQUIRE(::recv(resting.get(), &first, 1, MSG_PEEK) == 1);  // it is served
  server->stop();
  server->stop();
  CHECK(server->counters().requests.get() == 1);
}

TEST_CASE("a foreign Host is refused, so that rebinding a name reaches nothing") {
  const auto server = echo_server();
  CHECK(raw(server->port(), "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            .starts_with("HTTP/1.1 421 "));
  CHECK(raw(server->port(), "GET / HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n")
            .starts_with("HTTP/1.1 200 "));
}

TEST_CASE("requests over a limit are answered with the limit's status") {
  HttpOptions options;
  options.max_header_bytes = 512;
  options.max_body_bytes = 10;
  const auto server = echo_server(options);
  CHECK(raw(server->port(),
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(1000, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431 "));
  CHECK(raw(server->port(), "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n")
            .starts_with("HTTP/1.1 413 "));
  CHECK(raw(server->port(), "nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a client that dawdles is closed, one over the connection limit is refused") {
  HttpOptions options;
  options.header_timeout = milliseconds(100);
  options.max_connections = 1;
  const auto server = echo_server(options);
  CHECK(raw(server->port(), "GET / HT").empty());  // returns when the server closes
  CHECK(comes_to(server->counters().timeouts, 1));

  const auto only = connect_to(server->port());
  CHECK(raw(server->port(), kGet).empty());
  CHECK(server->counters().refused.get() == 1);
}

TEST_CASE("between its requests a client may rest, but not for ever") {
  const auto server = echo_server({.idle_timeout = milliseconds(100)});
  CHECK(raw(server->port(), kGet).starts_with("HTTP/1.1 200 "));  // returns when the server closes
  CHECK(comes_to(server->counters().timeouts, 1));
}

TEST_CASE("a connection that went makes room for another") {
  const auto server = echo_server({.max_connections = 1});
  for (int i = 0; i < 5; ++i) {
    const auto fd = connect_to(server->port());
    send_all(fd, kLastGet);
    CHECK(receive_all(fd).starts_with("HTTP/1.1 200 "));
  }
}

}  // namespace
}  // namespace tocsin::api
