// What the first bytes of every match are among: "(?:Jan|Feb) " has the prefixes J a n and F e b.
// On the safe side, as follow.hpp is: lookarounds count as met.
#pragma once

#include <array>
#include <vector>

#include "src/rules/grok/engine/byte_set.hpp"
#include "src/rules/grok/engine/fingerprints.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {

// Behind the end of a match anything may come, kEndOfText too.
using Prefix = std::array<ByteSet, Fingerprints::kPlaces>;

// Every match begins with one of these. Empty: too many, or unknown.
[[nodiscard]] std::vector<Prefix> find_prefixes(const Node& root);

// How many of a thousand places of log lines begin like one of these, about.
[[nodiscard]] double expected_places(const std::vector<Prefix>& prefixes);

// The same prefixes and more, in at most Fingerprints::kBuckets.
[[nodiscard]] std::vector<Prefix> merge_prefixes(std::vector<Prefix> prefixes);

}  // namespace tocsin::rules::grok::engine
