// Which bytes may come next, and what else can be said of a regular expression without a text.
//
//     a*(?:b|c)   before() says {a, b, c}, so not the end of the text
//
// All answers are on the safe side: `first` may hold bytes that cannot come, never the other way
// round. Assertions count as met, save where they speak of the next byte.
// Cost:    each call walks the tree below the node.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "src/rules/grok/engine/byte_set.hpp"
#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {

// What must hold of the text at a place for the rest of the expression to match there.
struct Follow {
  ByteSet first;       // one of these comes next, kEndOfText at the end,
  ByteSet after_word;  // or one of these, if the byte before is a word byte
  bool certain;        // the rest matches whatever comes

  // Of the place behind the whole expression.
  [[nodiscard]] static Follow anything() {
    ByteSet all = ascii_bytes();
    all.set(kEndOfText);
    return {all, all, true};
  }
};

// Of the place before `node`, when `after` holds behind it.
[[nodiscard]] Follow before(const Node& node, const Follow& after);

// Either holds.
[[nodiscard]] Follow either(const Follow& one, const Follow& other);

[[nodiscard]] bool is_nullable(const Node& node);

// Every byte that a match may hold.
[[nodiscard]] ByteSet consumed_bytes(const Node& node);

// The length of every match, if they have the same; lookarounds count as nothing.
[[nodiscard]] std::optional<std::size_t> fixed_length(const Node& node);

[[nodiscard]] bool has_capture(const Node& node);

}  // namespace tocsin::rules::grok::engine
