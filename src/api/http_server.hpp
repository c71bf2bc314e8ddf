// A small HTTP/1.1 server for answers that are at hand: metrics, health, queries.
// One thread of its own; handlers run on it, one at a time, and should answer within milliseconds.
// What is posted may be answered later, from another thread.
// Limits:  connections, header time, header and body bytes, requests per connection; all explicit.
// Security: a request must name a host that we serve (Host: localhost, the bound address, `hosts`),
//          or a page in a browser could reach a loopback port by rebinding its name. For the same
//          reason nothing is taken that a page of another origin posts.
// Errors:  open() says why the address cannot be bound; bad requests get 4xx and are counted.
// Source:  RFC 9110, RFC 9112; errors as problem+json, RFC 9457.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/counter.hpp"
#include "tocsin/decoder.hpp"
#include "tocsin/result.hpp"

namespace tocsin::api {

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the kernel picks one; ask port()
  std::size_t max_connections = 512;
  std::size_t max_header_bytes = 16 * 1024;
  std::uint64_t max_body_bytes = std::uint64_t{1} << 20;
  std::chrono::milliseconds header_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
  std::vector<std::string> hosts{};  // further names under which this server is known
};

struct Request {
  std::string method;
  std::string path;                            // percent-decoded, without the query
  std::map<std::string, std::string> queries;  // percent-decoded; of equal names the last
  std::string body;
  std::string encoding;  // Content-Encoding; empty: none
  Peer peer;             // who asks
};

struct Response {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body;
};

// `code` is a stable word for programs, `detail` a sentence for people.
[[nodiscard]] Response problem(unsigned status, std::string_view code, std::string_view detail);

struct HttpCounters {
  base::Counter requests;
  base::Counter errors;    // answered with 4xx or 5xx
  base::Counter refused;   // connections over the limit
  base::Counter timeouts;  // connections closed for being slow
};

class HttpServer {
 public:
  using Handler = std::function<Response(const Request&)>;
  // Called once, from any thread, until stop().
  using Reply = std::function<void(Response)>;
  // Takes what is posted and replies when it can. False: not taken, Handler is asked instead.
  using PostHandler = std::function<bool(Request& request, const Reply& reply)>;

  // Binds; serves only from start() on. `post_handler` may be empty.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> open(const HttpOptions& options,
                                                                Handler handler,
                                                                PostHandler post_handler = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void start();
  // Ends all connections and the thread. May be called twice.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept;
  [[nodiscard]] const HttpCounters& counters() const noexcept;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

// Splits "/a/b?x=1&y" and decodes both halves. kSyntax for a broken percent sequence.
[[nodiscard]] Result<Request> parse_target(std::string_view target);

}  // namespace tocsin::api
