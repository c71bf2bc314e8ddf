#include "src/publish/redis/connection.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace tocsin::publish {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Socket = asio::generic::stream_protocol::socket;
using Endpoint = asio::generic::stream_protocol::endpoint;

}  // namespace

std::string address_of(const RedisOptions& options) {
  if (!options.unix_path.empty()) return "unix:" + options.unix_path;
  const bool ipv6 = options.host.find(':') != std::string::npos;
  const std::string host = ipv6 ? '[' + options.host + ']' : options.host;
  return host + ':' + std::to_string(options.port);
}

// Shared with the handlers under way, which may run after the Connection is gone: they find
// listener_ null and do nothing.
class Connection::Life : public std::enable_shared_from_this<Life> {
 public:
  Life(asio::io_context& context, const RedisOptions& options, ConnectionListener& listener)
      : options_(options),
        listener_(&listener),
        resolver_(context),
        socket_(context),
        timer_(context),
        reader_(options.max_reply_bytes) {}

  void start();
  void send(std::size_t commands);
  void established();
  void abandon();

  std::string output;  // waits for the write under way
  std::size_t outstanding = 0;
  [[nodiscard]] std::size_t unsent_bytes() const noexcept {
    return output.size() + writing_.size();
  }

 private:
  void resolve();
  void connect_next(error_code last_error);
  void connected();
  void write();
  void read();
  void take(std::size_t bytes);
  void arm(std::chrono::milliseconds wait, std::string_view cause, const char* text);
  void disarm();
  void end(std::string_view cause, std::string text);

  const RedisOptions& options_;
  ConnectionListener* listener_;  // null: over
  asio::ip::tcp::resolver resolver_;
  Socket socket_;
  asio::steady_timer timer_;
  ReplyReader reader_;
  std::vector<Endpoint> endpoints_;  // still to try, last first
  std::string writing_;              // empty: no write under way
  std::array<char, 16384> input_;
  std::uint64_t alarm_ = 0;  // number of the timer that is meant
  bool established_ = false;
};

void Connection::Life::start() {
  arm(options_.connect_timeout, "connect_timeout", "no connection in time");
  if (options_.unix_path.empty()) {
    resolve();
    return;
  }
  // The constructor of a unix endpoint throws on a path that is too long.
  try {
    endpoints_.emplace_back(asio::local::stream_protocol::endpoint(options_.unix_path));
  } catch (const std::exception& error) {
    asio::post(socket_.get_executor(),
               [self = shared_from_this(), text = std::string(error.what())] {
                 self->end("connect", text);
               });
    return;
  }
  connect_next({});
}

void Connection::Life::resolve() {
  resolver_.async_resolve(
      options_.host, std::to_string(options_.port),
      [self = shared_from_this()](const error_code& error,
                                  const asio::ip::tcp::resolver::results_type& found) {
        if (self->listener_ == nullptr) return;
        if (error) return self->end("resolve", error.message());
        for (const auto& entry : found) self->endpoints_.emplace_back(entry.endpoint());
        std::reverse(self->endpoints_.begin(), self->endpoints_.end());
        self->connect_next({});
      });
}

void Connection::Life::connect_next(error_code last_error) {
  if (endpoints_.empty()) {
    return end("connect", last_error ? last_error.message() : "the name has no address");
  }
  const Endpoint endpoint = endpoints_.back();
  endpoints_.pop_back();
  error_code ignored;
  socket_.close(ignored);
  socket_.async_connect(endpoint, [self = shared_from_this()](const error_code& error) {
    if (self->listener_ == nullptr) return;
    error ? self->connect_next(error) : self->connected();
  });
}

void Connection::Life::connected() {
  error_code ignored;  // a unix socket has neither option
  if (options_.unix_path.empty()) {
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.set_option(Socket::keep_alive(true), ignored);
  }
  read();
  listener_->on_connected();
}

void Connection::Life::send(std::size_t commands) {
  if (outstanding == 0 && commands > 0 && established_) {
    arm(options_.reply_timeout, "reply_timeout", "no answer in time");
  }
  outstanding += commands;
  write();
}

void Connection::Life::established() {
  established_ = true;
  disarm();
}

void Connection::Life::write() {
  if (!writing_.empty() || output.empty()) return;
  std::swap(writing_, output);
  asio::async_write(socket_, asio::buffer(writing_),
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      if (self->listener_ == nullptr) return;
                      if (error) return self->end("write", error.message());
                      self->writing_.clear();
                      self->write();
                    });
}

void Connection::Life::read() {
  socket_.async_read_some(asio::buffer(input_),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (self->listener_ == nullptr) return;
                            if (error) return self->end("disconnected", error.message());
                            self->take(bytes);
                            if (self->listener_ != nullptr) self->read();
                          });
}

void Connection::Life::take(std::size_t bytes) {
  if (auto fed = reader_.feed({input_.data(), bytes}); !fed) {
    return end("protocol", fed.error().message());
  }
  bool any = false;
  for (;;) {
    auto reply = reader_.next();
    if (!reply) return end("protocol", reply.error().message());
    if (!reply->has_value()) break;
    if (outstanding == 0) return end("protocol", "a reply that nothing asked for");
    --outstanding;
    any = true;
    listener_->on_reply(std::move(**reply));
    if (listener_ == nullptr) return;
  }
  if (!any) return;
  if (established_) {
    disarm();
    if (outstanding > 0) arm(options_.reply_timeout, "reply_timeout", "no answer in time");
  }
  listener_->on_replies_end();
}

void Connection::Life::arm(std::chrono::milliseconds wait, std::string_view cause,
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

void Connection::Life::disarm() {
  ++alarm_;
  timer_.cancel();
}

void Connection::Life::end(std::string_view cause, std::string text) {
  ConnectionListener* listener = listener_;
  abandon();
  if (listener != nullptr) listener->on_ended(cause, std::move(text));
}

void Connection::Life::abandon() {
  listener_ = nullptr;
  error_code ignored;
  resolver_.cancel();
  socket_.close(ignored);
  timer_.cancel();
}

Connection::Connection(asio::io_context& context, const RedisOptions& options,
                       ConnectionListener& listener)
    : life_(std::make_shared<Life>(context, options, listener)) {
  life_->start();
}

Connection::~Connection() {
  life_->abandon();
}

std::string& Connection::output() noexcept {
  return life_->output;
}

void Connection::send(std::size_t commands) {
  life_->send(commands);
}

std::size_t Connection::outstanding() const noexcept {
  return life_->outstanding;
}

std::size_t Connection::unsent_bytes() const noexcept {
  return life_->unsent_bytes();
}

void Connection::established() {
  life_->established();
}

}  // namespace tocsin::publish
