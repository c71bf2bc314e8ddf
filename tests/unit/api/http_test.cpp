#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/api/http_client.hpp"
#include "src/api/http_server.hpp"

namespace tocsin::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::unique_ptr<HttpServer> echo_server(HttpOptions options = {}) {
  auto server = HttpServer::open(options, [](const Request& request) {
    Response response;
    response.type = "text/plain";
    response.body = request.method + " " + request.path;
    for (const auto& [name, value] : request.queries) response.body += " " + name + "=" + value;
    response.body += " " + request.body;
    return response;
  });
  REQUIRE(server.has_value());
  (*server)->start();
  return std::move(*server);
}

// Sends raw bytes and reads until the server closes.
std::string raw(std::uint16_t port, std::string_view bytes) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{5, 0};
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  REQUIRE(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  (void)send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string answer;
  char buffer[4096];
  for (ssize_t n = 0; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(n));
  }
  close(fd);
  return answer;
}

TEST_CASE("a target is split and decoded") {
  const auto request = parse_target("/a%20b/c?q=x%3D1+2&flag&q=last%26");
  REQUIRE(request.has_value());
  CHECK(request->path == "/a b/c");
  CHECK(request->queries == std::map<std::string, std::string>{{"q", "last&"}, {"flag", ""}});
  CHECK_FALSE(parse_target("/%zz").has_value());
  CHECK_FALSE(parse_target("/x?a=%4").has_value());
}

TEST_CASE("the client's question reaches the handler and its answer comes back") {
  const auto server = echo_server();
  const auto answer = http_get("127.0.0.1", server->port(),
                               "/query?q=" + percent_encode("a = \"b&c\""), seconds(5));
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->body == "GET /query q=a = \"b&c\" ");
  CHECK(server->counters().requests.get() == 1);
}

TEST_CASE("nobody listening is an error that says so") {
  std::uint16_t port = 0;
  {
    const auto server = echo_server();
    port = server->port();
  }
  const auto answer = http_get("127.0.0.1", port, "/", seconds(1));
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == Errc::kUnavailable);
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
  CHECK(server->counters().timeouts.get() == 1);

  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  CHECK(raw(server->port(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").empty());
  CHECK(server->counters().refused.get() == 1);
  close(fd);
}

}  // namespace
}  // namespace tocsin::api
