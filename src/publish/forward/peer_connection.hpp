// PeerConnection: one life of a TCP connection to a peer: look up, connect, write, read, end. It
// ends once, for good: make another one to try again.
// Threads: the thread that runs the io_context.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "src/publish/forward/options.hpp"

namespace boost::asio {
class io_context;
}

namespace tocsin::publish {

// Whom a connection tells. Never called from inside a call to the connection.
class PeerListener {
 public:
  virtual ~PeerListener() = default;
  virtual void on_connected() = 0;
  // The kernel has taken all of the last write().
  virtual void on_written() = 0;
  virtual void on_bytes(std::string_view bytes) = 0;
  // The last call. `cause`: a constant word for a counter; `text`: for people.
  virtual void on_ended(std::string_view cause, std::string text) = 0;
};

class PeerConnection {
 public:
  // Starts at once. `listener` must outlive the connection.
  PeerConnection(boost::asio::io_context& context, const PeerAddress& peer,
                 std::chrono::milliseconds connect_timeout, PeerListener& listener);
  // Silent: the listener hears nothing any more.
  ~PeerConnection();
  PeerConnection(const PeerConnection&) = delete;
  PeerConnection& operator=(const PeerConnection&) = delete;

  // Takes the bytes of `output`, which gets an empty string of some capacity instead.
  // Precondition: on_connected() was called and writing() is false.
  void write(std::string& output);
  [[nodiscard]] bool writing() const noexcept;

  // Ends the connection after `wait`, unless one of the two is called before.
  void expect_progress(std::chrono::milliseconds wait);
  void expect_nothing();

 private:
  class Life;
  const std::shared_ptr<Life> life_;
};

}  // namespace tocsin::publish
