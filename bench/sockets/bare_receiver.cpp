#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "bench/sockets/receiver.hpp"
#include "ingest/listen/datagram_batch.hpp"
#include "src/base/counter.hpp"
#include "src/base/unique_fd.hpp"

namespace tocsin::sockets {
namespace {

base::UniqueFd bind_loopback(int type) {
  base::UniqueFd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd.get() < 0 ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail_errno("cannot bind");
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    fail_errno("no port");
  }
  return ntohs(address.sin_port);
}

// Waits for what there is to read; looks every 50 ms whether it should end.
bool wait_readable(int fd, const std::atomic<bool>& stop) {
  pollfd waiting{fd, POLLIN, 0};
  while (!stop.load(std::memory_order_relaxed)) {
    if (::poll(&waiting, 1, 50) > 0) return true;
  }
  return false;
}

class BareReceiver : public Receiver {
 public:
  explicit BareReceiver(base::UniqueFd fd) : fd_(std::move(fd)), port_(port_of(fd_.get())) {}
  ~BareReceiver() override {
    stop_.store(true, std::memory_order_relaxed);
    thread_.join();
  }

  std::uint16_t port() const override { return port_; }
  std::uint64_t received() const override { return received_.get(); }
  std::uint64_t cpu_ns() const override {
    timespec now{};
    (void)::clock_gettime(clock_, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
  }
  Sums take() override { return {}; }

 protected:
  template <class Run>
  void start(Run run) {
    thread_ = std::thread([run] {
      pin_this_thread(Side::kReceiver);
      run();
    });
    if (::pthread_getcpuclockid(thread_.native_handle(), &clock_) != 0)
      fail("no clock of a thread");
  }

  const base::UniqueFd fd_;
  std::atomic<bool> stop_{false};  // relaxed: nothing else is told by it
  base::Counter received_;

 private:
  const std::uint16_t port_;
  std::thread thread_;
  clockid_t clock_{};
};

class BareDatagrams final : public BareReceiver {
 public:
  explicit BareDatagrams(const listen::DatagramOptions& options)
      : BareReceiver(bind_loopback(SOCK_DGRAM)),
        bytes_(options.max_datagram_bytes),
        nap_{.tv_sec = 0, .tv_nsec = static_cast<long>(options.nap.count())},
        arena_(kSlots * bytes_) {
    const int size = options.receive_buffer_bytes;
    if (::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) {
      (void)::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    for (unsigned i = 0; i < kSlots; ++i) {
      vectors_[i] = {arena_.data() + i * bytes_, bytes_};
      messages_[i].msg_hdr.msg_iov = &vectors_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
    start([this] {
      while (wait_readable(fd_.get(), stop_)) run_until_empty();
    });
  }

 private:
  static constexpr unsigned kSlots = listen::DatagramBatch::kSlots;

  void run_until_empty() {
    for (;;) {
      const int count = ::recvmmsg(fd_.get(), messages_.data(), kSlots, MSG_DONTWAIT, nullptr);
      if (count <= 0) return;
      received_.add(static_cast<std::uint64_t>(count));
      if (count < static_cast<int>(kSlots)) (void)::nanosleep(&nap_, nullptr);
    }
  }

  const std::size_t bytes_;
  const timespec nap_;
  std::vector<char> arena_;
  std::array<iovec, kSlots> vectors_{};
  std::array<mmsghdr, kSlots> messages_{};
};

class BareStream final : public BareReceiver {
 public:
  explicit BareStream(const listen::StreamOptions& options)
      : BareReceiver(bind_loopback(SOCK_STREAM)), buffer_(options.buffer_bytes) {
    if (::listen(fd_.get(), 1) != 0) fail_errno("cannot listen");
    start([this] {
      while (wait_readable(fd_.get(), stop_)) {
        const base::UniqueFd accepted(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (accepted.get() >= 0) read_all(accepted.get());
      }
    });
  }

 private:
  // Up to its end: the sender closes it before it lets us go.
  void read_all(int fd) {
    for (;;) {
      const ssize_t count = ::read(fd, buffer_.data(), buffer_.size());
      if (count == 0 || (count < 0 && errno != EINTR)) return;
      if (count > 0) received_.add(static_cast<std::uint64_t>(count));
    }
  }

  std::vector<char> buffer_;
};

}  // namespace

std::unique_ptr<Receiver> open_bare(const app::InputSpec& spec) {
  if (const auto* datagrams = std::get_if<app::DatagramInput>(&spec.way)) {
    return std::make_unique<BareDatagrams>(datagrams->options);
  }
  return std::make_unique<BareStream>(std::get<app::StreamInput>(spec.way).options);
}

void fail(const std::string& what) {
  std::fprintf(stderr, "sockets_bench: %s\n", what.c_str());
  std::_Exit(1);  // other threads run
}

void fail_errno(const char* what) {
  fail(std::string(what) + ": " + std::strerror(errno));
}

void pin_this_thread(Side side) {
  static const std::vector<int> kAllowed = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> allowed;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return allowed;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &set)) allowed.push_back(cpu);
    }
    return allowed;
  }();
  if (kAllowed.empty()) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(side == Side::kReceiver ? kAllowed.front() : kAllowed.back(), &one);
  (void)::sched_setaffinity(0, sizeof one, &one);
}

}  // namespace tocsin::sockets
