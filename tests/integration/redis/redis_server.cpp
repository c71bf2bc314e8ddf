#include "tests/integration/redis/redis_server.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "src/base/unique_fd.hpp"

namespace tocsin::publish {
namespace {

using namespace std::chrono_literals;

std::uint16_t free_port() {
  namespace asio = boost::asio;
  asio::io_context context;
  const asio::ip::tcp::acceptor acceptor(
      context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  return acceptor.local_endpoint().port();
}

}  // namespace

RedisServer::RedisServer(const std::vector<std::string>& arguments) : port_(free_port()) {
  directory_ = (std::filesystem::temp_directory_path() / "tocsin-redis-XXXXXX").string();
  REQUIRE(::mkdtemp(directory_.data()) != nullptr);
  start(arguments);
}

RedisServer::~RedisServer() {
  if (pid_ != 0) kill_hard();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void RedisServer::start(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {
      "redis-server", "--port",       std::to_string(port_), "--bind", "127.0.0.1", "--dir",
      directory_,     "--unixsocket", socket_path(),         "--save", "",          "--appendonly",
      "yes",          "--logfile",    directory_ + "/log"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  pid_ = ::fork();
  REQUIRE(pid_ >= 0);
  if (pid_ == 0) {
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  const auto limit = std::chrono::steady_clock::now() + 20s;
  while (!answers()) {
    REQUIRE(::waitpid(pid_, nullptr, WNOHANG) == 0);  // it ended: see its log
    REQUIRE(std::chrono::steady_clock::now() < limit);
    std::this_thread::sleep_for(10ms);
  }
}

// Whether a PING is answered with anything: also "NOAUTH" is an answer.
bool RedisServer::answers() const {
  const base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path().c_str(), sizeof(address.sun_path) - 1);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return false;
  }
  char reply[64];
  return ::write(fd.get(), "PING\r\n", 6) == 6 && ::read(fd.get(), reply, sizeof(reply)) > 0 &&
         std::strncmp(reply, "-LOADING", 8) != 0;
}

void RedisServer::signal(int number) const {
  REQUIRE(pid_ > 0);
  REQUIRE(::kill(pid_, number) == 0);
}

void RedisServer::kill_hard() {
  signal(SIGKILL);
  REQUIRE(::waitpid(pid_, nullptr, 0) == pid_);
  pid_ = 0;
}

void RedisServer::pause() {
  signal(SIGSTOP);
}

void RedisServer::resume() {
  signal(SIGCONT);
}

}  // namespace tocsin::publish
