// flow_null: the cheapest receiver there can be. It counts datagrams and lines and does nothing
// else, so what a real server costs beyond it is the server's own doing.
// Usage:  flow_null [--port N] [--batch N] [--nap MICROSECONDS] [--receive-buffer BYTES]
//         --nap 0 (default): blocking recvmmsg with MSG_WAITFORONE, a wake-up whenever data comes.
//         --nap N: rests N microseconds after a batch that was not full, as Tocsin does (by default
//         1000).
// Output: "listening on PORT" once ready; on SIGTERM or SIGINT, after reading what is still queued,
//         one JSON object with totals, CPU seconds of all threads and kernel drops.
// Source: Linux man-pages: recvmmsg(2), getrusage(2), socket(7).
#include <arpa/inet.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

volatile std::sig_atomic_t g_stop = 0;

struct Options {
  std::uint16_t port = 0;
  unsigned batch = 64;
  long nap_us = 0;
  int receive_buffer = 16 * 1024 * 1024;
};

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "flow_null: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const long value = std::strtol(argv[i + 1], nullptr, 10);
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(value);
    } else if (name == "--batch" && value > 0) {
      options.batch = static_cast<unsigned>(value);
    } else if (name == "--nap") {
      options.nap_us = value;
    } else if (name == "--receive-buffer") {
      options.receive_buffer = static_cast<int>(value);
    } else {
      std::fprintf(stderr, "flow_null: unknown option %s\n", argv[i]);
      std::exit(1);
    }
  }
  return options;
}

int open_socket(const Options& options) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  const int size = options.receive_buffer;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) {
    (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
  // Only so that a blocking call notices a signal that came just before it.
  const timeval wake{.tv_sec = 0, .tv_usec = 200'000};
  (void)::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wake, sizeof wake);

  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) fail("getsockname");
  std::printf("listening on %u\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

struct Totals {
  std::uint64_t datagrams = 0;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  std::uint64_t batches = 0;
  std::uint64_t naps = 0;
};

// A last line without LF counts, as for statsd.
std::uint64_t count_lines(const char* at, std::size_t size) {
  const char* const end = at + size;
  std::uint64_t lines = 0;
  while (at < end) {
    ++lines;
    const void* lf = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    if (lf == nullptr) break;
    at = static_cast<const char*>(lf) + 1;
  }
  return lines;
}

class Receiver {
 public:
  Receiver(int fd, unsigned batch)
      : fd_(fd), arena_(batch * kBufferBytes), vectors_(batch), messages_(batch) {
    for (unsigned i = 0; i < batch; ++i) {
      vectors_[i] = {arena_.data() + i * kBufferBytes, kBufferBytes};
      messages_[i].msg_hdr.msg_iov = &vectors_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  // Returns the number of datagrams, negative when there were none.
  int receive(int flags) {
    const int count =
        ::recvmmsg(fd_, messages_.data(), static_cast<unsigned>(messages_.size()), flags, nullptr);
    if (count <= 0) return -1;
    for (int i = 0; i < count; ++i) {
      const auto slot = static_cast<std::size_t>(i);
      totals.bytes += messages_[slot].msg_len;
      totals.lines += count_lines(arena_.data() + slot * kBufferBytes, messages_[slot].msg_len);
    }
    totals.datagrams += static_cast<std::uint64_t>(count);
    ++totals.batches;
    return count;
  }

  Totals totals;

 private:
  const int fd_;
  std::vector<char> arena_;
  std::vector<iovec> vectors_;
  std::vector<mmsghdr> messages_;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

void report(int fd, const Totals& totals) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) fail("getrusage");
  std::uint32_t info[SK_MEMINFO_VARS] = {};
  socklen_t length = sizeof info;
  if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &length) != 0) fail("SO_MEMINFO");
  std::printf(
      "{\"datagrams\":%llu,\"lines\":%llu,\"bytes\":%llu,\"batches\":%llu,\"naps\":%llu,"
      "\"kernel_drops\":%u,\"cpu_user_s\":%.6f,\"cpu_system_s\":%.6f,\"cpu_s\":%.6f}\n",
      static_cast<unsigned long long>(totals.datagrams),
      static_cast<unsigned long long>(totals.lines), static_cast<unsigned long long>(totals.bytes),
      static_cast<unsigned long long>(totals.batches), static_cast<unsigned long long>(totals.naps),
      info[SK_MEMINFO_DROPS], seconds(usage.ru_utime), seconds(usage.ru_stime),
      seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  struct sigaction action {};
  action.sa_handler = [](int) { g_stop = 1; };  // without SA_RESTART: interrupts the receive
  (void)::sigaction(SIGTERM, &action, nullptr);
  (void)::sigaction(SIGINT, &action, nullptr);

  const int fd = open_socket(options);
  Receiver receiver(fd, options.batch);
  const timespec nap{.tv_sec = 0, .tv_nsec = options.nap_us * 1000};
  const int full = static_cast<int>(options.batch);
  while (g_stop == 0) {
    int count = receiver.receive(MSG_WAITFORONE);
    if (options.nap_us == 0) continue;
    while (count > 0 && g_stop == 0) {
      if (count < full) {
        ++receiver.totals.naps;
        (void)::nanosleep(&nap, nullptr);
      }
      count = receiver.receive(MSG_DONTWAIT);
    }
  }
  while (receiver.receive(MSG_DONTWAIT) > 0) continue;
  report(fd, receiver.totals);
  ::close(fd);
}
