#include "ingest/syslog/peer_name.hpp"

#include <charconv>

#include "ingest/statsd/peer_text.hpp"

namespace tocsin::syslog {
namespace {

void write_ipv4(const Peer& peer, std::string& text) {
  std::array<char, 15> dotted{};
  char* at = dotted.data();
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) *at++ = '.';
    at = std::to_chars(at, dotted.data() + dotted.size(), unsigned{peer.address[i]}).ptr;
  }
  text.assign(dotted.data(), at);
}

}  // namespace

void PeerName::write(const Peer& peer) {
  last_ = peer;
  if (peer.family == Peer::Family::kIpv4) {
    write_ipv4(peer, text_);
  } else {
    text_ = statsd::peer_text(peer);
  }
}

}  // namespace tocsin::syslog
