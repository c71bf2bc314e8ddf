// PeerName: the sender's address as text, written anew only when the sender changed.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/decoder.hpp"

namespace tocsin::syslog {

class PeerName {
 public:
  // As statsd::peer_text. Valid until the next call.
  // Cost: some ns for the sender of the call before and for IPv4; else one formatting.
  [[nodiscard]] std::string_view of(const Peer& peer) {
    if (!is_last(peer)) write(peer);
    return text_;
  }

 private:
  using Words = std::array<std::uint64_t, 2>;

  // As words: a comparison of arrays is a call.
  [[nodiscard]] bool is_last(const Peer& peer) const noexcept {
    const auto words = std::bit_cast<Words>(peer.address);
    const auto last = std::bit_cast<Words>(last_.address);
    return peer.family == last_.family && words[0] == last[0] && words[1] == last[1];
  }
  void write(const Peer& peer);

  Peer last_;
  std::string text_;  // of last_; keeps its memory
};

}  // namespace tocsin::syslog
