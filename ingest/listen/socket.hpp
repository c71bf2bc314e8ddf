// Opens the sockets that listeners read from, and says who sits at the other end.
// Output:  non-blocking, close-on-exec descriptors, bound; stream sockets listen already.
// Errors:  kRange for an address or path that cannot be one, kIo for what the system refuses.
// Source:  Linux man-pages: ip(7), ipv6(7), socket(7), unix(7).
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

#include "ingest/listen/endpoint.hpp"
#include "src/base/unique_fd.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

// A bound socket together with the file it may have left in the file system.
class BoundSocket {
 public:
  BoundSocket() = default;
  BoundSocket(BoundSocket&&) noexcept;
  BoundSocket& operator=(BoundSocket&&) noexcept;
  ~BoundSocket() { close(); }

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(fd_); }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }  // 0 for a unix socket

  // Closes, and removes the socket file if it is still the one made here.
  void close() noexcept;

 private:
  friend Result<BoundSocket> bind_socket(const Endpoint& endpoint, int type);

  base::UniqueFd fd_;
  std::uint16_t port_ = 0;
  std::string path_;  // empty: no file
  dev_t device_ = 0;  // together with inode_: which file at path_ is ours
  ino_t inode_ = 0;
};

// `type`: SOCK_DGRAM or SOCK_STREAM.
[[nodiscard]] Result<BoundSocket> bind_socket(const Endpoint& endpoint, int type);

// Whether an address is that of a group, whose datagrams every socket bound to it gets.
[[nodiscard]] bool is_multicast(const IpEndpoint& endpoint) noexcept;

// Asks for a receive buffer of `bytes` (payload and the kernel's own overhead), beyond the system's
// limit where the process may. Returns what the kernel now grants; it counts double what was asked.
int enlarge_receive_buffer(int fd, int bytes) noexcept;

// How many datagrams the kernel dropped on this socket since it was opened, modulo 2^32.
[[nodiscard]] std::uint32_t kernel_drops(int fd) noexcept;

// IPv4 senders on an IPv6 socket are reported as IPv4.
void read_peer(const sockaddr& address, Peer& peer) noexcept;

}  // namespace tocsin::listen
