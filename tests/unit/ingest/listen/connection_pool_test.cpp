#include "ingest/listen/connection_pool.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <utility>
#include <vector>

#include "tests/unit/ingest/listen/asio_testing.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

// Does what a test tells it, and remembers what the pool asked of it.
class ToldConnection final : public Connection {
 public:
  ToldConnection(ConnectionPool& pool, base::UniqueFd fd) : Connection(pool), fd_(std::move(fd)) {}

  void start() override { started = true; }
  void begin_close() override {
    asked_to_close = true;
    if (polite) end();
  }
  void abort() override {
    aborted = true;
    end();
  }
  [[nodiscard]] bool held_back() const noexcept override { return held; }

  void move() { moved(); }
  void end() {
    fd_.reset();
    leave();
  }

  bool polite = true;
  bool held = false;
  bool started = false;
  bool asked_to_close = false;
  bool aborted = false;

 private:
  base::UniqueFd fd_;
};

struct Fixture {
  explicit Fixture(const ConnectionLimits& limits = {}) {
    auto bound = bind_socket(IpEndpoint{}, SOCK_STREAM);
    REQUIRE(bound.has_value());
    pool = std::make_shared<ConnectionPool>(io, std::move(*bound), limits);
    REQUIRE(pool->start([this](base::UniqueFd fd, const Peer&) {
                  connections.push_back(std::make_shared<ToldConnection>(*pool, std::move(fd)));
                  return connections.back();
                })
                .has_value());
  }
  ~Fixture() {
    if (pool) pool->abort();
  }

  // Connects, and waits until the pool has it.
  ToldConnection& admit() {
    const std::size_t before = connections.size();
    clients.push_back(Client::ip(SOCK_STREAM, pool->port()));
    REQUIRE(run_until(io, [&] { return connections.size() > before; }));
    return *connections.back();
  }

  asio::io_context io;
  std::shared_ptr<ConnectionPool> pool;
  std::vector<std::shared_ptr<ToldConnection>> connections;
  std::vector<Client> clients;
};

TEST_CASE("connections are started and counted, and one too many is closed at once") {
  Fixture f({.max_connections = 2});
  CHECK(f.admit().started);
  ToldConnection& second = f.admit();
  CHECK(f.pool->counters.open.get() == 2);

  auto third = Client::ip(SOCK_STREAM, f.pool->port());
  REQUIRE(run_until(f.io, [&] { return f.pool->counters.refused.get() == 1; }));
  CHECK(third.receive_all().empty());
  CHECK(f.connections.size() == 2);

  second.end();
  CHECK(f.pool->counters.open.get() == 1);
  f.admit();
  CHECK(f.pool->counters.accepted.get() == 3);
  CHECK(f.pool->counters.open.get() == 2);
}

TEST_CASE("a connection that left is let go of, but not while it runs") {
  Fixture f;
  f.admit();
  const std::weak_ptr<ToldConnection> watched = f.connections[0];
  f.connections.clear();
  watched.lock()->end();
  CHECK_FALSE(watched.expired());  // its own member function is still on the stack for all we know
  run_for(f.io, 5ms);
  CHECK(watched.expired());
}

TEST_CASE(
    "a connection on which nothing moves is aborted; one that moves, or is held back, is not") {
  Fixture f({.idle_timeout = 80ms});
  ToldConnection& idle = f.admit();
  ToldConnection& busy = f.admit();
  ToldConnection& held = f.admit();
  run_for(f.io, 40ms);  // half of its time is over when we hold it back
  held.held = true;
  REQUIRE(run_until(f.io, [&] {
    busy.move();
    return idle.aborted;
  }));
  CHECK_FALSE(busy.aborted);
  CHECK_FALSE(held.aborted);
  CHECK(f.pool->counters.idle_closed.get() == 1);
  CHECK(f.pool->counters.open.get() == 2);

  held.held = false;  // from now on its time counts, from 0
  const auto start = std::chrono::steady_clock::now();
  REQUIRE(run_until(f.io, [&] {
    busy.move();
    return held.aborted;
  }));
  CHECK(std::chrono::steady_clock::now() - start >= 70ms);
}

