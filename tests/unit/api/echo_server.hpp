// What the HTTP tests share: a server that says what it was asked, and a socket without manners.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/api/http_server.hpp"
#include "src/base/unique_fd.hpp"

namespace tocsin::api {

// Answers "METHOD PATH name=value... BODY", the queries sorted by name.
[[nodiscard]] inline std::unique_ptr<HttpServer> echo_server(const HttpOptions& options = {}) {
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

[[nodiscard]] inline sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A connected socket on which no wait takes longer than five seconds.
[[nodiscard]] inline base::UniqueFd connect_to(std::uint16_t port) {
  base::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{5, 0};
  (void)::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const sockaddr_in address = loopback(port);
  REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

inline void send_all(const base::UniqueFd& fd, std::string_view bytes) {
  (void)::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

// What comes until the other side closes.
[[nodiscard]] inline std::string receive_all(const base::UniqueFd& fd) {
  std::string all;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::recv(fd.get(), buffer, sizeof buffer, 0)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(n));
  }
  return all;
}

// Sends raw bytes and reads until the server closes.
[[nodiscard]] inline std::string raw(std::uint16_t port, std::string_view bytes) {
  const auto fd = connect_to(port);
  send_all(fd, bytes);
  return receive_all(fd);
}

}  // namespace tocsin::api
