// DatagramBatch: receives up to 64 datagrams with one system call into buffers made once.
// Memory:  the buffers are one mapped arena; a page that no datagram ever reached costs nothing.
// Threads: one owner.
// Cost:    without peers that of a bare recvmmsg loop, as far as can be measured.
// Source:  Linux man-pages: recvmmsg(2), socket(7) on SO_RXQ_OVFL.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "tocsin/decoder.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

class DatagramBatch {
 public:
  static constexpr unsigned kSlots = 64;

  // `with_peers`: have the kernel note each sender's address. It takes about 70 ns per datagram, a
  // tenth of all that receiving one costs. Only for IP sockets.
  [[nodiscard]] static Result<std::unique_ptr<DatagramBatch>> create(std::size_t max_datagram_bytes,
                                                                     bool with_peers);
  ~DatagramBatch();
  DatagramBatch(const DatagramBatch&) = delete;
  DatagramBatch& operator=(const DatagramBatch&) = delete;

  // Takes what waits on `fd`, without blocking. Returns how many datagrams, 0 if none wait;
  // negative: see errno. Invalidates what the last call received.
  [[nodiscard]] int receive(int fd) noexcept;

  // The next three concern datagram `slot` of the last receive().
  [[nodiscard]] std::string_view bytes(unsigned slot) const noexcept {
    return {static_cast<const char*>(vectors_[slot].iov_base), messages_[slot].msg_len};
  }
  [[nodiscard]] bool truncated(unsigned slot) const noexcept {
    return (messages_[slot].msg_hdr.msg_flags & MSG_TRUNC) != 0;
  }
  void read_peer(unsigned slot, Peer& peer) const noexcept;  // without peers: changes nothing

  // The kernel's count of drops, modulo 2^32, when the first datagram of the batch was queued.
  // Empty as long as nothing was ever dropped.
  [[nodiscard]] std::optional<std::uint32_t> drops() const noexcept;

 private:
  DatagramBatch(char* arena, std::size_t arena_bytes, std::size_t max_datagram_bytes,
                std::size_t stride, bool with_peers) noexcept;

  // Fixed after construction.
  char* const arena_;
  const std::size_t arena_bytes_;
  const bool with_peers_;

  unsigned used_ = 0;  // slots whose headers the kernel wrote to
  std::array<mmsghdr, kSlots> messages_{};
  std::array<iovec, kSlots> vectors_{};
  std::array<sockaddr_in6, kSlots> peers_{};  // large enough for IPv4 and IPv6
  // Drop counts never fall, so the first datagram's is enough; the others carry no control data.
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint32_t))> control_{};
};

}  // namespace tocsin::listen
