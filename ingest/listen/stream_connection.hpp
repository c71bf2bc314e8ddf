// StreamConnection: one accepted stream: bytes in, through a Session, and its answers out. Internal
// to this folder.
// Invariant: while the session may still view the buffer (from the first step() until one that says
//            kNeedMore) the buffer is neither moved nor read into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ingest/listen/connection_pool.hpp"
#include "ingest/listen/session.hpp"
#include "ingest/listen/stream_listener.hpp"
#include "ingest/listen/transport.hpp"

namespace tocsin::listen {

// What the connections of one listener share; it outlives them.
struct StreamShared {
  const StreamOptions& options;
  ConnectionCounters& counters;
};

class StreamConnection final : public Connection,
                               public std::enable_shared_from_this<StreamConnection> {
 public:
  StreamConnection(ConnectionPool& pool, asio::io_context& io, const StreamShared& shared,
                   std::unique_ptr<Transport> transport, const Peer& peer,
                   std::unique_ptr<Session> session);

  void start() override;
  void begin_close() override;
  void abort() override;
  // A client that does not take its answers is idle, whatever else is full.
  [[nodiscard]] bool held_back() const noexcept override { return stalled_ && sending_.empty(); }

 private:
  void begin();
  void read();
  void on_read(error_code error, std::size_t received);
  void advance();
  void stall();
  void retry();
  void send();
  void on_sent(error_code error);
  void finish();
  void linger();
  void end();

  [[nodiscard]] std::string_view buffered() const noexcept {
    return {buffer_.get() + begin_, end_ - begin_};
  }

  // Fixed after construction.
  const StreamShared shared_;
  const std::unique_ptr<Transport> transport_;
  const std::unique_ptr<Session> session_;
  const std::unique_ptr<char[]> buffer_;

  asio::steady_timer timer_;  // of the next retry; at last, of lingering
  std::chrono::milliseconds retry_pause_;

  std::size_t begin_ = 0;  // [begin_, end_) of the buffer is received and not yet consumed
  std::size_t end_ = 0;
  std::string sending_;  // under way
  std::string user_;     // of a verified certificate; origin_ views it
  Origin origin_;
  Tail tail_ = Tail::kOpen;
  bool is_up_ = false;      // the handshake is done
  bool stalled_ = false;    // waits for the pipeline, or for a client that does not take answers
  bool closing_ = false;    // we end it, not the sender
  bool is_deaf_ = false;    // the client cannot be told anything any more
  bool finishing_ = false;  // nothing more will be decoded; what is to be sent goes out
  bool lingering_ = false;  // all is sent; waits for the client to end as well
};

}  // namespace tocsin::listen
