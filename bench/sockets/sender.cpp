#include "bench/sockets/sender.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "bench/sockets/receiver.hpp"

namespace tocsin::sockets {
namespace {

base::UniqueFd connect_loopback(int type, std::uint16_t port) {
  base::UniqueFd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  if (fd.get() < 0 ||
      ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail_errno("cannot connect");
  }
  return fd;
}

void pause(double seconds) {
  const timespec time{.tv_sec = 0, .tv_nsec = static_cast<long>(std::min(seconds, 0.5) * 1e9)};
  (void)::nanosleep(&time, nullptr);
}

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Sender::Sender(bool datagrams, std::uint16_t port)
    : datagrams_(datagrams), fd_(connect_loopback(datagrams ? SOCK_DGRAM : SOCK_STREAM, port)) {}

void Sender::send(Traffic& traffic, std::size_t rounds) {
  due_s_ = now_s();
  for (std::size_t round = 0; round < rounds; ++round) {
    if (traffic.renew) traffic.renew(traffic);
    if (datagrams_) {
      send_datagrams(traffic);
    } else {
      send_stream(traffic);
    }
  }
}

void Sender::send_datagrams(const Traffic& traffic) {
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> vectors{};
  for (std::size_t next = 0; next < traffic.ends.size();) {
    unsigned count = 0;
    // A paced sender sends a few at a time, as many hosts would.
    const std::size_t most = rate > 0 ? 8 : kBatch;
    for (; count < most && next + count < traffic.ends.size(); ++count) {
      const std::string_view piece = traffic.piece(next + count);
      vectors[count] = {const_cast<char*>(piece.data()), piece.size()};
      messages[count].msg_hdr.msg_iov = &vectors[count];
      messages[count].msg_hdr.msg_iovlen = 1;
    }
    pace(traffic, count);
    wait_for_room(count);
    const int done = ::sendmmsg(fd_.get(), messages.data(), count, 0);
    if (done < 0 && errno != EINTR && errno != ENOBUFS) fail_errno("cannot send");
    next += static_cast<std::size_t>(std::max(done, 0));
    sent_ += static_cast<std::uint64_t>(std::max(done, 0));
  }
}

void Sender::send_stream(const Traffic& traffic) {
  replies_ = 0;
  for (std::size_t i = 0; i < traffic.ends.size(); ++i) {
    pace(traffic, 1);
    std::string_view piece = traffic.piece(i);
    while (!piece.empty()) {
      const ssize_t done = ::send(fd_.get(), piece.data(), piece.size(), MSG_NOSIGNAL);
      if (done < 0 && errno != EINTR) fail_errno("cannot send");
      piece.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(done, 0)));
      sent_ += static_cast<std::uint64_t>(std::max<ssize_t>(done, 0));
    }
    if (reads_replies) read_replies(traffic.reply_bytes, false);
  }
  if (reads_replies) read_replies(traffic.reply_bytes, true);
}

void Sender::wait_for_room(std::size_t datagrams) const {
  if (!received) return;
  while (sent_ + datagrams > received() + kWindow) pause(20e-6);
}

void Sender::pace(const Traffic& traffic, std::size_t pieces) {
  if (rate <= 0) return;
  for (double early = due_s_ - now_s(); early > 0; early = due_s_ - now_s()) pause(early);
  const double items = static_cast<double>(traffic.sums.items) * static_cast<double>(pieces) /
                       static_cast<double>(traffic.ends.size());
  due_s_ += items / rate;
}

void Sender::read_replies(std::size_t expected, bool wait) {
  std::array<char, 4096> buffer{};
  while (replies_ < expected) {
    const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), wait ? 0 : MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (count == 0) fail("the receiver closed the connection");
    if (count < 0 && errno != EINTR) fail_errno("cannot read replies");
    replies_ += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
  }
  if (replies_ > expected) fail("more replies than there were messages");
}

}  // namespace tocsin::sockets
