#include "src/publish/forward/peer_connection.hpp"

#include <array>
#include <cstdint>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace tocsin::publish {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

}  // namespace

std::string format_peer(const PeerAddress& peer) {
  const bool ipv6 = peer.host.find(':') != std::string::npos;
  return (ipv6 ? '[' + peer.host + ']' : peer.host) + ':' + std::to_string(peer.port);
}

// Shared with the handlers under way, which may run after the PeerConnection is gone: they find
// listener_ null and do nothing.
class PeerConnection::Life : public std::enable_shared_from_this<Life> {
 public:
  Life(asio::io_context& context, PeerListener& listener)
      : listener_(&listener), resolver_(context), socket_(context), timer_(context) {}

  void start(const PeerAddress& peer, std::chrono::milliseconds connect_timeout);
  void write(std::string& output);
  void arm(std::chrono::milliseconds wait, std::string_view cause, const char* text);
  void disarm();
  void abandon();

  [[nodiscard]] bool writing() const noexcept { return !writing_.empty(); }

 private:
  void connect(const tcp::resolver::results_type& found);
  void connected();
  void read();
  void end(std::string_view cause, std::string text);

  PeerListener* listener_;  // null: over
  tcp::resolver resolver_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::string writing_;  // empty: no write under way
  std::array<char, 4096> input_{};
  std::uint64_t alarm_ = 0;  // number of the timer that is meant
};

void PeerConnection::Life::start(const PeerAddress& peer,
                                 std::chrono::milliseconds connect_timeout) {
  arm(connect_timeout, "connect_timeout", "no connection in time");
  resolver_.async_resolve(peer.host, std::to_string(peer.port),
                          [self = shared_from_this()](const error_code& error,
                                                      const tcp::resolver::results_type& found) {
                            if (self->listener_ == nullptr) return;
                            if (error) return self->end("resolve", error.message());
                            self->connect(found);
                          });
}

void PeerConnection::Life::connect(const tcp::resolver::results_type& found) {
  asio::async_connect(socket_, found,
                      [self = shared_from_this()](const error_code& error, const tcp::endpoint&) {
                        if (self->listener_ == nullptr) return;
                        if (error) return self->end("connect", error.message());
                        self->connected();
                      });
}

void PeerConnection::Life::connected() {
  disarm();
  error_code ignored;  // both are improvements, not conditions
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.set_option(asio::socket_base::keep_alive(true), ignored);
  read();
  listener_->on_connected();
}

void PeerConnection::Life::write(std::string& output) {
  std::swap(writing_, output);
  asio::async_write(socket_, asio::buffer(writing_),
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      if (self->listener_ == nullptr) return;
                      if (error) return self->end("write", error.message());
                      self->writing_.clear();
                      self->listener_->on_written();
                    });
}

// Also of a peer that never says anything: its end is seen here.
void PeerConnection::Life::read() {
  socket_.async_read_some(asio::buffer(input_),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (self->listener_ == nullptr) return;
                            if (error) return self->end("disconnected", error.message());
                            self->listener_->on_bytes({self->input_.data(), bytes});
                            if (self->listener_ != nullptr) self->read();
                          });
}

void PeerConnection::Life::arm(std::chrono::milliseconds wait, std::string_view cause,
                               const char* text) {
  timer_.expires_after(wait);
  // A timer that has fired can no longer be cancelled while its handler waits to run: the number
  // tells whether it is still meant.
  const std::uint64_t alarm = ++alarm_;
  timer_.async_wait([self = shared_from_this(), alarm, cause, text](const error_code& error) {
    if (error || self->listener_ == nullptr || self->alarm_ != alarm) return;
    self->end(cause, text);
  });
}

void PeerConnection::Life::disarm() {
  ++alarm_;
  timer_.cancel();
}

void PeerConnection::Life::end(std::string_view cause, std::string text) {
  PeerListener* const listener = listener_;
  abandon();
  if (listener != nullptr) listener->on_ended(cause, std::move(text));
}

void PeerConnection::Life::abandon() {
  listener_ = nullptr;
  error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
  timer_.cancel();
}

PeerConnection::PeerConnection(asio::io_context& context, const PeerAddress& peer,
                               std::chrono::milliseconds connect_timeout, PeerListener& listener)
    : life_(std::make_shared<Life>(context, listener)) {
  life_->start(peer, connect_timeout);
}

PeerConnection::~PeerConnection() {
  life_->abandon();
}

void PeerConnection::write(std::string& output) {
  life_->write(output);
}

bool PeerConnection::writing() const noexcept {
  return life_->writing();
}

void PeerConnection::expect_progress(std::chrono::milliseconds wait) {
  life_->arm(wait, "progress_timeout", "nothing was taken in time");
}

void PeerConnection::expect_nothing() {
  life_->disarm();
}

}  // namespace tocsin::publish
