#include "ingest/listen/socket.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

BoundSocket bound(const Endpoint& endpoint, int type) {
  auto socket = bind_socket(endpoint, type);
  REQUIRE_MESSAGE(socket.has_value(), (socket ? "" : socket.error().message()));
  return std::move(*socket);
}

Error refusal(const Endpoint& endpoint, int type) {
  const auto socket = bind_socket(endpoint, type);
  REQUIRE_FALSE(socket.has_value());
  return socket.error();
}

// A socket file whose process is gone.
void leave_stale_file(const std::string& path, int type) {
  const base::UniqueFd fd(::socket(AF_UNIX, type, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

TEST_CASE("a socket is bound to a port that the kernel picks, non-blocking and closed on exec") {
  for (const char* address : {"127.0.0.1", "::"}) {
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
      CAPTURE(address);
      CAPTURE(type);
      const BoundSocket socket = bound(IpEndpoint{.address = address}, type);
      CHECK(socket.is_open());
      CHECK(socket.port() != 0);
      CHECK((::fcntl(socket.fd(), F_GETFL) & O_NONBLOCK) != 0);
      CHECK((::fcntl(socket.fd(), F_GETFD) & FD_CLOEXEC) != 0);
      CHECK(Client::ip(type, socket.port()).connected());  // "::" takes IPv4 senders too
    }
  }
}

TEST_CASE("a stream socket listens, and its port can be bound again right after it closed") {
  BoundSocket first = bound(IpEndpoint{}, SOCK_STREAM);
  const std::uint16_t port = first.port();
  {
    const Client client = Client::ip(SOCK_STREAM, port);
    REQUIRE(client.connected());
    const base::UniqueFd accepted(::accept(first.fd(), nullptr, nullptr));
    REQUIRE(accepted);
    first.close();
  }  // ours closes first, so the connection lingers
  CHECK_FALSE(first.is_open());
  CHECK(bound(IpEndpoint{.port = port}, SOCK_STREAM).port() == port);
}

TEST_CASE(
    "an address that is none, or a path that no socket can have, is refused with what was "
    "expected") {
  for (const char* address : {"localhost", "", "127.0.0", "256.0.0.1", "1.2.3.4 ", "::g"}) {
    CAPTURE(address);
    const Error error = refusal(IpEndpoint{.address = address}, SOCK_DGRAM);
    CHECK(error.code == Errc::kRange);
    CHECK(error.where == address);
    CHECK(error.text == "not an IP address; expected one such as 127.0.0.1, 0.0.0.0 or ::");
  }
  for (const std::string& path :
       {std::string(), "/" + std::string(107, 'x'), std::string("/a\0b", 4)}) {
    const Error error = refusal(UnixEndpoint{.path = path}, SOCK_STREAM);
    CHECK(error.code == Errc::kRange);
    CHECK(error.text == "not a socket path; expected 1 to 107 bytes");
  }
}

TEST_CASE("what the system refuses says where, what and why") {
  const BoundSocket first = bound(IpEndpoint{}, SOCK_DGRAM);
  const Error taken = refusal(IpEndpoint{.port = first.port()}, SOCK_DGRAM);
  CHECK(taken.code == Errc::kIo);
  CHECK(taken.message() ==
        "127.0.0.1 port " + std::to_string(first.port()) + ": cannot bind: Address already in use");
  const Error nowhere = refusal(UnixEndpoint{.path = "/nonexistent/s"}, SOCK_DGRAM);
  CHECK(nowhere.message() == "/nonexistent/s: cannot bind: No such file or directory");
}

TEST_CASE("a unix socket has no port, the mode that was asked for, and takes its file with it") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("s");
  const mode_t old_mask = ::umask(0077);
  BoundSocket socket = bound(UnixEndpoint{.path = path, .mode = 0666}, SOCK_DGRAM);
  ::umask(old_mask);
  struct stat file {};
  REQUIRE(::stat(path.c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0666);  // whatever the umask says
  CHECK(socket.port() == 0);
  socket.close();
  CHECK_FALSE(std::filesystem::exists(path));
  socket.close();
}

TEST_CASE("a socket that was moved from owns neither descriptor nor file") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("s");
  BoundSocket to;
  CHECK_FALSE(to.is_open());
  {
    BoundSocket from = bound(UnixEndpoint{.path = path}, SOCK_STREAM);
    const int fd = from.fd();
    to = std::move(from);
    CHECK(to.fd() == fd);
    CHECK_FALSE(from.is_open());  // NOLINT(bugprone-use-after-move): the promise under test
  }
  CHECK(Client::unix_path(SOCK_STREAM, path).connected());
  to = bound(UnixEndpoint{.path = directory.file("other")}, SOCK_STREAM);
  CHECK_FALSE(std::filesystem::exists(path));  // what it held before is closed
}

TEST_CASE("a socket file is taken over only when nobody listens on it") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("s");
  const UnixEndpoint endpoint{.path = path};
  for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
    CAPTURE(type);
    leave_stale_file(path, type);
    REQUIRE(std::filesystem::exists(path));
    const BoundSocket first = bound(endpoint, type);
    CHECK(refusal(endpoint, type).text == "another process listens here");
    CHECK(refusal(endpoint, type == SOCK_DGRAM ? SOCK_STREAM : SOCK_DGRAM).text ==
          "another process listens here");
    CHECK(Client::unix_path(type, path).connected());  // unharmed by the attempts
  }
  std::ofstream(path) << "precious";
  CHECK(refusal(endpoint, SOCK_DGRAM).text == "exists and is not a socket");
  CHECK(std::filesystem::file_size(path) == 8);
}

