// What the listener tests share: a decoder that keeps lines, an intake that can be full, a client
// socket, and a loop on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <future>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/listen/loop.hpp"
#include "src/base/unique_fd.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::listen::testing {

using namespace std::chrono_literals;

// Counts what it is told; while `full` it takes nothing. Lines reach it through FakeDecoder.
class FakeIntake final : public Intake {
 public:
  std::atomic<bool> full{false};
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> rejected{0};

  bool take(std::string_view line) {
    if (full) return false;
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
    ++taken;
    return true;
  }

  std::size_t samples(std::span<const RawSample> samples, const IdentityResolver&) override {
    return samples.size();
  }
  bool event(const EventView&) override { return !full; }
  void drop(std::size_t records) override { dropped += records; }
  void reject(RejectCause cause, std::string_view, std::size_t, std::string_view) override {
    const std::lock_guard lock(mutex_);
    causes_.push_back(cause);
    ++rejected;
  }

  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  std::vector<RejectCause> causes() const {
    const std::lock_guard lock(mutex_);
    return causes_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<RejectCause> causes_;
};

// Keeps up to kRoom views into the receive buffer, as a real decoder does, and hands them over in
// flush() or when the room is used up. Empty lines are no records.
class FakeDecoder final : public Decoder {
 public:
  static constexpr std::size_t kRoom = 4;

  explicit FakeDecoder(FakeIntake& intake) : intake_(intake) {}

  std::size_t decode(std::string_view bytes, const Origin& origin) override {
    last_origin = origin;
    std::size_t at = 0;
    while (at < bytes.size()) {
      if (held_.size() == kRoom && !flush()) return at;
      const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
      if (end > at) held_.push_back(bytes.substr(at, end - at));
      at = std::min(end + 1, bytes.size());
    }
    return at;
  }

  bool flush() override {
    std::size_t done = 0;
    while (done < held_.size() && intake_.take(held_[done])) ++done;
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(done));
    return held_.empty();
  }

  void drop() override {
    intake_.drop(held_.size());
    held_.clear();
  }

  Origin last_origin;

 private:
  FakeIntake& intake_;
  std::vector<std::string_view> held_;
};

// Runs a loop on its own thread. Listeners are made before start() and closed by on_loop().
class LoopThread {
 public:
  ~LoopThread() { stop(); }

  void start() {
    thread_ = std::thread([this] { loop.run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    loop.stop();
    thread_.join();
  }
  // Runs `fn` on the loop's thread and waits for it.
  void on_loop(std::function<void()> fn) {
    std::promise<void> done;
    loop.post([&] {
      fn();
      done.set_value();
    });
    done.get_future().wait();
  }
  // Closes a stream listener or line server and waits until it says so.
  template <class Server>
  [[nodiscard]] bool close(Server& server, std::chrono::nanoseconds grace) {
    auto done = std::make_shared<std::promise<void>>();
    auto closed = done->get_future();
    loop.post([&server, grace, done] { server.close(grace, [done] { done->set_value(); }); });
    return closed.wait_for(10s) == std::future_status::ready;
  }

  Loop loop;

 private:
  std::thread thread_;
};

// Looks every millisecond until `condition` holds; false after `limit`.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition, std::chrono::milliseconds limit = 10s) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

// A blocking client socket with a limit on every wait.
class Client {
 public:
  static Client ip(int type, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return Client(AF_INET, type, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  static Client unix_path(int type, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return Client(AF_UNIX, type, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  [[nodiscard]] bool connected() const { return connected_; }

  // True if all of it went out.
  bool send(std::string_view bytes) {
    const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return sent == static_cast<ssize_t>(bytes.size());
  }
  // As much as goes out without waiting.
  std::size_t send_some(std::string_view bytes) {
    const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }
  // What comes next; empty at the end of the stream or after 10 seconds.
  std::string receive() {
    char bytes[4096];
    const auto received = ::recv(fd_.get(), bytes, sizeof bytes, 0);
    return received > 0 ? std::string(bytes, static_cast<std::size_t>(received)) : std::string();
  }
  // What comes until the server closes; "(no end)" is appended if it does not.
  std::string receive_all() {
    std::string all;
    char bytes[4096];
    for (;;) {
      const auto received = ::recv(fd_.get(), bytes, sizeof bytes, 0);
      if (received > 0) {
        all.append(bytes, static_cast<std::size_t>(received));
        continue;
      }
      const bool ended = received == 0 || errno == ECONNRESET;
      return ended ? all : all + "(no end)";
    }
  }
  void end_sending() { ::shutdown(fd_.get(), SHUT_WR); }
  // Ends the connection with a reset instead of an orderly end.
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    fd_.reset();
  }
  void close() { fd_.reset(); }
  [[nodiscard]] int fd() const { return fd_.get(); }
  // Its own port; IPv4 only.
  [[nodiscard]] std::uint16_t port() const {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    ::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&own), &size);
    return ntohs(own.sin_port);
  }

 private:
  Client(int family, int type, const sockaddr* address, socklen_t size)
      : fd_(::socket(family, type | SOCK_CLOEXEC, 0)) {
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    connected_ = ::connect(fd_.get(), address, size) == 0;
  }

  base::UniqueFd fd_;
  bool connected_ = false;
};

// A directory that goes away with its files.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace tocsin::listen::testing
