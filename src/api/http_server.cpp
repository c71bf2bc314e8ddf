#include "src/api/http_server.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <set>
#include <thread>

#include "src/api/json.hpp"

namespace tocsin::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

// The host part of a Host header: without the port, without brackets.
std::string_view host_part(std::string_view host) noexcept {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

Response problem(unsigned status, std::string_view code, std::string_view detail) {
  Response response;
  response.status = status;
  response.type = "application/problem+json";
  response.body = "{\"type\":\"about:blank\",\"status\":" + std::to_string(status) + ",\"code\":";
  append_json(code, response.body);
  response.body += ",\"detail\":";
  append_json(detail, response.body);
  response.body += "}\n";
  return response;
}

class HttpServer::Impl {
 public:
  Impl(const HttpOptions& options, Handler handler, PostHandler post_handler)
      : options_(options),
        handler_(std::move(handler)),
        post_handler_(std::move(post_handler)),
        acceptor_(context_) {}

  Result<void> bind() {
    const auto failed = [&](const beast::error_code& error) {
      return Error{Errc::kIo, options_.address + ":" + std::to_string(options_.port),
                   "cannot listen for HTTP: " + error.message()};
    };
    beast::error_code error;
    const auto address = asio::ip::make_address(options_.address, error);
    if (error) return failed(error);
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (error) return failed(error);
    acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (error) return failed(error);
    acceptor_.bind(endpoint, error);
    if (error) return failed(error);
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return failed(error);
    port_ = acceptor_.local_endpoint(error).port();
    if (error) return failed(error);
    return {};
  }

  void start() {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  void stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const HttpCounters& counters() const noexcept { return counters_; }

 private:
  class Connection;

  void accept();
  [[nodiscard]] bool serves(std::string_view host) const {
    const std::string_view name = host_part(host);
    return name == "localhost" || name == options_.address || name == "127.0.0.1" ||
           name == "::1" ||
           std::find(options_.hosts.begin(), options_.hosts.end(), name) != options_.hosts.end();
  }

  const HttpOptions options_;
  const Handler handler_;
  const PostHandler post_handler_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::size_t open_ = 0;  // connections; touched by the server's thread only
  std::set<std::shared_ptr<Connection>> waiting_;  // for a reply; the same
  HttpCounters counters_;
  std::thread thread_;
};

// Reads one request after the other. Kept alive by the handlers that it has given to Asio.
class HttpServer::Impl::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Impl& server, tcp::socket socket) : server_(&server), stream_(std::move(socket)) {
    ++server_->open_;
  }
  ~Connection() { --server_->open_; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(server_->options_.max_header_bytes));
    parser_->body_limit(server_->options_.max_body_bytes);
    // The first request must come at once; between requests a client may rest.
    stream_.expires_after(first_ ? server_->options_.header_timeout
                                 : server_->options_.idle_timeout);
    first_ = false;
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       self->on_read(error);
                     });
  }

 private:
  void on_read(beast::error_code error) {
    if (error == beast::error::timeout) server_->counters_.timeouts.add(1);
    if (error == http::error::body_limit) {
      return reply(problem(413, "body_too_large", "the body is longer than the limit"), false);
    }
    if (error == http::error::header_limit) {
      return reply(problem(431, "header_too_large", "the header is longer than the limit"), false);
    }
    if (error && error.category() == http::make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
      return reply(problem(400, "bad_request", "not an HTTP/1.1 request: " + error.message()),
                   false);
    }
    if (error) return;  // the peer went away, or was too slow
    const auto& message = parser_->get();
    const bool keep = message.keep_alive();
    if (!server_->serves(std::string_view(message[http::field::host].data(),
                                          message[http::field::host].size()))) {
      return reply(
          problem(421, "wrong_host", "this server does not serve the host that was asked for"),
          keep);
    }
    const auto target = message.target();
    Result<Request> request = parse_target({target.data(), target.size()});
    if (!request) return reply(problem(400, "bad_target", request.error().text), keep);
    const auto method = message.method_string();
    request->method.assign(method.data(), method.size());
    request->body = std::move(parser_->get().body());
    if (method == http::to_string(http::verb::post) && server_->post_handler_) {
      return post(*request, message, keep);
    }
    reply(server_->handler_(*request), keep);
  }

  void post(Request& request, const http::request<http::string_body>& message, bool keep) {
    // "http://HOST[:PORT]" of a page; programs send none.
    const auto origin = message[http::field::origin];
    const std::string_view page(origin.data(), origin.size());
    const std::size_t host = page.find("://");
    if (!page.empty() &&
        (host == std::string_view::npos || !server_->serves(page.substr(host + 3)))) {
      return reply(problem(403, "wrong_origin", "posted by a page of another origin"), keep);
    }
    const auto encoding = message[http::field::content_encoding];
    request.encoding.assign(encoding.data(), encoding.size());
    set_peer(request.peer);
    keep_ = keep;
    server_->waiting_.insert(shared_from_this());
    const bool taken = server_->post_handler_(
        request, [weak = weak_from_this(), &context = server_->context_](Response response) {
          if (const auto self = weak.lock()) {
            asio::post(context, [self, response = std::move(response)] { self->finish(response); });
          }
        });
    if (!taken) finish(server_->handler_(request));
  }

  void finish(const Response& response) {
    server_->waiting_.erase(shared_from_this());
    reply(response, keep_);
  }

  void set_peer(Peer& peer) const {
    beast::error_code error;
    const tcp::endpoint endpoint = stream_.socket().remote_endpoint(error);
    if (error) return;
    peer.port = endpoint.port();
    if (endpoint.address().is_v4()) {
      peer.family = Peer::Family::kIpv4;
      const auto bytes = endpoint.address().to_v4().to_bytes();
      std::copy(bytes.begin(), bytes.end(), peer.address.begin());
    } else {
      peer.family = Peer::Family::kIpv6;
      const auto bytes = endpoint.address().to_v6().to_bytes();
      std::copy(bytes.begin(), bytes.end(), peer.address.begin());
    }
  }

  void reply(const Response& response, bool keep) {
    server_->counters_.requests.add(1);
    if (response.status >= 400) server_->counters_.errors.add(1);
    message_ = {};
    message_.version(11);
    message_.result(response.status);
    message_.set(http::field::content_type, response.type);
    message_.set(http::field::cache_control, "no-cache");
    message_.keep_alive(keep);
    message_.body() = response.body;
    message_.prepare_payload();
    stream_.expires_after(server_->options_.header_timeout);
    http::async_write(stream_, message_,
                      [self = shared_from_this(), keep](beast::error_code error, std::size_t) {
                        if (error == beast::error::timeout)
                          self->server_->counters_.timeouts.add(1);
                        if (error) return;
                        if (keep) return self->read();
                        beast::error_code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  Impl* server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> message_;
  bool first_ = true;
  bool keep_ = false;  // of the request that waits for its reply
};

void HttpServer::Impl::accept() {
  acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      if (open_ >= options_.max_connections) {
        counters_.refused.add(1);  // the socket closes here, so that the client learns of it
      } else {
        std::make_shared<Connection>(*this, std::move(socket))->read();
      }
    }
    accept();
  });
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::open(const HttpOptions& options, Handler handler,
                                                     PostHandler post_handler) {
  auto impl = std::make_unique<Impl>(options, std::move(handler), std::move(post_handler));
  if (auto bound = impl->bind(); !bound) return bound.error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

void HttpServer::start() {
  impl_->start();
}
void HttpServer::stop() {
  impl_->stop();
}
std::uint16_t HttpServer::port() const noexcept {
  return impl_->port();
}
const HttpCounters& HttpServer::counters() const noexcept {
  return impl_->counters();
}

}  // namespace tocsin::api
