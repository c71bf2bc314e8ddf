#include "ingest/listen/datagram_batch.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/listen/socket.hpp"
#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

constexpr unsigned kSlots = DatagramBatch::kSlots;

BoundSocket bound(const Endpoint& endpoint = IpEndpoint{}) {
  auto socket = bind_socket(endpoint, SOCK_DGRAM);
  REQUIRE(socket.has_value());
  const int on = 1;
  REQUIRE(::setsockopt(socket->fd(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on) == 0);
  return std::move(*socket);
}

std::unique_ptr<DatagramBatch> batch_of(std::size_t max_datagram_bytes, bool with_peers) {
  auto made = DatagramBatch::create(max_datagram_bytes, with_peers);
  REQUIRE(made.has_value());
  return std::move(*made);
}

TEST_CASE("what waits is received in order, at most a batch at a time, and then nothing") {
  const BoundSocket socket = bound();
  const auto batch = batch_of(1500, false);
  auto client = Client::ip(SOCK_DGRAM, socket.port());
  CHECK(batch->receive(socket.fd()) == 0);
  for (unsigned i = 0; i < kSlots + 10; ++i) REQUIRE(client.send("number " + std::to_string(i)));
  REQUIRE(batch->receive(socket.fd()) == static_cast<int>(kSlots));
  for (unsigned i = 0; i < kSlots; ++i) CHECK(batch->bytes(i) == "number " + std::to_string(i));
  REQUIRE(batch->receive(socket.fd()) == 10);
  for (unsigned i = 0; i < 10; ++i) {
    CHECK(batch->bytes(i) == "number " + std::to_string(kSlots + i));
  }
  CHECK(batch->receive(socket.fd()) == 0);
}

TEST_CASE(
    "a datagram that is too long is cut and marked, its neighbours and an empty one are not") {
  const BoundSocket socket = bound();
  const auto batch = batch_of(16, false);
  auto client = Client::ip(SOCK_DGRAM, socket.port());
  for (const char* text : {"before", "0123456789abcdefX", "0123456789abcdef", "", "after"}) {
    REQUIRE(client.send(text));
  }
  REQUIRE(batch->receive(socket.fd()) == 5);
  const std::pair<const char*, bool> expected[] = {{"before", false},
                                                   {"0123456789abcdef", true},
                                                   {"0123456789abcdef", false},
                                                   {"", false},
                                                   {"after", false}};
  for (unsigned i = 0; i < 5; ++i) {
    CAPTURE(i);
    CHECK(batch->bytes(i) == expected[i].first);
    CHECK(batch->truncated(i) == expected[i].second);
  }
  // The mark does not outlive its datagram.
  REQUIRE(client.send("a"));
  REQUIRE(client.send("b"));
  REQUIRE(batch->receive(socket.fd()) == 2);
  CHECK_FALSE(batch->truncated(1));
}

TEST_CASE("every slot holds a datagram of the full size without touching the next") {
  const BoundSocket socket = bound();
  constexpr std::size_t kSize = 5000;  // more than a page, and no whole number of them
  CHECK(enlarge_receive_buffer(socket.fd(), 2 << 20) > 0);
  const auto batch = batch_of(kSize, false);
  auto client = Client::ip(SOCK_DGRAM, socket.port());
  constexpr unsigned kSent = 16;  // fits the smallest receive buffer that a kernel grants
  for (unsigned i = 0; i < kSent; ++i) {
    REQUIRE(client.send(std::string(kSize, static_cast<char>('a' + i))));
  }
  REQUIRE(batch->receive(socket.fd()) == static_cast<int>(kSent));
  for (unsigned i = 0; i < kSent; ++i) {
    CHECK(batch->bytes(i) == std::string(kSize, static_cast<char>('a' + i)));
  }
}

TEST_CASE("peers are told for each datagram, also when a slot is used again") {
  for (const char* address : {"127.0.0.1", "::"}) {
    CAPTURE(address);
    const BoundSocket socket = bound(IpEndpoint{.address = address});
    const auto batch = batch_of(1500, true);
    auto first = Client::ip(SOCK_DGRAM, socket.port());
    auto second = Client::ip(SOCK_DGRAM, socket.port());
    for (int round = 0; round < 3; ++round) {
      REQUIRE(first.send("1"));
      REQUIRE(second.send("2"));
      REQUIRE(batch->receive(socket.fd()) == 2);
      Peer peer;
      batch->read_peer(0, peer);
      CHECK(peer.family == Peer::Family::kIpv4);
      CHECK(peer.port == first.port());
      batch->read_peer(1, peer);
      CHECK(peer.port == second.port());
    }
  }
}

TEST_CASE("a batch without peers leaves what is known of the sender as it is") {
  const BoundSocket socket = bound();
  const auto batch = batch_of(1500, false);
  REQUIRE(Client::ip(SOCK_DGRAM, socket.port()).send("x"));
  REQUIRE(batch->receive(socket.fd()) == 1);
  Peer peer;
  peer.family = Peer::Family::kUnix;
  peer.port = 7;
  batch->read_peer(0, peer);
  CHECK(peer.family == Peer::Family::kUnix);
  CHECK(peer.port == 7);
}

TEST_CASE("drops are those that the kernel had counted when the first datagram was queued") {
  const BoundSocket socket = bound();
  (void)enlarge_receive_buffer(socket.fd(), 1);  // the least there is
  const auto batch = batch_of(1500, false);
  CHECK_FALSE(batch->drops().has_value());
  auto client = Client::ip(SOCK_DGRAM, socket.port());
  REQUIRE(client.send("x"));
  REQUIRE(batch->receive(socket.fd()) == 1);
  CHECK_FALSE(batch->drops().has_value());

  constexpr std::uint32_t kSent = 2000;
  std::uint32_t received = 0;
  for (std::uint32_t i = 0; i < kSent; ++i) REQUIRE(client.send("x"));
  for (int n = 0; (n = batch->receive(socket.fd())) > 0;) received += static_cast<std::uint32_t>(n);
  REQUIRE(received < kSent);
  REQUIRE(client.send("x"));
  REQUIRE(batch->receive(socket.fd()) == 1);
  CHECK(batch->drops() == kSent - received);
  CHECK(batch->receive(socket.fd()) == 0);
  CHECK_FALSE(batch->drops().has_value());  // of no datagram
}

TEST_CASE("a failed call is negative, with its errno, and holds no datagram") {
  const auto batch = batch_of(16, true);
  errno = 0;
  CHECK(batch->receive(-1) < 0);
  CHECK(errno == EBADF);
  CHECK_FALSE(batch->drops().has_value());
}

TEST_CASE("buffers that cannot be had are an error, not a crash") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1} << 56}) {
    const auto made = DatagramBatch::create(size, false);
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == Errc::kIo);
    CHECK(made.error().text.starts_with("cannot map receive buffers: "));
  }
}

}  // namespace
}  // namespace tocsin::listen
