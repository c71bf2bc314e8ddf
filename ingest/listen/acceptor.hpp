// Acceptor: takes the connections that wait on a listening socket. Internal to this folder.
// Threads: the loop's thread.
// Errors:  a lack of descriptors or memory is counted and tried again after a pause; the waiting
//          connections stay in the kernel's queue meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "ingest/listen/counters.hpp"
#include "ingest/listen/loop_context.hpp"
#include "ingest/listen/socket.hpp"
#include "src/base/unique_fd.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  using OnConnection = std::function<void(base::UniqueFd, const Peer&)>;

  // `counters` is written until stop().
  Acceptor(asio::io_context& io, BoundSocket listening, ConnectionCounters& counters);
  ~Acceptor();

  [[nodiscard]] Result<void> start(OnConnection on_connection);
  // Closes the listening socket. `on_connection` is not called again.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  void wait();
  void accept_waiting();

  BoundSocket listening_;
  const std::uint16_t port_;
  asio::posix::stream_descriptor readable_;  // holds the socket for waiting; never owns it
  asio::steady_timer pause_;
  ConnectionCounters& counters_;
  OnConnection on_connection_;
};

}  // namespace tocsin::listen
