// Connection: one life of a socket to Redis: look up, connect, pipeline commands, read replies,
// end. Replies come in the order of the commands. It ends once, for good: make another one to try
// again.
// Threads: the thread that runs the io_context.
// Memory:  what was sent and not yet taken by the socket; the caller limits what it sends.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "src/publish/redis/options.hpp"
#include "src/publish/redis/resp.hpp"

namespace boost::asio {
class io_context;
}

namespace tocsin::publish {

// Whom a connection tells. Never called from inside a call to the connection.
class ConnectionListener {
 public:
  virtual ~ConnectionListener() = default;
  virtual void on_connected() = 0;
  virtual void on_reply(Reply reply) = 0;
  // Replies read so far were handed over: a good moment to send more.
  virtual void on_replies_end() = 0;
  // The last call. `cause`: a constant word for a counter; `text`: for people.
  virtual void on_ended(std::string_view cause, std::string text) = 0;
};

class Connection {
 public:
  // Starts at once. `options` and `listener` must outlive the connection.
  Connection(boost::asio::io_context& context, const RedisOptions& options,
             ConnectionListener& listener);
  // Silent: the listener hears nothing any more.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Appends to what goes out next. Precondition: on_connected() was called.
  [[nodiscard]] std::string& output() noexcept;
  // Sends the output, which holds `commands` more commands than at the last call.
  void send(std::size_t commands);

  [[nodiscard]] std::size_t outstanding() const noexcept;  // commands without a reply
  [[nodiscard]] std::size_t unsent_bytes() const noexcept;
  // The handshake is over: from now on the reply timeout counts.
  void established();

 private:
  class Life;
  const std::shared_ptr<Life> life_;
};

}  // namespace tocsin::publish
