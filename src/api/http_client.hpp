// One HTTP call, for the command line's questions and orders to a running daemon.
// Blocks until the answer is there or `timeout` is over.
// Errors: kUnavailable when nobody listens, kIo for everything else on the way. An answer with an
//         error status is a Response like any other.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "src/api/http_server.hpp"
#include "tocsin/result.hpp"

namespace tocsin::api {

struct Call {
  std::string method;
  std::string target;  // path and query, already percent-encoded
  std::string body;
};

[[nodiscard]] Result<Response> http_call(const std::string& address, std::uint16_t port,
                                         const Call& call, std::chrono::milliseconds timeout);
// A GET of `target`.
[[nodiscard]] Result<Response> http_get(const std::string& address, std::uint16_t port,
                                        const std::string& target,
                                        std::chrono::milliseconds timeout);

// For a query value: everything but letters, digits and "-._~" as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace tocsin::api
