// StreamConnection: one accepted stream: bytes in, framed, decoded. Internal to this folder.
// Invariant: while the decoder may still view the buffer (from the first decode() until a flush()
//            that succeeds) the buffer is neither moved nor read into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/generic/stream_protocol.hpp>

#include "ingest/listen/connection_pool.hpp"
#include "ingest/listen/stream_listener.hpp"

namespace tocsin::listen {

// What the connections of one listener share; it outlives them.
struct StreamShared {
  const StreamOptions& options;
  Intake& intake;
  ConnectionCounters& counters;
};

class StreamConnection final : public Connection,
                               public std::enable_shared_from_this<StreamConnection> {
 public:
  StreamConnection(ConnectionPool& pool, asio::io_context& io, const StreamShared& shared,
                   base::UniqueFd fd, const Peer& peer, std::unique_ptr<Decoder> decoder);

  void start() override;
  void begin_close() override;
  void abort() override;
  [[nodiscard]] bool held_back() const noexcept override { return stalled_; }

 private:
  void read();
  void on_read(error_code error, std::size_t received);
  void advance();
  bool decode_buffered();
  void stall();
  void retry();
  void finish();

  [[nodiscard]] std::string_view buffered() const noexcept {
    return {buffer_.get() + begin_, end_ - begin_};
  }

  // Fixed after construction.
  const StreamShared shared_;
  const std::unique_ptr<Decoder> decoder_;
  const std::unique_ptr<Framing> framing_;
  const std::unique_ptr<char[]> buffer_;

  asio::generic::stream_protocol::socket socket_;
  asio::steady_timer retry_timer_;
  std::chrono::milliseconds retry_pause_;

  std::size_t begin_ = 0;  // [begin_, end_) of the buffer is received and not yet cut
  std::size_t end_ = 0;
  std::string_view records_;  // cut, but not yet taken by the decoder: ends at begin_
  Origin origin_;
  std::uint64_t consumed_ = 0;  // of the stream, up to begin_
  bool stalled_ = false;        // waits for the pipeline
  bool closing_ = false;        // we end it, not the sender
  bool ended_ = false;          // nothing more will be received
  bool in_order_ = false;       // ended_ by the sender, after its last byte
};

}  // namespace tocsin::listen
