#include "src/api/http_client.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <thread>

#include "tests/unit/api/echo_server.hpp"

namespace tocsin::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Answers one connection with `bytes`, whatever is asked, once the request is there; then closes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string bytes)
      : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), bytes_(std::move(bytes)) {
    sockaddr_in address = loopback(0);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listening_.get(), any, size) == 0);
    REQUIRE(::listen(listening_.get(), 1) == 0);
    REQUIRE(::getsockname(listening_.get(), any, &size) == 0);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      const base::UniqueFd fd(::accept(listening_.get(), nullptr, nullptr));
      while (request.find("\r\n\r\n") == std::string::npos) {
        char buffer[1024];
        const ssize_t n = ::recv(fd.get(), buffer, sizeof buffer, 0);
        if (n <= 0) return;
        request.append(buffer, static_cast<std::size_t>(n));
      }
      send_all(fd, bytes_);
    });
  }
  ~OneAnswer() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  std::uint16_t port = 0;
  std::string request;  // read it after join()

 private:
  base::UniqueFd listening_;
  const std::string bytes_;
  std::thread thread_;
};

TEST_CASE("the client's question reaches the handler and its answer comes back") {
  const auto server = echo_server();
  const auto answer = http_get("127.0.0.1", server->port(),
                               "/query?q=" + percent_encode("a = \"b&c\""), seconds(5));
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->type == "text/plain");
  CHECK(answer->body == "GET /query q=a = \"b&c\" ");
}

TEST_CASE("a call has its method and its body") {
  const auto server = echo_server();
  const auto answer = http_call("127.0.0.1", server->port(), {"POST", "/a", "{}"}, seconds(5));
  REQUIRE(answer.has_value());
  CHECK(answer->body == "POST /a {}");
  const auto other = http_call("127.0.0.1", server->port(), {"DELETE", "/a?b=c", {}}, seconds(5));
  REQUIRE(other.has_value());
  CHECK(other->body == "DELETE /a b=c ");
}

TEST_CASE("the request names its host and asks for the connection to end") {
  OneAnswer peer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(http_get("127.0.0.1", peer.port, "/a?b=c", seconds(5)).has_value());
  peer.join();
  CHECK(peer.request == "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer.port) +
                            "\r\nConnection: close\r\n\r\n");
}

TEST_CASE("an answer with an error status is an answer") {
  OneAnswer peer("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
  const auto answer = http_get("127.0.0.1", peer.port, "/", seconds(5));
  REQUIRE(answer.has_value());
  CHECK(answer->status == 404);
  CHECK(answer->type.empty());
  CHECK(answer->body == "gone");
}

TEST_CASE("a body without a length ends with the connection") {
  OneAnswer peer("HTTP/1.1 200 OK\r\n\r\nall of it");
  const auto answer = http_get("127.0.0.1", peer.port, "/", seconds(5));
  REQUIRE(answer.has_value());
  CHECK(answer->body == "all of it");
}

TEST_CASE("an answer that is cut off or is no HTTP is an error of the way, not an answer") {
  for (const char* bytes :
       {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "SSH-2.0-x\r\n\r\n"}) {
    CAPTURE(bytes);
    OneAnswer peer(bytes);
    const auto answer = http_get("127.0.0.1", peer.port, "/", seconds(5));
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == Errc::kIo);
    CHECK(answer.error().where == "127.0.0.1:" + std::to_string(peer.port));
  }
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
  CHECK(answer.error().text.find("is tocsin running?") != std::string::npos);
}

TEST_CASE("a daemon that accepts and never answers is given up when the time is over") {
  const base::UniqueFd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listening.get(), any, size) == 0);
  REQUIRE(::listen(listening.get(), 1) == 0);
  REQUIRE(::getsockname(listening.get(), any, &size) == 0);
  const auto start = std::chrono::steady_clock::now();
  const auto answer = http_get("127.0.0.1", ntohs(address.sin_port), "/", milliseconds(100));
  const auto took = std::chrono::steady_clock::now() - start;
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == Errc::kIo);
  CHECK(took >= milliseconds(100));
  CHECK(took < seconds(10));
}

TEST_CASE("a host name is refused: addresses are not looked up") {
  const auto answer = http_get("localhost", 1, "/", seconds(1));
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == Errc::kSyntax);
  CHECK(answer.error().message() == "localhost:1: not a numeric IP address");
}

TEST_CASE("percent encoding leaves the unreserved characters and nothing else") {
  CHECK(percent_encode("azAZ09-._~") == "azAZ09-._~");
  CHECK(percent_encode(" +%&=?/#") == "%20%2B%25%26%3D%3F%2F%23");
  CHECK(percent_encode(std::string_view("\0\x7F\xC3\xA4", 4)) == "%00%7F%C3%A4");
}

TEST_CASE("what was percent encoded is decoded to the same bytes") {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  const auto request = parse_target("/?q=" + percent_encode(every));
  REQUIRE(request.has_value());
  CHECK(request->queries.at("q") == every);
}

}  // namespace
}  // namespace tocsin::api