TEST_CASE("a file that replaced ours is not removed at close") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("s");
  BoundSocket socket = bound(UnixEndpoint{.path = path}, SOCK_DGRAM);
  std::filesystem::remove(path);
  std::ofstream(path) << "precious";
  socket.close();
  CHECK(std::filesystem::exists(path));
}

// Sends over the loopback interface.
void send_to_group(const std::string& group, std::uint16_t port, std::string_view text) {
  const base::UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const in_addr loopback{htonl(INADDR_LOOPBACK)};
  REQUIRE(::setsockopt(fd.get(), IPPROTO_IP, IP_MULTICAST_IF, &loopback, sizeof loopback) == 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  REQUIRE(::inet_pton(AF_INET, group.c_str(), &to.sin_addr) == 1);
  REQUIRE(::sendto(fd.get(), text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                   sizeof to) == static_cast<ssize_t>(text.size()));
}

std::string receive_within_a_second(const BoundSocket& socket) {
  std::string received;
  (void)eventually(
      [&] {
        char bytes[100];
        const auto size = ::recv(socket.fd(), bytes, sizeof bytes, MSG_DONTWAIT);
        if (size > 0) received.assign(bytes, static_cast<std::size_t>(size));
        return size > 0;
      },
      1s);
  return received;
}

TEST_CASE("a multicast group is joined on its interface, by as many sockets as like") {
  const std::string group = "239.255.74.85";
  const BoundSocket first = bound(IpEndpoint{.address = group, .interface = "lo"}, SOCK_DGRAM);
  const BoundSocket second =
      bound(IpEndpoint{.address = group, .port = first.port(), .interface = "lo"}, SOCK_DGRAM);
  send_to_group(group, first.port(), "to all");
  CHECK(receive_within_a_second(first) == "to all");
  CHECK(receive_within_a_second(second) == "to all");
}

TEST_CASE("a group is told from an address of one machine") {
  for (const char* group : {"224.0.0.1", "239.255.74.85", "ff02::1", "ff18::efc0:4a42"}) {
    CHECK(is_multicast(IpEndpoint{.address = group}));
  }
  for (const char* one : {"127.0.0.1", "0.0.0.0", "240.0.0.1", "::", "fe80::1", "nobody"}) {
    CHECK_FALSE(is_multicast(IpEndpoint{.address = one}));
  }
}

TEST_CASE("groups of IPv6 are joined in every scope") {
  for (const char* group : {"ff01::4a55", "ff02::4a55", "ff18::efc0:4a42"}) {
    CAPTURE(group);
    CHECK(bound(IpEndpoint{.address = group, .interface = "lo"}, SOCK_DGRAM).port() != 0);
  }
}

TEST_CASE("an interface that is not there is named") {
  const Error error =
      refusal(IpEndpoint{.address = "239.255.74.85", .interface = "nosuch0"}, SOCK_DGRAM);
  CHECK(error.code == Errc::kRange);
  CHECK(error.message() == "nosuch0: not a network interface");
}

TEST_CASE("a receive buffer grows as far as the kernel grants, and tells how far") {
  const BoundSocket socket = bound(IpEndpoint{}, SOCK_DGRAM);
  const int before = enlarge_receive_buffer(socket.fd(), 0);  // 0: as it is
  CHECK(before > 0);
  const int small = enlarge_receive_buffer(socket.fd(), 8 * 1024);
  CHECK(small >= 8 * 1024);
  const int large = enlarge_receive_buffer(socket.fd(), 64 * 1024);
  CHECK(large > small);
  CHECK(enlarge_receive_buffer(-1, 1024) == 0);
}

TEST_CASE("drops are counted from the opening of a socket") {
  const BoundSocket socket = bound(IpEndpoint{}, SOCK_DGRAM);
  CHECK(kernel_drops(socket.fd()) == 0);
  (void)enlarge_receive_buffer(socket.fd(), 1);
  auto client = Client::ip(SOCK_DGRAM, socket.port());
  constexpr std::uint32_t kSent = 1000;
  for (std::uint32_t i = 0; i < kSent; ++i) REQUIRE(client.send("x"));
  std::uint32_t kept = 0;
  char byte = 0;
  while (::recv(socket.fd(), &byte, 1, MSG_DONTWAIT) == 1) ++kept;
  CHECK(kept < kSent);
  CHECK(kernel_drops(socket.fd()) == kSent - kept);
  CHECK(kernel_drops(-1) == 0);
}

TEST_CASE("a peer is read from every kind of address") {
  Peer peer;
  peer.address.fill(0xff);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(8125);
  v4.sin_addr.s_addr = htonl(0x0a000102);
  read_peer(reinterpret_cast<const sockaddr&>(v4), peer);
  CHECK(peer.family == Peer::Family::kIpv4);
  CHECK(peer.port == 8125);
  CHECK(peer.address == std::array<std::uint8_t, 16>{10, 0, 1, 2});

  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(53);
  v6.sin6_addr = in6addr_loopback;
  read_peer(reinterpret_cast<const sockaddr&>(v6), peer);
  CHECK(peer.family == Peer::Family::kIpv6);
  CHECK(peer.port == 53);
  CHECK(peer.address[15] == 1);

  REQUIRE(::inet_pton(AF_INET6, "::ffff:10.0.1.2", &v6.sin6_addr) == 1);
  read_peer(reinterpret_cast<const sockaddr&>(v6), peer);
  CHECK(peer.family == Peer::Family::kIpv4);
  CHECK(peer.port == 53);
  CHECK(peer.address == std::array<std::uint8_t, 16>{10, 0, 1, 2});

  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  read_peer(reinterpret_cast<const sockaddr&>(local), peer);
  CHECK(peer.family == Peer::Family::kUnix);
  CHECK(peer.port == 0);
  CHECK(peer.address == std::array<std::uint8_t, 16>{});

  sockaddr other{};
  other.sa_family = AF_UNSPEC;
  read_peer(other, peer);
  CHECK(peer.family == Peer::Family::kNone);
}

}  // namespace
}  // namespace tocsin::listen
