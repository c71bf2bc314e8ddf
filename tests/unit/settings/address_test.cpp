#include "src/settings/address.hpp"

#include <doctest/doctest.h>

namespace tocsin::settings {
namespace {

TEST_CASE("an address reads by its shape and prints back") {
  struct Case {
    const char* text;
    Address address;
  };
  const Case cases[] = {
      {"127.0.0.1:8125", {Address::Family::kIpv4, "127.0.0.1", 8125}},
      {"0.0.0.0:0", {Address::Family::kIpv4, "0.0.0.0", 0}},
      {"[::1]:65535", {Address::Family::kIpv6, "::1", 65535}},
      {"redis.example.com:6379", {Address::Family::kName, "redis.example.com", 6379}},
      {"localhost:1", {Address::Family::kName, "localhost", 1}},
      {"/run/redis.sock", {Address::Family::kUnix, "/run/redis.sock", 0}},
      {"./redis.sock", {Address::Family::kUnix, "./redis.sock", 0}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto parsed = parse_address(c.text);
    REQUIRE(parsed);
    CHECK(*parsed == c.address);
    CHECK(format_address(*parsed) == c.text);
  }
}

TEST_CASE("what is no address is refused") {
  for (const char* bad :
       {"", ":", "host", ":80", "host:", "host:x", "host:65536", "host:-1", "host: 80", "1.2.3:80",
        "1.2.3.4.5:80", "::1:80", "[::1]", "[]:80", "[1.2.3.4]:80", "a b:80", "-a:80"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_address(bad));
  }
}

}  // namespace
}  // namespace tocsin::settings
