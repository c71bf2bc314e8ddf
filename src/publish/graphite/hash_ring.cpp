#include "src/publish/graphite/hash_ring.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "src/publish/graphite/md5.hpp"

namespace tocsin::publish::graphite {
namespace {

std::uint32_t fnv1a(std::string_view text) noexcept {
  std::uint32_t hash = 0x811c9dc5;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x01000193;
  }
  return hash;
}

// Decodes well-formed UTF-8 of two bytes, U+0080 to U+07FF; 0 for anything else.
std::uint32_t two_byte_code(std::string_view text) noexcept {
  if (text.size() < 2) return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  const auto trail = static_cast<unsigned char>(text[1]);
  if (lead < 0xC2 || lead > 0xDF || trail < 0x80 || trail > 0xBF) return 0;
  return (lead & 0x1FU) << 6U | (trail & 0x3FU);
}

// Whether Python 3 prints every character of `text` as it is. Letters up to U+0377 have been in
// Unicode for longer than Python 3 exists; what comes behind depends on its version.
bool prints_everywhere(std::string_view text) noexcept {
  constexpr std::uint32_t kFirst = 0xA1;
  constexpr std::uint32_t kLast = 0x377;
  constexpr std::uint32_t kSoftHyphen = 0xAD;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      if (byte < ' ' || byte == 0x7F) return false;
      ++at;
      continue;
    }
    const std::uint32_t code = two_byte_code(text.substr(at));
    if (code < kFirst || code > kLast || code == kSoftHyphen) return false;
    at += 2;
  }
  return true;
}

// As Python's repr() quotes it.
std::string quoted(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const bool has_double = text.find('"') != std::string_view::npos;
  const char quote = has_single && !has_double ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  return out + quote;
}

std::string name_of(const Node& node) {
  return node.instance ? node.server + ":" + *node.instance : node.server;
}

// The text that must differ between two nodes for them to have places of their own.
std::string identity_of(const Node& node, RingHash hash) {
  if (hash == RingHash::kFnv1a) return node.instance.value_or("None");
  return quoted(node.server) + (node.instance ? quoted(*node.instance) : "None");
}

}  // namespace

Result<HashRing> HashRing::make(std::vector<Node> nodes, RingHash hash) {
  if (nodes.empty()) return Error{Errc::kSyntax, "", "no destination, at least one was expected"};
  if (nodes.size() > kMaxNodes) {
    return Error{Errc::kLimit, "",
                 std::to_string(nodes.size()) + " destinations, at most " +
                     std::to_string(kMaxNodes) + " were expected"};
  }
  std::set<std::string> seen;
  for (const Node& node : nodes) {
    if (!prints_everywhere(node.server) || (node.instance && !prints_everywhere(*node.instance))) {
      return Error{Errc::kUnsupported, "",
                   "destination \"" + name_of(node) +
                       "\": control characters, and letters beyond U+0377, give different rings in "
                       "different versions of Python"};
    }
    if (!seen.insert(identity_of(node, hash)).second) {
      return Error{Errc::kDuplicate, "",
                   "destination \"" + name_of(node) +
                       (hash == RingHash::kFnv1a
                            ? "\": fnv1a_ch tells destinations apart by their instance alone"
                            : "\" is given twice")};
    }
  }
  return HashRing(std::move(nodes), hash);
}

HashRing::HashRing(std::vector<Node> nodes, RingHash hash) : nodes_(std::move(nodes)), hash_(hash) {
  std::set<std::uint32_t> taken;
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    for (std::size_t place = 0; place < kPlaces; ++place) {
      std::uint32_t at = position(place_key(nodes_[node], place));
      while (!taken.insert(at).second) ++at;
      entries_.push_back({at, node});
    }
  }
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.position < b.position; });
}

std::string HashRing::place_key(const Node& node, std::size_t place) const {
  if (hash_ == RingHash::kFnv1a)
    return std::to_string(place) + "-" + node.instance.value_or("None");
  return "(" + quoted(node.server) + ", " + (node.instance ? quoted(*node.instance) : "None") +
         "):" + std::to_string(place);
}

std::uint32_t HashRing::position(std::string_view key) const noexcept {
  if (hash_ == RingHash::kFnv1a) {
    const std::uint32_t hash = fnv1a(key);
    return hash >> 16U ^ (hash & 0xFFFFU);
  }
  const std::array<std::uint8_t, 16> digest = md5(key);
  return static_cast<std::uint32_t>(digest[0]) << 8U | digest[1];
}

// Behind the last place the ring begins again.
std::size_t HashRing::first_entry(std::string_view metric) const noexcept {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), position(metric),
      [](const Entry& entry, std::uint32_t wanted) { return entry.position < wanted; });
  return found == entries_.end() ? 0 : static_cast<std::size_t>(found - entries_.begin());
}

std::size_t HashRing::node_of(std::string_view metric) const noexcept {
  return nodes_.size() == 1 ? 0 : entries_[first_entry(metric)].node;
}

void HashRing::nodes_of(std::string_view metric, const Replication& replication,
                        std::vector<std::size_t>& found) const {
  found.clear();
  if (replication.factor == 0) return;
  if (nodes_.size() == 1) {
    found.push_back(0);
    return;
  }
  const auto counts = [&](std::size_t node) {
    return std::none_of(found.begin(), found.end(), [&](std::size_t known) {
      return known == node ||
             (replication.diverse_servers && nodes_[known].server == nodes_[node].server);
    });
  };
  std::size_t at = first_entry(metric);
  for (std::size_t left = entries_.size() - 1; left > 0; --left) {
    const std::size_t node = entries_[at].node;
    if (counts(node)) found.push_back(node);
    if (found.size() == replication.factor) return;
    at = at + 1 == entries_.size() ? 0 : at + 1;
  }
}

}  // namespace tocsin::publish::graphite
