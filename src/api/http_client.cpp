#include "src/api/http_client.hpp"

#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace tocsin::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

// Larger than any answer the daemon gives.
constexpr std::uint64_t kMaxAnswerBytes = std::uint64_t{256} << 20;

// The steps of one exchange, each started by the one before; all end in `error`.
struct Exchange {
  explicit Exchange(asio::io_context& context) : stream(context) {}

  void on_connect(beast::error_code result) {
    error = result;
    if (error) return;
    connected = true;
    http::async_write(stream, request, [this](beast::error_code e, std::size_t) { on_write(e); });
  }
  void on_write(beast::error_code result) {
    error = result;
    if (error) return;
    parser.body_limit(kMaxAnswerBytes);
    http::async_read(stream, buffer, parser,
                     [this](beast::error_code e, std::size_t) { error = e; });
  }

  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  http::request<http::string_body> request;
  http::response_parser<http::string_body> parser;
  beast::error_code error;
  bool connected = false;
};

}  // namespace

Result<Response> http_get(const std::string& address, std::uint16_t port, const std::string& target,
                          std::chrono::milliseconds timeout) {
  return http_call(address, port, {"GET", target, {}}, timeout);
}

Result<Response> http_call(const std::string& address, std::uint16_t port, const Call& call,
                           std::chrono::milliseconds timeout) {
  const std::string where = address + ":" + std::to_string(port);
  asio::io_context context(1);
  Exchange exchange(context);
  beast::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return Error{Errc::kSyntax, where, "not a numeric IP address"};
  exchange.request.version(11);
  exchange.request.method_string(call.method);
  exchange.request.target(call.target);
  exchange.request.set(http::field::host, where);
  exchange.request.keep_alive(false);
  if (!call.body.empty()) {
    exchange.request.set(http::field::content_type, "application/json");
    exchange.request.body() = call.body;
    exchange.request.prepare_payload();
  }
  exchange.stream.expires_after(timeout);
  exchange.stream.async_connect(asio::ip::tcp::endpoint(ip, port),
                                [&](beast::error_code e) { exchange.on_connect(e); });
  context.run();
  if (exchange.error && !exchange.connected) {
    return Error{Errc::kUnavailable, where,
                 "no daemon answers here (" + exchange.error.message() + "); is tocsin running?"};
  }
  if (exchange.error) return Error{Errc::kIo, where, exchange.error.message()};
  Response response;
  auto message = exchange.parser.release();
  response.status = message.result_int();
  const auto type = message[http::field::content_type];
  response.type.assign(type.data(), type.size());
  response.body = std::move(message.body());
  return response;
}

std::string percent_encode(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       kPlain.find(c) != std::string_view::npos;
    if (plain) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
      out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
    }
  }
  return out;
}

}  // namespace tocsin::api
