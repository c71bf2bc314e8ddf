// A real redis-server for one test: a port and a directory of its own, on loopback, started and
// ended by its process id. It appends every write to disk before it answers, so that kill -9 loses
// nothing that was acknowledged.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::publish {

class RedisServer {
 public:
  // Starts at once. `arguments` are added to the command line.
  explicit RedisServer(const std::vector<std::string>& arguments = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  // After kill_hard(): the same port and data.
  void start(const std::vector<std::string>& arguments = {});
  void kill_hard();  // SIGKILL
  void pause();      // SIGSTOP: accepts, and never answers
  void resume();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string socket_path() const { return directory_ + "/redis.sock"; }

 private:
  void signal(int number) const;
  [[nodiscard]] bool answers() const;

  std::string directory_;
  std::uint16_t port_ = 0;
  pid_t pid_ = 0;  // 0: not running
};

}  // namespace tocsin::publish
