#include "src/settings/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tocsin::settings {
namespace {

constexpr std::size_t kMaxHostName = 253;  // RFC 1035, section 2.3.4, as text

Error expected(Errc code, std::string what) {
  return {code, "", std::move(what)};
}

bool is_ip(int family, const std::string& host) {
  in6_addr ignored{};  // the larger of the two
  return ::inet_pton(family, host.c_str(), &ignored) == 1;
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > kMaxHostName || host.front() == '-') return false;
  const bool letters = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
  // "127.0.0" or "1.2.3.256" are misspelt addresses, not names.
  const bool has_letter = std::any_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  return letters && has_letter;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return port;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const auto refuse = [] {
    return expected(Errc::kSyntax, "an address such as 127.0.0.1:8125 or [::1]:8125");
  };
  if (text.find('/') != std::string_view::npos) {
    if (text.size() > kMaxSocketPath) {
      return expected(Errc::kRange, "a path of at most " + std::to_string(kMaxSocketPath) +
                                        " bytes (the system's limit for unix sockets)");
    }
    return Address{Address::Family::kUnix, std::string(text), 0};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return expected(Errc::kRange, "a port from 0 to 65535 after the last ':'");
  std::string host(text.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (!is_ip(AF_INET6, host)) return refuse();
    return Address{Address::Family::kIpv6, std::move(host), *port};
  }
  if (is_ip(AF_INET, host)) return Address{Address::Family::kIpv4, std::move(host), *port};
  if (is_host_name(host)) return Address{Address::Family::kName, std::move(host), *port};
  return refuse();
}

std::string format_address(const Address& address) {
  switch (address.family) {
    case Address::Family::kUnix:
      return address.host;
    case Address::Family::kIpv6:
      return '[' + address.host + "]:" + std::to_string(address.port);
    case Address::Family::kIpv4:
    case Address::Family::kName:
      break;
  }
  return address.host + ':' + std::to_string(address.port);
}

}  // namespace tocsin::settings