TEST_CASE("without an idle timeout a connection may rest for ever") {
  Fixture f({.idle_timeout = 0s});
  ToldConnection& idle = f.admit();
  run_for(f.io, 50ms);
  CHECK_FALSE(idle.aborted);
}

TEST_CASE("a close without connections is done, and says so later, not from inside the call") {
  Fixture f;
  bool done = false;
  f.pool->close(10s, [&] { done = true; });
  CHECK_FALSE(done);
  REQUIRE(run_until(f.io, [&] { return done; }));
  CHECK_FALSE(Client::ip(SOCK_STREAM, f.pool->port()).connected());
}

TEST_CASE("a close is done when the last connection has gone") {
  Fixture f;
  ToldConnection& polite = f.admit();
  ToldConnection& slow = f.admit();
  slow.polite = false;
  int done = 0;
  f.pool->close(10s, [&] { ++done; });
  CHECK(polite.asked_to_close);
  CHECK(slow.asked_to_close);
  CHECK(f.pool->counters.open.get() == 1);
  run_for(f.io, 10ms);
  CHECK(done == 0);
  slow.end();
  REQUIRE(run_until(f.io, [&] { return done == 1; }));
  CHECK_FALSE(polite.aborted);
  CHECK_FALSE(slow.aborted);
  run_for(f.io, 5ms);
  CHECK(done == 1);
}

TEST_CASE("a connection that outlasts the grace of a close is aborted") {
  Fixture f;
  f.admit().polite = false;
  ToldConnection& stubborn = f.admit();
  stubborn.polite = false;
  bool done = false;
  const auto start = std::chrono::steady_clock::now();
  f.pool->close(30ms, [&] { done = true; });
  REQUIRE(run_until(f.io, [&] { return done; }));
  CHECK(std::chrono::steady_clock::now() - start >= 30ms);
  CHECK(stubborn.aborted);
  CHECK(f.pool->counters.open.get() == 0);
}

TEST_CASE("a second close answers too, and asks nothing twice") {
  Fixture f;
  ToldConnection& slow = f.admit();
  slow.polite = false;
  int first = 0;
  int second = 0;
  f.pool->close(10s, [&] { ++first; });
  slow.asked_to_close = false;
  f.pool->close(10s, [&] { ++second; });
  REQUIRE(run_until(f.io, [&] { return second == 1; }));
  CHECK_FALSE(slow.asked_to_close);
  slow.end();
  REQUIRE(run_until(f.io, [&] { return first == 1; }));
  f.pool->close(10s, {});  // nobody to tell
  run_for(f.io, 5ms);
}

TEST_CASE("an abort ends everything at once and calls nobody back") {
  Fixture f;
  f.admit().polite = false;
  f.admit();
  bool done = false;
  f.pool->close(10s, [&] { done = true; });
  f.pool->abort();
  for (const auto& connection : f.connections) {
    CHECK((connection->aborted || connection->asked_to_close));
  }
  CHECK(f.pool->counters.open.get() == 0);
  run_for(f.io, 20ms);
  CHECK_FALSE(done);
}

TEST_CASE("pool and connections may end in any order while handlers are pending") {
  Fixture f({.idle_timeout = 8ms});
  f.admit();
  const auto survivor = f.connections[0];
  const std::weak_ptr<ConnectionPool> watched = f.pool;
  f.pool->abort();
  f.pool.reset();
  f.connections.clear();
  run_for(f.io, 30ms);  // the sweep that was waiting finds a closed pool
  CHECK(watched.expired());
  survivor->abort();  // it left already: the pool that is gone is not asked
}

}  // namespace
}  // namespace tocsin::listen
