// LineServer: answers one line of text with some text, over TCP or a unix stream socket.
// For small line protocols such as statsd's admin port.
// How:     one request at a time per connection: the next line is looked at when the answer to the
//          last is sent, so a client that does not read holds one answer, not a queue of them.
// Threads: everything on the loop's thread (or before the loop runs), counters() from any.
// Errors:  a line longer than max_line_bytes ends its connection; counted as overlong.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/listen/connection_limits.hpp"
#include "ingest/listen/counters.hpp"
#include "ingest/listen/endpoint.hpp"
#include "ingest/listen/loop.hpp"
#include "tocsin/result.hpp"

namespace tocsin::listen {

struct LineReply {
  std::string text;    // sent as it is; may be empty
  bool close = false;  // end the connection once the text is sent
};

// Answers the lines of one connection, which come without their LF or CR LF.
using LineHandler = std::function<LineReply(std::string_view line)>;

struct LineServerOptions {
  Endpoint endpoint{};
  ConnectionLimits limits{.max_connections = 64, .idle_timeout = std::chrono::minutes(5)};
  std::size_t max_line_bytes = 4096;
};

class LineServer {
 public:
  // `new_handler` is called once per connection. `loop` outlives the server.
  [[nodiscard]] static Result<std::unique_ptr<LineServer>> open(
      Loop& loop, const LineServerOptions& options, std::function<LineHandler()> new_handler);

  ~LineServer();  // as close() with no grace
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;

  // Stops accepting, answers the lines that already came, closes; after `grace` in any case. Then
  // calls `done` once.
  void close(std::chrono::nanoseconds grace, std::function<void()> done);

  [[nodiscard]] std::uint16_t port() const noexcept;  // 0 for a unix socket
  [[nodiscard]] const ConnectionCounters& counters() const noexcept;

 private:
  class Impl;
  explicit LineServer(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::listen
