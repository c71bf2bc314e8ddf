// ConnectionPool: the connections of one listening stream socket, and the limits they share.
// Internal to this folder; StreamListener and LineServer each add a kind of Connection.
// Threads: the loop's thread; counters from any.
// Life:    Asio's pending handlers share ownership of pool and connections with their owners; each
//          handler looks first whether its object is still open. So every order of ending is safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>

#include "ingest/listen/acceptor.hpp"
#include "ingest/listen/connection_limits.hpp"
#include "ingest/listen/counters.hpp"
#include "ingest/listen/loop_context.hpp"
#include "src/base/unique_fd.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

class ConnectionPool;

// What a pool needs of a connection. Every way to end it leads through leave().
class Connection {
 public:
  explicit Connection(ConnectionPool& pool) noexcept : pool_(&pool) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  virtual void start() = 0;
  // Hands over what the kernel already received, then ends.
  virtual void begin_close() = 0;
  // Ends now; whatever is still undecoded is given up and counted.
  virtual void abort() = 0;
  // True while it is our own doing that nothing moves.
  [[nodiscard]] virtual bool held_back() const noexcept { return false; }

 protected:
  void moved() noexcept { quiet_sweeps_ = 0; }  // something was received or sent
  void leave();                                 // the last act: the pool forgets this connection

 private:
  friend class ConnectionPool;
  ConnectionPool* pool_;  // null once it left: the pool may be gone
  unsigned quiet_sweeps_ = 0;
};

class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
  using MakeConnection = std::function<std::shared_ptr<Connection>(base::UniqueFd, const Peer&)>;

  ConnectionPool(asio::io_context& io, BoundSocket listening, const ConnectionLimits& limits);

  [[nodiscard]] Result<void> start(MakeConnection make);
  // Stops accepting and closes each connection; `grace` later those still there are aborted. Calls
  // `done` (may be empty) from the loop when the last one has gone.
  void close(std::chrono::nanoseconds grace, std::function<void()> done);
  // At once and without a call back.
  void abort();

  [[nodiscard]] std::uint16_t port() const noexcept { return acceptor_->port(); }

  ConnectionCounters counters;

 private:
  friend class Connection;
  void admit(base::UniqueFd fd, const Peer& peer);
  void forget(Connection* connection);
  void abort_all();
  void sweep();
  void finish_closing();

  asio::io_context& io_;
  const ConnectionLimits limits_;
  std::shared_ptr<Acceptor> acceptor_;
  asio::steady_timer sweep_timer_;
  asio::steady_timer grace_timer_;
  MakeConnection make_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  bool open_ = true;
  bool closing_ = false;
  std::function<void()> done_;
};

}  // namespace tocsin::listen
