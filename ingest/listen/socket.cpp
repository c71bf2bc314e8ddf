#include "ingest/listen/socket.hpp"

#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "src/base/system_error.hpp"

namespace tocsin::listen {
namespace {

using base::system_error;
using base::UniqueFd;

// Connections that the kernel completes while accept() is busy elsewhere.
constexpr int kBacklog = 512;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] const sockaddr* get() const noexcept {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
};

bool switch_on(int fd, int level, int option) noexcept {
  const int on = 1;
  return ::setsockopt(fd, level, option, &on, sizeof on) == 0;
}

Result<SocketAddress> parse_ip(const IpEndpoint& endpoint) {
  SocketAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (::inet_pton(AF_INET, endpoint.address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(endpoint.port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (::inet_pton(AF_INET6, endpoint.address.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(endpoint.port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return Error{Errc::kRange, endpoint.address,
               "not an IP address; expected one such as 127.0.0.1, 0.0.0.0 or ::"};
}

Result<SocketAddress> parse_path(const std::string& path) {
  SocketAddress address;
  auto* name = reinterpret_cast<sockaddr_un*>(&address.storage);
  if (path.empty() || path.size() >= sizeof name->sun_path ||
      path.find('\0') != std::string::npos) {
    return Error{Errc::kRange, path, "not a socket path; expected 1 to 107 bytes"};
  }
  name->sun_family = AF_UNIX;
  std::memcpy(name->sun_path, path.c_str(), path.size() + 1);
  address.size = sizeof(sockaddr_un);
  return address;
}

Result<UniqueFd> new_socket(int family, int type, const std::string& where) {
  UniqueFd fd(::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return system_error(where, "cannot open a socket", errno);
  return fd;
}

// Removes the socket file of a process that is gone; refuses to touch anything else.
Result<void> clear_stale_file(const std::string& path, const SocketAddress& address, int type) {
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0) {
    if (errno == ENOENT) return {};
    return system_error(path, "cannot look at the socket file", errno);
  }
  if (!S_ISSOCK(file.st_mode)) {
    return Error{Errc::kIo, path, "exists and is not a socket"};
  }
  auto probe = new_socket(AF_UNIX, type, path);
  if (!probe) return probe.error();
  // Only this answer says that no process has the file bound; a full queue or a socket of another
  // type means that somebody is there.
  if (::connect(probe->get(), address.get(), address.size) == 0 || errno != ECONNREFUSED) {
    return Error{Errc::kIo, path, "another process listens here"};
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return system_error(path, "cannot remove the stale socket file", errno);
  }
  return {};
}

bool is_group(const SocketAddress& address) noexcept {
  if (address.get()->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.storage);
    return IN_MULTICAST(ntohl(v4->sin_addr.s_addr));
  }
  return IN6_IS_ADDR_MULTICAST(&reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_addr);
}

// Gives `group` the interface too, which some scopes of IPv6 need to be bound.
Result<void> join_group(int fd, SocketAddress& group, const std::string& interface,
                        const std::string& where) {
  unsigned index = 0;
  if (!interface.empty()) {
    index = ::if_nametoindex(interface.c_str());
    if (index == 0) return Error{Errc::kRange, interface, "not a network interface"};
  }
  group_req request{};
  request.gr_interface = index;
  request.gr_group = group.storage;
  const bool is_v4 = group.get()->sa_family == AF_INET;
  if (!is_v4) reinterpret_cast<sockaddr_in6*>(&group.storage)->sin6_scope_id = index;
  if (::setsockopt(fd, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, MCAST_JOIN_GROUP, &request,
                   sizeof request) != 0) {
    return system_error(where, "cannot join the multicast group", errno);
  }
  return {};
}

}  // namespace

BoundSocket::BoundSocket(BoundSocket&& other) noexcept {
  *this = std::move(other);
}

BoundSocket& BoundSocket::operator=(BoundSocket&& other) noexcept {
  if (this == &other) return *this;
  close();
  fd_ = std::move(other.fd_);
  port_ = other.port_;
  path_ = std::exchange(other.path_, {});
  device_ = other.device_;
  inode_ = other.inode_;
  return *this;
}

void BoundSocket::close() noexcept {
  if (!path_.empty()) {
    struct stat file {};
    const bool ours =
        ::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_;
    if (ours) ::unlink(path_.c_str());
    path_.clear();
  }
  fd_.reset();
}

Result<BoundSocket> bind_socket(const Endpoint& endpoint, int type) {
  const auto* ip = std::get_if<IpEndpoint>(&endpoint);
  const auto* unix_path = std::get_if<UnixEndpoint>(&endpoint);

  auto address = ip != nullptr ? parse_ip(*ip) : parse_path(unix_path->path);
  if (!address) return address.error();
  const std::string where =
      ip != nullptr ? ip->address + " port " + std::to_string(ip->port) : unix_path->path;
  const int family = address->get()->sa_family;

  auto fd = new_socket(family, type, where);
  if (!fd) return fd.error();
  BoundSocket bound;
  bound.fd_ = std::move(*fd);

  if (ip != nullptr) {
    // A restarted daemon gets its TCP port back although old connections linger. For UDP the same
    // option would let two daemons share a port unseen.
    if (type == SOCK_STREAM && !switch_on(bound.fd(), SOL_SOCKET, SO_REUSEADDR)) {
      return system_error(where, "cannot set SO_REUSEADDR", errno);
    }
    if (ip->reuse_port && !switch_on(bound.fd(), SOL_SOCKET, SO_REUSEPORT)) {
      return system_error(where, "cannot set SO_REUSEPORT", errno);
    }
    const int v6_only = 0;
    if (family == AF_INET6 &&
        ::setsockopt(bound.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only) != 0) {
      return system_error(where, "cannot take IPv4 on an IPv6 socket", errno);
    }
    if (type == SOCK_DGRAM && is_group(*address)) {
      if (!switch_on(bound.fd(), SOL_SOCKET, SO_REUSEADDR)) {
        return system_error(where, "cannot set SO_REUSEADDR", errno);
      }
      if (auto joined = join_group(bound.fd(), *address, ip->interface, where); !joined) {
        return joined.error();
      }
    }
  } else {
    if (auto cleared = clear_stale_file(unix_path->path, *address, type); !cleared) {
      return cleared.error();
    }
    // Before bind(): the file is never more permissive than asked, not even for an instant.
    if (::fchmod(bound.fd(), unix_path->mode) != 0) {
      return system_error(where, "cannot set the mode of the socket", errno);
    }
  }

  if (::bind(bound.fd(), address->get(), address->size) != 0) {
    return system_error(where, "cannot bind", errno);
  }

  if (ip != nullptr) {
    SocketAddress actual;
    actual.size = sizeof actual.storage;
    if (::getsockname(bound.fd(), actual.get(), &actual.size) != 0) {
      return system_error(where, "cannot read the bound port", errno);
    }
    // The port sits at the same place in both families.
    bound.port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&actual.storage)->sin_port);
  } else {
    struct stat file {};
    if (::lstat(unix_path->path.c_str(), &file) != 0) {
      return system_error(where, "cannot look at the new socket file", errno);
    }
    bound.path_ = unix_path->path;
    bound.device_ = file.st_dev;
    bound.inode_ = file.st_ino;
    // Again after bind(): the umask may have taken bits away.
    if (::chmod(unix_path->path.c_str(), unix_path->mode) != 0) {
      return system_error(where, "cannot set the mode of the socket file", errno);
    }
  }

  if (type == SOCK_STREAM && ::listen(bound.fd(), kBacklog) != 0) {
    return system_error(where, "cannot listen", errno);
  }
  return bound;
}

bool is_multicast(const IpEndpoint& endpoint) noexcept {
  const auto address = parse_ip(endpoint);
  return address && is_group(*address);
}

int enlarge_receive_buffer(int fd, int bytes) noexcept {
  if (bytes > 0 && ::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0) {
    // Not privileged: the kernel cuts the wish down to net.core.rmem_max without an error.
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
  }
  int granted = 0;
  socklen_t size = sizeof granted;
  return ::getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &size) == 0 ? granted : 0;
}

std::uint32_t kernel_drops(int fd) noexcept {
  std::uint32_t info[SK_MEMINFO_VARS] = {};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &size) != 0) return 0;
  return info[SK_MEMINFO_DROPS];
}

void read_peer(const sockaddr& address, Peer& peer) noexcept {
  switch (address.sa_family) {
    case AF_INET: {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
      peer.family = Peer::Family::kIpv4;
      peer.port = ntohs(v4.sin_port);
      std::memcpy(peer.address.data(), &v4.sin_addr, 4);
      std::memset(peer.address.data() + 4, 0, 12);
      return;
    }
    case AF_INET6: {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
      peer.port = ntohs(v6.sin6_port);
      if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
        peer.family = Peer::Family::kIpv4;
        std::memcpy(peer.address.data(), v6.sin6_addr.s6_addr + 12, 4);
        std::memset(peer.address.data() + 4, 0, 12);
      } else {
        peer.family = Peer::Family::kIpv6;
        std::memcpy(peer.address.data(), &v6.sin6_addr, 16);
      }
      return;
    }
    case AF_UNIX:
      peer = Peer{};
      peer.family = Peer::Family::kUnix;
      return;
    default:
      peer = Peer{};
  }
}

}  // namespace tocsin::listen
