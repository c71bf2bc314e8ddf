// Where results are forwarded to, and how patient to be with each destination.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/publish/graphite/hash_ring.hpp"
#include "src/publish/news.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

namespace tocsin::publish {

struct PeerAddress {
  std::string host;  // an IP address without brackets, or a name, looked up at each attempt
  std::uint16_t port = 0;
};

// "host:port", "[::1]:port": for people.
[[nodiscard]] std::string format_peer(const PeerAddress& peer);

// Riemann's messages. ingest/riemann knows them, and src/app joins the two.
struct RiemannCodec {
  struct Answer {
    bool ok = false;
    std::string_view error;  // views the message
  };

  // Appends a field of a Msg; fields one after the other are one Msg.
  void (*append_event)(const EventView& event, std::string& msg) = nullptr;
  // Appends the length of a Msg, u32 big-endian, and the Msg.
  void (*append_frame)(std::string_view msg, std::string& out) = nullptr;
  // What a Msg of the server says.
  Result<Answer> (*parse_answer)(std::string_view msg) = nullptr;
};

// Several carbons. Each point goes to those that carbon's own consistent hashing names.
struct GraphiteTarget {
  graphite::HashRing ring;
  std::vector<PeerAddress> peers;  // one for each node of the ring, in its order
  graphite::Replication replication;
  bool pickle = false;  // else lines
};

// One server; all events go to it.
struct RiemannTarget {
  PeerAddress peer;
  RiemannCodec codec;
};

struct ForwardOptions {
  std::string name;  // of the destination, in counters and in the log
  std::variant<RiemannTarget, GraphiteTarget> target;
  std::string prefix;  // in front of every name

  // From looking up the name to the connection.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
  // Without any progress for this long, while something is on its way, a connection is given up.
  std::chrono::milliseconds progress_timeout = std::chrono::seconds(30);
  // Waits between attempts double from the first to the second of these, times 0.5 to 1 at random.
  std::chrono::milliseconds backoff_first{100};
  std::chrono::milliseconds backoff_longest = std::chrono::seconds(5);
  // Memory for what waits, shared out evenly among the peers.
  std::size_t spool_bytes = std::size_t{64} << 20;

  std::uint64_t jitter_seed = 1;  // differs between daemons, so that they do not return in step
  // Told of every change worth a line in the log: which peer (its place in `peers`), for the better
  // or not, and what. May be empty.
  std::function<void(std::size_t peer, News news, std::string_view line)> log;
};

}  // namespace tocsin::publish
