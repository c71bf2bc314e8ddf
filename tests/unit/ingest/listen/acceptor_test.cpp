#include "ingest/listen/acceptor.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/ingest/listen/asio_testing.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

// An acceptor that keeps what it accepted.
struct Fixture {
  explicit Fixture(const Endpoint& endpoint = IpEndpoint{}) {
    auto bound = bind_socket(endpoint, SOCK_STREAM);
    REQUIRE(bound.has_value());
    acceptor = std::make_shared<Acceptor>(io, std::move(*bound), counters);
    REQUIRE(acceptor
                ->start([this](base::UniqueFd fd, const Peer& peer) {
                  accepted.push_back(std::move(fd));
                  peers.push_back(peer);
                  if (stop_after != 0 && accepted.size() == stop_after) acceptor->stop();
                })
                .has_value());
  }
  ~Fixture() { acceptor->stop(); }
  [[nodiscard]] Client connect() const { return Client::ip(SOCK_STREAM, acceptor->port()); }

  asio::io_context io;
  ConnectionCounters counters;
  std::shared_ptr<Acceptor> acceptor;
  std::vector<base::UniqueFd> accepted;
  std::vector<Peer> peers;
  std::size_t stop_after = 0;  // 0: never
};

TEST_CASE("a connection is handed over with its peer, ready for a loop") {
  Fixture f;
  const Client client = f.connect();
  REQUIRE(client.connected());
  REQUIRE(run_until(f.io, [&] { return f.accepted.size() == 1; }));
  CHECK(f.peers[0].family == Peer::Family::kIpv4);
  CHECK(f.peers[0].port == client.port());
  const int fd = f.accepted[0].get();
  CHECK((::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
  CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a unix peer has no address") {
  TemporaryDirectory directory;
  const std::string path = directory.file("s");
  Fixture f(UnixEndpoint{.path = path});
  CHECK(f.acceptor->port() == 0);
  const Client client = Client::unix_path(SOCK_STREAM, path);
  REQUIRE(run_until(f.io, [&] { return f.accepted.size() == 1; }));
  CHECK(f.peers[0].family == Peer::Family::kUnix);
}

TEST_CASE("more connections than one turn takes all come, and other handlers get their turn") {
  Fixture f;
  std::vector<Client> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(f.connect());
  std::size_t seen_by_other = 0;
  asio::steady_timer other(f.io, std::chrono::seconds(0));
  other.async_wait([&](error_code) { seen_by_other = f.accepted.size(); });
  REQUIRE(run_until(f.io, [&] { return f.accepted.size() == 200; }));
  CHECK(seen_by_other < 200);
  CHECK(f.counters.accept_errors.get() == 0);
}

TEST_CASE("after a stop nobody is accepted and the port is free") {
  Fixture f;
  const std::uint16_t port = f.acceptor->port();
  f.acceptor->stop();
  f.acceptor->stop();
  run_for(f.io, 5ms);
  CHECK_FALSE(f.connect().connected());
  CHECK(f.accepted.empty());
  CHECK(f.acceptor->port() == port);  // still known, for the log
  CHECK(bind_socket(IpEndpoint{.port = port}, SOCK_STREAM).has_value());
}

TEST_CASE("whoever takes a connection may stop the acceptor from there") {
  Fixture f;
  f.stop_after = 2;
  std::vector<Client> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(f.connect());
  REQUIRE(run_until(f.io, [&] { return f.accepted.size() == 2; }));
  run_for(f.io, 5ms);
  CHECK(f.accepted.size() == 2);
  CHECK(f.counters.accept_errors.get() == 0);
  CHECK(clients[4].receive_all().empty());  // closed with the socket it waited on
}

TEST_CASE("without a descriptor the connection waits, the lack is counted and it is tried again") {
  Fixture f;
  const Client client = f.connect();
  rlimit old_limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old_limit) == 0);
  base::UniqueFd next(::dup(client.fd()));  // the lowest free number
  rlimit none_left = old_limit;
  none_left.rlim_cur = static_cast<rlim_t>(next.get());
  next.reset();
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none_left) == 0);
  const bool counted = run_until(f.io, [&] { return f.counters.accept_errors.get() >= 1; });
  const std::size_t accepted = f.accepted.size();
  run_for(f.io, 20ms);
  const std::uint64_t errors = f.counters.accept_errors.get();
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &old_limit) == 0);

  CHECK(counted);
  CHECK(accepted == 0);
  CHECK(errors < 10);  // it pauses instead of spinning
  CHECK(run_until(f.io, [&] { return f.accepted.size() == 1; }));
}

TEST_CASE("an acceptor may go before its handlers ran") {
  asio::io_context io;
  ConnectionCounters counters;
  auto bound = bind_socket(IpEndpoint{}, SOCK_STREAM);
  REQUIRE(bound.has_value());
  auto acceptor = std::make_shared<Acceptor>(io, std::move(*bound), counters);
  int calls = 0;
  REQUIRE(acceptor->start([&](base::UniqueFd, const Peer&) { ++calls; }).has_value());
  const Client client = Client::ip(SOCK_STREAM, acceptor->port());
  acceptor->stop();
  acceptor.reset();
  run_for(io, 5ms);
  CHECK(calls == 0);
}

}  // namespace
}  // namespace tocsin::listen
