// Carbon's consistent hashing: which of several destinations a metric belongs to, exactly as
// carbon-relay decides it, so that Tocsin and relays may feed the same shards.
//
// Every node stands at 100 places of a ring, at the hash of its name and a counter; a metric
// belongs to the first node at or behind the hash of its own name. Positions have 16 bits. A place
// that is taken is left for the next free one, so that the order in which nodes are given matters,
// and positions may pass 65535.
//   carbon_ch   the first 16 bits of the MD5 of  ('10.0.0.1', 'a'):17   or  ('10.0.0.1', None):17
//   fnv1a_ch    the 32-bit FNV-1a of  17-a , its halves joined by exclusive or. The server is not
//               part of it, so that instances must have different names.
// The port is part of neither. A tagged metric is hashed with its full name.
// Threads: immutable after make().
// Errors:  kSyntax for no node, kDuplicate for two that cannot be told apart, kLimit for too many,
//          kUnsupported for a name that Python would not print as it is in every version.
// Cost:    one hash and a binary search for each metric.
// Source:  carbon 1.1.7, hashing.py and routers.py. So are its oddities: with several nodes, the
//          place right in front of a metric's own is never looked at for replicas.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::publish::graphite {

struct Node {
  std::string server;
  std::optional<std::string> instance;

  friend auto operator<=>(const Node&, const Node&) = default;
};

enum class RingHash : std::uint8_t { kCarbon, kFnv1a };  // carbon_ch, fnv1a_ch

struct Replication {
  std::size_t factor = 1;        // on how many nodes each metric is kept
  bool diverse_servers = false;  // no two of them on the same server
};

class HashRing {
 public:
  static constexpr std::size_t kMaxNodes = 256;
  static constexpr std::size_t kPlaces = 100;  // of each node, carbon's default

  struct Entry {
    std::uint32_t position = 0;
    std::size_t node = 0;  // index in nodes()
  };

  // `nodes` in the order of carbon's DESTINATIONS.
  [[nodiscard]] static Result<HashRing> make(std::vector<Node> nodes, RingHash hash);

  // The position of a metric (or of any other text).
  [[nodiscard]] std::uint32_t position(std::string_view key) const noexcept;
  // The node that a metric belongs to, as an index in nodes().
  [[nodiscard]] std::size_t node_of(std::string_view metric) const noexcept;
  // All nodes it is kept on, its own first, in carbon's order; replaces the content of `found`.
  // Fewer than replication.factor when there are no more.
  void nodes_of(std::string_view metric, const Replication& replication,
                std::vector<std::size_t>& found) const;

  [[nodiscard]] std::span<const Node> nodes() const noexcept { return nodes_; }
  [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }

 private:
  HashRing(std::vector<Node> nodes, RingHash hash);
  [[nodiscard]] std::size_t first_entry(std::string_view metric) const noexcept;
  [[nodiscard]] std::string place_key(const Node& node, std::size_t place) const;

  std::vector<Node> nodes_;
  RingHash hash_;
  std::vector<Entry> entries_;  // by position
};

}  // namespace tocsin::publish::graphite
