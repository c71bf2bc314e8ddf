#include "ingest/listen/line_server.hpp"

#include <sys/socket.h>

#include <cstring>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include "ingest/listen/connection_pool.hpp"

namespace tocsin::listen {
namespace {

class LineConnection final : public Connection,
                             public std::enable_shared_from_this<LineConnection> {
 public:
  LineConnection(ConnectionPool& pool, asio::io_context& io, ConnectionCounters& counters,
                 base::UniqueFd fd, std::size_t max_line_bytes, LineHandler handler)
      : Connection(pool),
        counters_(counters),
        handler_(std::move(handler)),
        capacity_(max_line_bytes + 2),  // a longest line with its CR LF
        max_line_bytes_(max_line_bytes),
        buffer_(new char[capacity_]),
        socket_(io) {
    error_code error;
    socket_.assign(asio::generic::stream_protocol(AF_UNSPEC, 0), fd.get(), error);
    if (!error) (void)fd.release();
  }

  void start() override {
    if (!socket_.is_open()) return leave();  // the loop could not take the descriptor
    read();
  }

  void begin_close() override {
    closing_ = true;
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_receive, ignored);
  }

  void abort() override {
    if (socket_.is_open()) finish();
  }

 private:
  void read() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    socket_.async_read_some(asio::buffer(buffer_.get() + end_, capacity_ - end_),
                            [self = shared_from_this()](error_code error, std::size_t received) {
                              if (self->socket_.is_open()) self->on_read(error, received);
                            });
  }

  void on_read(error_code error, std::size_t received) {
    moved();
    end_ += received;
    counters_.bytes.add(received);
    ended_ = static_cast<bool>(error);
    if (ended_ && error != asio::error::eof) return finish();
    serve();
  }

  // Answers what is buffered, up to the first answer that has to be sent.
  void serve() {
    for (;;) {
      const std::string_view buffered(buffer_.get() + begin_, end_ - begin_);
      auto length = buffered.find('\n');
      const bool terminated = length != std::string_view::npos;
      if (!terminated) {
        // A last line without LF counts, unless it was us who cut it short.
        if (ended_ && (closing_ || buffered.empty())) return finish();
        if (!ended_ && buffered.size() < capacity_) return read();
        length = buffered.size();
      }
      std::string_view line = buffered.substr(0, length);
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (line.size() > max_line_bytes_) {
        counters_.overlong.add(1);
        return finish();
      }
      LineReply reply = handler_(line);
      begin_ += length + (terminated ? 1 : 0);
      last_ = reply.close;
      if (!reply.text.empty()) return write(std::move(reply.text));
      if (last_) return finish();
    }
  }

  void write(std::string text) {
    answer_ = std::move(text);
    asio::async_write(socket_, asio::buffer(answer_),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (self->socket_.is_open()) self->on_written(error);
                      });
  }

  void on_written(error_code error) {
    moved();
    if (error || last_) return finish();
    serve();
  }

  void finish() {
    error_code ignored;
    socket_.close(ignored);
    leave();
  }

  ConnectionCounters& counters_;
  const LineHandler handler_;
  const std::size_t capacity_;
  const std::size_t max_line_bytes_;
  const std::unique_ptr<char[]> buffer_;
  asio::generic::stream_protocol::socket socket_;
  std::string answer_;  // being sent
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool ended_ = false;    // the client sends no more
  bool closing_ = false;  // we end it, not the client
  bool last_ = false;     // the handler asked to close after this answer
};

}  // namespace

class LineServer::Impl {
 public:
  Impl(asio::io_context& io, const LineServerOptions& options, BoundSocket bound,
       std::function<LineHandler()> new_handler)
      : io_(io),
        max_line_bytes_(options.max_line_bytes),
        new_handler_(std::move(new_handler)),
        pool_(std::make_shared<ConnectionPool>(io, std::move(bound), options.limits)) {}
  ~Impl() { pool_->abort(); }

  [[nodiscard]] Result<void> start() {
    return pool_->start([this](base::UniqueFd fd, const Peer&) {
      return std::make_shared<LineConnection>(*pool_, io_, pool_->counters, std::move(fd),
                                              max_line_bytes_, new_handler_());
    });
  }

  [[nodiscard]] ConnectionPool& pool() noexcept { return *pool_; }

 private:
  asio::io_context& io_;
  const std::size_t max_line_bytes_;
  const std::function<LineHandler()> new_handler_;
  const std::shared_ptr<ConnectionPool> pool_;
};

Result<std::unique_ptr<LineServer>> LineServer::open(Loop& loop, const LineServerOptions& options,
                                                     std::function<LineHandler()> new_handler) {
  auto bound = bind_socket(options.endpoint, SOCK_STREAM);
  if (!bound) return bound.error();
  auto impl =
      std::make_unique<Impl>(loop.context().io, options, std::move(*bound), std::move(new_handler));
  if (auto started = impl->start(); !started) return started.error();
  return std::unique_ptr<LineServer>(new LineServer(std::move(impl)));
}

LineServer::LineServer(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
LineServer::~LineServer() = default;

void LineServer::close(std::chrono::nanoseconds grace, std::function<void()> done) {
  impl_->pool().close(grace, std::move(done));
}
std::uint16_t LineServer::port() const noexcept {
  return impl_->pool().port();
}
const ConnectionCounters& LineServer::counters() const noexcept {
  return impl_->pool().counters;
}

}  // namespace tocsin::listen
