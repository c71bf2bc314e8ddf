// One question or order to a running daemon, for the command line.
// Blocks until the answer is there, for ten seconds at most.
// Errors:  kUnavailable with the daemon's own words where it refused; otherwise those of
//          api::http_call.
#pragma once

#include <cstdint>
#include <string>

#include "src/api/http_client.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

struct DaemonAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8128;
};

// The body of a good answer.
[[nodiscard]] Result<std::string> ask_daemon(const DaemonAddress& daemon, const api::Call& call);

}  // namespace tocsin::app
