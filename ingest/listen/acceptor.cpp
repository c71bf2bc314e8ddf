#include "ingest/listen/acceptor.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "src/base/system_error.hpp"

namespace tocsin::listen {
namespace {

// Connections taken in one go before other handlers of the loop get their turn.
constexpr int kAcceptsPerTurn = 64;

constexpr auto kPauseAfterError = std::chrono::milliseconds(100);

}  // namespace

Acceptor::Acceptor(asio::io_context& io, BoundSocket listening, ConnectionCounters& counters)
    : listening_(std::move(listening)),
      port_(listening_.port()),
      readable_(io),
      pause_(io),
      counters_(counters) {}

Acceptor::~Acceptor() {
  stop();
}

Result<void> Acceptor::start(OnConnection on_connection) {
  error_code error;
  readable_.assign(listening_.fd(), error);
  if (error) {
    return base::system_error("", "cannot wait on the listening socket", error.value());
  }
  on_connection_ = std::move(on_connection);
  wait();
  return {};
}

void Acceptor::stop() {
  if (!listening_.is_open()) return;
  pause_.cancel();
  if (readable_.is_open()) (void)readable_.release();  // cancels the wait
  listening_.close();
}

void Acceptor::wait() {
  readable_.async_wait(asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](error_code) {
                         if (self->listening_.is_open()) self->accept_waiting();
                       });
}

void Acceptor::accept_waiting() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    sockaddr_storage storage{};
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    socklen_t size = sizeof storage;
    base::UniqueFd fd(::accept4(listening_.fd(), address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd) {
      Peer peer;
      read_peer(*address, peer);
      on_connection_(std::move(fd), peer);
      if (!listening_.is_open()) return;
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    counters_.accept_errors.add(1);
    pause_.expires_after(kPauseAfterError);
    pause_.async_wait([self = shared_from_this()](error_code) {
      if (self->listening_.is_open()) self->accept_waiting();
    });
    return;
  }
  wait();
}

}  // namespace tocsin::listen
