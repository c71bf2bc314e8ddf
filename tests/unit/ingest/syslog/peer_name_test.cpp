#include "ingest/syslog/peer_name.hpp"

#include <doctest/doctest.h>

namespace tocsin::syslog {
namespace {

Peer ipv4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  Peer peer;
  peer.family = Peer::Family::kIpv4;
  peer.address = {a, b, c, d};
  return peer;
}

TEST_CASE("senders are named by their address, without the port") {
  PeerName name;
  CHECK(name.of(Peer{}).empty());
  CHECK(name.of(ipv4(192, 0, 2, 7)) == "192.0.2.7");
  Peer other_port = ipv4(192, 0, 2, 7);
  other_port.port = 514;
  CHECK(name.of(other_port) == "192.0.2.7");
  CHECK(name.of(ipv4(255, 255, 255, 255)) == "255.255.255.255");
  CHECK(name.of(ipv4(0, 0, 0, 0)) == "0.0.0.0");

  Peer six;
  six.family = Peer::Family::kIpv6;
  six.address = {0x20, 0x01, 0x0d, 0xb8};
  six.address[15] = 7;
  CHECK(name.of(six) == "2001:db8::7");
  Peer local;
  local.family = Peer::Family::kUnix;
  CHECK(name.of(local) == "unix");
  CHECK(name.of(Peer{}).empty());
}

TEST_CASE("the same address in another family is another sender") {
  PeerName name;
  CHECK(name.of(ipv4(0, 0, 0, 0)) == "0.0.0.0");
  Peer six;
  six.family = Peer::Family::kIpv6;
  CHECK(name.of(six) == "::");
}

}  // namespace
}  // namespace tocsin::syslog
