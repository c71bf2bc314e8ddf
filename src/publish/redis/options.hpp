// How to reach a Redis, and how patient to be with it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "src/publish/news.hpp"

namespace tocsin::publish {

struct RedisOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string unix_path;  // not empty: used instead of host and port
  std::string user;       // empty: Redis' default user
  std::string password;   // empty: no AUTH. Never shown anywhere
  int database = 0;

  // From looking up the name to the answer of the first PING.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(2);
  // Without a single answer for this long, while one is due, the connection is given up.
  std::chrono::milliseconds reply_timeout = std::chrono::seconds(2);
  // Waits between attempts double from the first to the second of these, times 0.5 to 1 at random.
  std::chrono::milliseconds backoff_first{50};
  std::chrono::milliseconds backoff_longest = std::chrono::seconds(1);

  // Commands sent and not yet answered. Raise it for a Redis that is far away.
  std::size_t max_outstanding = 1024;
  // Bytes handed to the socket at a time.
  std::size_t max_batch_bytes = std::size_t{256} << 10;
  // Memory of one reply. Only scan() reads anything large.
  std::size_t max_reply_bytes = std::size_t{64} << 20;
  // Reads that wait for an answer; more are refused.
  std::size_t max_reads = 256;
  // Memory for records while Redis is away or slow. One eighth is reserved for urgent records.
  std::size_t spool_bytes = std::size_t{64} << 20;

  std::uint64_t jitter_seed = 1;  // differs between daemons, so that they do not return in step
  // Told of every change worth a line in the log, and whether it is for the better. May be empty.
  std::function<void(News news, std::string_view line)> log;
};

// "unix:/path" or "host:port": for people.
[[nodiscard]] std::string address_of(const RedisOptions& options);

}  // namespace tocsin::publish
