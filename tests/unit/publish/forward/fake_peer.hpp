// What the tests of forwarding share: a peer that keeps what it was sent and answers as the test
// says.
#pragma once

#include <doctest/doctest.h>

#include <array>
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

#include "tests/unit/publish/redis/fake_redis.hpp"  // run_until

namespace tocsin::publish {

class FakePeer {
 public:
  // Gets each frame that was received whole, without its length; gives the bytes to answer with.
  using Answer = std::function<std::string(const std::string& frame)>;

  // `port` 0: any. Without `answer` the bytes are kept, and nothing is said.
  explicit FakePeer(asio::io_context& context, Answer answer = nullptr, std::uint16_t port = 0)
      : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), port)),
        answer_(std::move(answer)) {
    accept();
  }
  ~FakePeer() { hang_up(); }
  FakePeer(const FakePeer&) = delete;
  FakePeer& operator=(const FakePeer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void hang_up() {
    for (const auto& client : clients_) client->socket.close();
    clients_.clear();
  }
  void send(std::string_view bytes) {
    REQUIRE_FALSE(clients_.empty());
    asio::write(clients_.back()->socket, asio::buffer(bytes));
  }

  std::size_t connections = 0;
  std::string received;             // of all connections; with `answer` only what is no frame yet
  std::vector<std::string> frames;  // with `answer`

 private:
  struct Client {
    explicit Client(tcp::socket s) : socket(std::move(s)) {}
    tcp::socket socket;
    std::array<char, 65536> chunk{};
  };

  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
      if (error) return;
      ++connections;
      clients_.push_back(std::make_shared<Client>(std::move(socket)));
      received.clear();
      read(clients_.back());
      accept();
    });
  }

  void read(const std::shared_ptr<Client>& client) {
    client->socket.async_read_some(
        asio::buffer(client->chunk),
        [this, client](const boost::system::error_code& error, std::size_t size) {
          if (error) return;
          received.append(client->chunk.data(), size);
          if (answer_) answer_frames(*client);
          if (client->socket.is_open()) read(client);
        });
  }

  void answer_frames(Client& client) {
    while (received.size() >= 4) {
      std::size_t length = 0;
      for (std::size_t i = 0; i < 4; ++i) {
        length = length << 8U | static_cast<unsigned char>(received[i]);
      }
      if (received.size() < 4 + length) return;
      frames.push_back(received.substr(4, length));
      received.erase(0, 4 + length);
      const std::string answer = answer_(frames.back());
      boost::system::error_code ignored;
      asio::write(client.socket, asio::buffer(answer), ignored);
    }
  }

  tcp::acceptor acceptor_;
  Answer answer_;
  std::vector<std::shared_ptr<Client>> clients_;
};

// `text` with its length before it, as answers are framed.
[[nodiscard]] inline std::string framed(std::string_view text) {
  std::string out(3, '\0');
  out += static_cast<char>(text.size());
  return out.append(text);
}

}  // namespace tocsin::publish
