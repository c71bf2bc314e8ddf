// StreamListener: receives records over TCP, TLS or unix stream connections, one Session for each.
// Nothing is lost to a full pipeline: the connection is not read until the pipeline takes more, and
// so TCP slows the sender down.
// Memory:  one buffer of buffer_bytes per connection, allocated when it is accepted; a client can
//          make it neither grow nor live beyond idle_timeout in silence.
// Threads: everything on the loop's thread (or before the loop runs), counters() from any.
// Errors:  what is wrong with records is counted by the Session, through Intake.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "ingest/listen/connection_limits.hpp"
#include "ingest/listen/counters.hpp"
#include "ingest/listen/endpoint.hpp"
#include "ingest/listen/framing.hpp"
#include "ingest/listen/loop.hpp"
#include "ingest/listen/session.hpp"
#include "ingest/listen/tls_server.hpp"
#include "src/base/clock.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

using DecoderFactory = std::function<std::unique_ptr<Decoder>()>;

struct StreamOptions {
  Endpoint endpoint{};
  ConnectionLimits limits{};
  FramingKind framing = FramingKind::kLines;  // for decoders, as is the next
  std::size_t max_record_bytes = 64 * 1024;
  // At least what the session needs to see in one piece; for decoders that is
  // least_buffer(max_record_bytes). Larger reads more per system call.
  std::size_t buffer_bytes = 128 * 1024;
  std::shared_ptr<TlsServer> tls{};      // null: plain
  base::Clock clock = base::wall_clock;  // read once per receive
};

class StreamListener {
 public:
  // Binds and starts to accept. `loop`, and what the sessions use, outlive the listener.
  [[nodiscard]] static Result<std::unique_ptr<StreamListener>> open(Loop& loop,
                                                                    const StreamOptions& options,
                                                                    SessionFactory sessions);
  // The same for streams that are cut into records and never answered.
  [[nodiscard]] static Result<std::unique_ptr<StreamListener>> open(Loop& loop,
                                                                    const StreamOptions& options,
                                                                    DecoderFactory decoders,
                                                                    Intake& intake);

  ~StreamListener();  // as close() with no grace
  StreamListener(const StreamListener&) = delete;
  StreamListener& operator=(const StreamListener&) = delete;

  // Stops accepting, decodes what each connection's kernel buffer holds and closes it; after
  // `grace` gives up on those that a busy sender or a full pipeline keeps open. Then calls `done`
  // once.
  void close(std::chrono::nanoseconds grace, std::function<void()> done);

  [[nodiscard]] std::uint16_t port() const noexcept;  // 0 for a unix socket
  [[nodiscard]] const ConnectionCounters& counters() const noexcept;

 private:
  class Impl;
  explicit StreamListener(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::listen
