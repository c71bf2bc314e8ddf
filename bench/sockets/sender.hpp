// Sender: sends prepared traffic to a port of loopback, round after round.
// Units:   rates in items per second; 0: as fast as the receiver takes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "bench/sockets/traffic.hpp"
#include "src/base/unique_fd.hpp"

namespace tocsin::sockets {

class Sender {
 public:
  Sender(bool datagrams, std::uint16_t port);

  // How much the receiver has, in datagrams; sending then keeps at most kWindow ahead of it, so
  // that the kernel has nothing to drop. Empty: nobody knows.
  std::function<std::uint64_t()> received;
  double rate = 0;
  bool reads_replies = true;

  void send(Traffic& traffic, std::size_t rounds);

  // Datagrams, or bytes of the stream, so far.
  [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }

 private:
  static constexpr unsigned kBatch = 64;
  static constexpr std::uint64_t kWindow = 512;

  void send_datagrams(const Traffic& traffic);
  void send_stream(const Traffic& traffic);
  void wait_for_room(std::size_t datagrams) const;
  void pace(const Traffic& traffic, std::size_t pieces);
  void read_replies(std::size_t expected, bool wait);

  const bool datagrams_;
  const base::UniqueFd fd_;
  std::uint64_t sent_ = 0;
  std::size_t replies_ = 0;  // bytes of answers to this round
  double due_s_ = 0;         // when the next piece may go, by the steady clock
};

}  // namespace tocsin::sockets
