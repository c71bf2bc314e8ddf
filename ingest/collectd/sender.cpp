#include "ingest/collectd/sender.hpp"

#include "ingest/collectd/short_text.hpp"
#include "ingest/statsd/peer_text.hpp"

namespace tocsin::collectd {
namespace {

bool same_address(const Peer& a, const Peer& b) noexcept {
  const auto text = [](const Peer& peer) {
    return std::string_view(reinterpret_cast<const char*>(peer.address.data()),
                            peer.address.size());
  };
  return a.family == b.family && equal_short(text(a), text(b));
}

}  // namespace

bool Sender::set_origin(const Origin& origin) {
  received_ = origin.received;
  if (same_address(origin.peer, peer_)) return false;
  peer_ = origin.peer;
  text_ = statsd::peer_text(peer_);
  return true;
}

}  // namespace tocsin::collectd
