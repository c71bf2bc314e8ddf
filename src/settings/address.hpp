// Where a socket is: an IP address or a host's name with a port, or the path of a unix socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin::settings {

struct Address {
  enum class Family : std::uint8_t { kIpv4, kIpv6, kName, kUnix };

  Family family = Family::kIpv4;
  std::string host;        // without brackets; of a unix socket: its path
  std::uint16_t port = 0;  // 0: any free port (listening only); unused by unix sockets

  friend bool operator==(const Address&, const Address&) = default;
};

// "127.0.0.1:8125", "[::1]:8125", "redis.example.com:6379", or a path with a '/' in it. The text of
// an error says what was expected only.
[[nodiscard]] Result<Address> parse_address(std::string_view text);
[[nodiscard]] std::string format_address(const Address& address);

// The longest path that a unix socket can have (sun_path, less its final zero).
inline constexpr std::size_t kMaxSocketPath = 107;

}  // namespace tocsin::settings
