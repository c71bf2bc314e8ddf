// Endpoint: where a listener listens. The same two forms serve datagrams and streams.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace tocsin::listen {

struct IpEndpoint {
  // A numeric IPv4 or IPv6 address: names are not looked up, because one name may stand for several
  // addresses. "::" takes IPv4 senders too. A multicast group is joined (datagrams only); several
  // processes of one machine may then listen on the same port.
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the kernel picks one; ask the listener which
  // Lets several sockets share the port, and the kernel spread senders over them: set it when more
  // than one ingest thread listens. Off, a second daemon on the same port is refused; on, it is
  // not.
  bool reuse_port = false;
  // The interface over which a multicast group is joined; empty: the system's choice.
  std::string interface {};
};

struct UnixEndpoint {
  // At most 107 bytes. A socket file that nobody listens on any more is replaced; the file is
  // removed when the listener closes.
  std::string path;
  unsigned mode = 0660;  // permission bits of the socket file: who may send
};

using Endpoint = std::variant<IpEndpoint, UnixEndpoint>;

}  // namespace tocsin::listen
