// What the tests of the Redis side share: a Redis that says what the test wants it to say.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

namespace tocsin::publish {

namespace asio = boost::asio;
using asio::ip::tcp;

// A Redis that answers each command as the test says, on a loopback port of its own.
class FakeRedis {
 public:
  // Gets the command's words, gives the reply's bytes; empty: no answer.
  using Answer = std::function<std::string(const std::vector<std::string>&)>;

  FakeRedis(asio::io_context& context, Answer answer)
      : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        answer_(std::move(answer)) {
    accept();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::size_t connections = 0;
  std::vector<std::vector<std::string>> commands;

 private:
  struct Client {
    explicit Client(tcp::socket s) : socket(std::move(s)) {}
    tcp::socket socket;
    std::string input;
    std::array<char, 4096> chunk{};
  };

  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
      if (error) return;
      ++connections;
      read(std::make_shared<Client>(std::move(socket)));
      accept();
    });
  }

  void read(const std::shared_ptr<Client>& client) {
    client->socket.async_read_some(
        asio::buffer(client->chunk),
        [this, client](const boost::system::error_code& error, std::size_t size) {
          if (error) return;
          client->input.append(client->chunk.data(), size);
          std::string output;
          for (std::vector<std::string> words; take_command(client->input, words); words.clear()) {
            commands.push_back(words);
            output += answer_(words);
          }
          boost::system::error_code ignored;
          asio::write(client->socket, asio::buffer(output), ignored);
          read(client);
        });
  }

  // "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n" from the front of `input`; false while it is not whole.
  static bool take_command(std::string& input, std::vector<std::string>& words) {
    std::size_t at = 0;
    const auto number = [&input, &at]() -> long {
      const std::size_t end = input.find("\r\n", at);
      if (end == std::string::npos) return -1;
      const long n = std::stol(input.substr(at + 1, end - at - 1));
      at = end + 2;
      return n;
    };
    const long count = input.empty() ? -1 : number();
    if (count < 0) return false;
    for (long i = 0; i < count; ++i) {
      const long size = at < input.size() ? number() : -1;
      if (size < 0 || input.size() < at + static_cast<std::size_t>(size) + 2)
        return words.clear(), false;
      words.push_back(input.substr(at, static_cast<std::size_t>(size)));
      at += static_cast<std::size_t>(size) + 2;
    }
    input.erase(0, at);
    return true;
  }

  tcp::acceptor acceptor_;
  Answer answer_;
};

// What a Redis in good health answers to what we ask of it.
[[nodiscard]] inline std::string good(const std::vector<std::string>& words) {
  if (words[0] == "PING") return "+PONG\r\n";
  if (words[0] == "ZADD" || words[0] == "ZREMRANGEBYSCORE") return ":1\r\n";
  return "+OK\r\n";
}

// Runs until `done` holds; the limit only ends a test that fails.
inline void run_until(asio::io_context& context, const std::function<bool()>& done) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done() && std::chrono::steady_clock::now() < limit) {
    context.restart();
    context.run_one_for(std::chrono::milliseconds(10));
  }
  REQUIRE(done());
}

}  // namespace tocsin::publish
