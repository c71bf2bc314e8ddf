#include "ingest/listen/stream_listener.hpp"

#include <sys/socket.h>

#include <string>
#include <utility>

#include "ingest/listen/connection_pool.hpp"
#include "ingest/listen/stream_connection.hpp"

namespace tocsin::listen {

class StreamListener::Impl {
 public:
  Impl(asio::io_context& io, const StreamOptions& options, BoundSocket bound,
       DecoderFactory decoders, Intake& intake)
      : io_(io),
        options_(options),
        decoders_(std::move(decoders)),
        pool_(std::make_shared<ConnectionPool>(io, std::move(bound), options.limits)),
        shared_{options_, intake, pool_->counters} {}
  ~Impl() { pool_->abort(); }

  [[nodiscard]] Result<void> start() {
    return pool_->start([this](base::UniqueFd fd, const Peer& peer) {
      return std::make_shared<StreamConnection>(*pool_, io_, shared_, std::move(fd), peer,
                                                decoders_());
    });
  }

  [[nodiscard]] ConnectionPool& pool() noexcept { return *pool_; }

 private:
  asio::io_context& io_;
  const StreamOptions options_;
  const DecoderFactory decoders_;
  const std::shared_ptr<ConnectionPool> pool_;
  const StreamShared shared_;
};

Result<std::unique_ptr<StreamListener>> StreamListener::open(Loop& loop,
                                                             const StreamOptions& options,
                                                             DecoderFactory decoders,
                                                             Intake& intake) {
  const std::size_t least = least_buffer(options.max_record_bytes);
  if (options.max_record_bytes == 0 || options.buffer_bytes < least) {
    return Error{Errc::kRange, "",
                 "buffer_bytes is " + std::to_string(options.buffer_bytes) +
                     "; expected at least " + std::to_string(least) + " for records of " +
                     std::to_string(options.max_record_bytes) + " bytes"};
  }
  auto bound = bind_socket(options.endpoint, SOCK_STREAM);
  if (!bound) return bound.error();
  auto impl = std::make_unique<Impl>(loop.context().io, options, std::move(*bound),
                                     std::move(decoders), intake);
  if (auto started = impl->start(); !started) return started.error();
  return std::unique_ptr<StreamListener>(new StreamListener(std::move(impl)));
}

StreamListener::StreamListener(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
StreamListener::~StreamListener() = default;

void StreamListener::close(std::chrono::nanoseconds grace, std::function<void()> done) {
  impl_->pool().close(grace, std::move(done));
}
std::uint16_t StreamListener::port() const noexcept {
  return impl_->pool().port();
}
const ConnectionCounters& StreamListener::counters() const noexcept {
  return impl_->pool().counters;
}

}  // namespace tocsin::listen
