// Transport: how bytes get over one accepted stream: as they are, or through TLS. Internal to this
// folder.
// Life:    handlers keep their connection, which owns the transport; after close() they are called
//          once more, with an error.
// Threads: the loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/buffer.hpp>

#include "ingest/listen/loop_context.hpp"
#include "ingest/listen/tls_server.hpp"
#include "src/base/unique_fd.hpp"

namespace tocsin::listen {

class Transport {
 public:
  using OnDone = std::function<void(error_code)>;
  using OnBytes = std::function<void(error_code, std::size_t)>;
  using OnEnd = std::function<void()>;

  virtual ~Transport() = default;

  [[nodiscard]] virtual bool is_open() const = 0;
  // Before anything else; at once where there is nothing to agree on.
  virtual void handshake(OnDone done) = 0;
  virtual void read_some(asio::mutable_buffer into, OnBytes done) = 0;
  // All of `bytes`, which stay where they are until then. One at a time.
  virtual void write(asio::const_buffer bytes, OnBytes done) = 0;
  // The kernel reports the end of the stream behind what it already holds.
  virtual void end_reading() = 0;
  // Says that nothing more is sent, and waits for the client to end as well. What still comes goes
  // through `scratch` and is forgotten. Nothing else is under way then.
  virtual void linger(asio::mutable_buffer scratch, OnEnd done) = 0;
  virtual void close() = 0;
  // Whom a verified certificate names; empty without one. After the handshake.
  [[nodiscard]] virtual std::string user() const { return {}; }
};

// `tls` null: plain. Not open when the loop could not take the descriptor.
[[nodiscard]] std::unique_ptr<Transport> make_transport(asio::io_context& io, base::UniqueFd fd,
                                                        std::shared_ptr<TlsServer::Context> tls);

}  // namespace tocsin::listen
