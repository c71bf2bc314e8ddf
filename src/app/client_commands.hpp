// The commands that ask a running daemon: `query` and `status`.
// Exit status: query 0; status 0 green, 1 amber or unknown, 2 red.
//          3: no answer was to be had (no daemon, bad predicate, a service that no rule names),
//          with the reason on `err`.
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

#include "src/app/daemon_client.hpp"

namespace tocsin::app {

struct QueryOptions {
  DaemonAddress daemon;
  std::string predicate;
  std::size_t limit = 1000;
  bool json = false;  // NDJSON instead of lines for people
};

struct StatusOptions {
  DaemonAddress daemon;
  std::string service;
  bool transitive = false;            // the strict view: everything below must be green too
  std::chrono::milliseconds wait{0};  // ask again until it is green, for so long
};

// The daemon does not answer, or knows no such service: not a colour.
inline constexpr int kNoAnswer = 3;

int run_query(const QueryOptions& options, std::ostream& out, std::ostream& err);
int run_status(const StatusOptions& options, std::ostream& out, std::ostream& err);

}  // namespace tocsin::app
