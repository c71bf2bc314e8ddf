#include "ingest/listen/stream_listener.hpp"

#include <sys/socket.h>

#include <string>
#include <utility>

#include "ingest/listen/connection_pool.hpp"
#include "ingest/listen/framed_session.hpp"
#include "ingest/listen/stream_connection.hpp"

namespace tocsin::listen {

class StreamListener::Impl {
 public:
  Impl(asio::io_context& io, const StreamOptions& options, BoundSocket bound,
       SessionFactory sessions)
      : io_(io),
        options_(options),
        sessions_(std::move(sessions)),
        pool_(std::make_shared<ConnectionPool>(io, std::move(bound), options.limits)),
        shared_{options_, pool_->counters} {}
  ~Impl() { pool_->abort(); }

  [[nodiscard]] Result<void> start() {
    return pool_->start([this](base::UniqueFd fd, const Peer& peer) {
      auto transport =
          make_transport(io_, std::move(fd), options_.tls ? options_.tls->context() : nullptr);
      return std::make_shared<StreamConnection>(*pool_, io_, shared_, std::move(transport), peer,
                                                sessions_(pool_->counters));
    });
  }

  [[nodiscard]] ConnectionPool& pool() noexcept { return *pool_; }

 private:
  asio::io_context& io_;
  const StreamOptions options_;
  const SessionFactory sessions_;
  const std::shared_ptr<ConnectionPool> pool_;
  const StreamShared shared_;
};

Result<std::unique_ptr<StreamListener>> StreamListener::open(Loop& loop,
                                                             const StreamOptions& options,
                                                             SessionFactory sessions) {
  auto bound = bind_socket(options.endpoint, SOCK_STREAM);
  if (!bound) return bound.error();
  auto impl =
      std::make_unique<Impl>(loop.context().io, options, std::move(*bound), std::move(sessions));
  if (auto started = impl->start(); !started) return started.error();
  return std::unique_ptr<StreamListener>(new StreamListener(std::move(impl)));
}

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
  return open(loop, options,
              [framing = options.framing, max_record = options.max_record_bytes,
               decoders = std::move(decoders), &intake](ConnectionCounters& counters) {
                return std::make_unique<FramedSession>(make_framing(framing, max_record),
                                                       decoders(), intake, counters);
              });
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
