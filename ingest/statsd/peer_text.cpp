#include "ingest/statsd/peer_text.hpp"

#include <arpa/inet.h>

#include <array>

namespace tocsin::statsd {
namespace {

std::string address_text(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, address, text.data(), text.size()) != nullptr ? text.data() : "";
}

}  // namespace

std::string peer_text(const Peer& peer) {
  switch (peer.family) {
    case Peer::Family::kIpv4:
      return address_text(AF_INET, peer.address.data());
    case Peer::Family::kIpv6:
      return address_text(AF_INET6, peer.address.data());
    case Peer::Family::kUnix:
      return "unix";
    case Peer::Family::kNone:
      break;
  }
  return {};
}

}  // namespace tocsin::statsd
