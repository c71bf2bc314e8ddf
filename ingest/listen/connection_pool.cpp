#include "ingest/listen/connection_pool.hpp"

#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

namespace tocsin::listen {
namespace {

// Idleness is counted in sweeps, so that traffic sets a number to 0 instead of moving a timer.
constexpr unsigned kSweepsPerTimeout = 8;

}  // namespace

void Connection::leave() {
  if (auto* pool = std::exchange(pool_, nullptr)) pool->forget(this);
}

ConnectionPool::ConnectionPool(asio::io_context& io, BoundSocket listening,
                               const ConnectionLimits& limits)
    : io_(io),
      limits_(limits),
      acceptor_(std::make_shared<Acceptor>(io, std::move(listening), counters)),
      sweep_timer_(io),
      grace_timer_(io) {}

Result<void> ConnectionPool::start(MakeConnection make) {
  make_ = std::move(make);
  if (limits_.idle_timeout > limits_.idle_timeout.zero()) sweep();
  return acceptor_->start(
      [this](base::UniqueFd fd, const Peer& peer) { admit(std::move(fd), peer); });
}

void ConnectionPool::admit(base::UniqueFd fd, const Peer& peer) {
  if (connections_.size() >= limits_.max_connections) {
    counters.refused.add(1);
    return;
  }
  auto connection = make_(std::move(fd), peer);
  counters.accepted.add(1);
  connections_.emplace(connection.get(), connection);
  counters.open.set(connections_.size());
  connection->start();
}

void ConnectionPool::forget(Connection* connection) {
  // The caller is a member function of the connection: it must outlive that call.
  auto found = connections_.find(connection);
  asio::post(io_, [last = std::move(found->second)] {});
  connections_.erase(found);
  counters.open.set(connections_.size());
  if (closing_ && connections_.empty()) finish_closing();
}

void ConnectionPool::sweep() {
  sweep_timer_.expires_after(limits_.idle_timeout / kSweepsPerTimeout);
  sweep_timer_.async_wait([self = shared_from_this()](error_code) {
    if (!self->open_) return;
    std::vector<std::shared_ptr<Connection>> idle;
    for (const auto& [key, connection] : self->connections_) {
      if (connection->held_back()) {
        connection->quiet_sweeps_ = 0;
      } else if (++connection->quiet_sweeps_ > kSweepsPerTimeout) {
        idle.push_back(connection);
      }
    }
    for (const auto& connection : idle) {
      self->counters.idle_closed.add(1);
      connection->abort();
    }
    self->sweep();
  });
}

void ConnectionPool::close(std::chrono::nanoseconds grace, std::function<void()> done) {
  if (closing_ || !open_) {
    if (done) asio::post(io_, std::move(done));
    return;
  }
  closing_ = true;
  done_ = std::move(done);
  acceptor_->stop();
  if (connections_.empty()) return finish_closing();

  grace_timer_.expires_after(grace);
  grace_timer_.async_wait([self = shared_from_this()](error_code) {
    if (self->open_) self->abort_all();
  });
  std::vector<std::shared_ptr<Connection>> present;
  for (const auto& [key, connection] : connections_) present.push_back(connection);
  for (const auto& connection : present) connection->begin_close();
}

void ConnectionPool::abort() {
  done_ = nullptr;
  closing_ = true;
  acceptor_->stop();
  abort_all();
  finish_closing();
}

void ConnectionPool::abort_all() {
  std::vector<std::shared_ptr<Connection>> present;
  for (const auto& [key, connection] : connections_) present.push_back(connection);
  for (const auto& connection : present) connection->abort();
}

void ConnectionPool::finish_closing() {
  if (!std::exchange(open_, false)) return;
  sweep_timer_.cancel();
  grace_timer_.cancel();
  if (done_) asio::post(io_, std::exchange(done_, nullptr));
}

}  // namespace tocsin::listen
