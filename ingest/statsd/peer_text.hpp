// The sender's address as text, for the attribute `peer`.
#pragma once

#include <string>

#include "tocsin/decoder.hpp"

namespace tocsin::statsd {

// "192.0.2.7", "2001:db8::7", "unix"; empty when the sender is not known. Without the port, which
// differs with every restart of a client.
[[nodiscard]] std::string peer_text(const Peer& peer);

}  // namespace tocsin::statsd
