// PeerName: the sender's address as text, written anew only when the sender changed.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "tocsin/decoder.hpp"

namespace tocsin::syslog {

class PeerName {
 public:
  // As statsd::peer_text. Valid until the next call.
  // Cost: some ns for the sender of the call before and for IPv4; else one formatting.
  [[nodiscard]] std::string_view of(const Peer& peer);

 private:
  Peer last_;
  std::string text_;  // of last_; keeps its memory
};

}  // namespace tocsin::syslog
