#include "ingest/statsd/peer_text.hpp"

#include <doctest/doctest.h>

namespace tocsin::statsd {
namespace {

TEST_CASE("each family of senders has its text") {
  Peer peer;
  CHECK(peer_text(peer).empty());
  peer.address = {192, 0, 2, 7};
  peer.port = 8125;
  peer.family = Peer::Family::kIpv4;
  CHECK(peer_text(peer) == "192.0.2.7");
  peer.family = Peer::Family::kIpv6;
  peer.address = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
  CHECK(peer_text(peer) == "2001:db8::7");
  peer.family = Peer::Family::kUnix;
  CHECK(peer_text(peer) == "unix");
}

}  // namespace
}  // namespace tocsin::statsd
