// Reads one YAML document into a tree whose every node knows where it stands.
// Input:   UTF-8 text, at most 1 MiB, one document; maps have text keys. Variables (expansion.hpp)
//          are replaced in values, never in keys.
// Output:  the tree; an empty file is one null node.
// Threads: pure; the tree is immutable and may be shared.
// Limits:  depth 32, 64 aliases, 100,000 nodes counted through aliases. Tags (!x) and merge keys
//          are not offered.
// Errors:  complaints "found X, expected Y" at file:line:column, both from 1. After a syntax error
//          there is no tree and no other complaint (yaml-cpp sees keys where a bracket was not
//          closed, so what it said before is doubtful); after a duplicate key or an unset variable
//          there is one, with the faulty part left out or marked, so that reading can go on.
// Source:  YAML 1.2.2; parsed by yaml-cpp 0.7, which no header of ours shows. Differences of it
//          that matter here: its positions count from 0, it lets duplicate keys pass, and its
//          recursion follows the document's depth (ended here by refusing depth as it is reported).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/settings/complaints.hpp"
#include "src/settings/excerpt.hpp"
#include "src/settings/expansion.hpp"

namespace tocsin::settings {

struct Node {
  enum class Kind {
    kNull,    // nothing, ~ or null
    kScalar,  // `scalar`
    kList,    // `items`
    kMap,     // `entries`
    kFaulty,  // was complained about; readers stay silent
  };
  struct Entry {
    std::string key;
    Position position;  // of the key
    std::shared_ptr<const Node> value;
  };

  Kind kind = Kind::kNull;
  Position position;  // of a missing value: where its key stands
  Excerpt scalar;
  std::vector<std::shared_ptr<const Node>> items;
  std::vector<Entry> entries;  // in the order of the file, keys unique

  [[nodiscard]] const std::string& text() const noexcept { return scalar.text; }
};

using NodePtr = std::shared_ptr<const Node>;

// Never null; empty after a syntax error, which was then complained about.
[[nodiscard]] std::optional<NodePtr> parse_yaml(std::string_view text,
                                                const Environment& environment,
                                                Complaints& complaints);

}  // namespace tocsin::settings
