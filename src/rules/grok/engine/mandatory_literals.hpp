// The literals that every match of an expression holds, outside of all choices, from left to right.
//
//     "(?:a|b): from ([0-9]+) port"   {": from ", " port"}
#pragma once

#include <string>
#include <vector>

#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {

struct MandatoryLiteral {
  std::string text;  // not empty
  const Node* last;  // of its bytes
};

[[nodiscard]] std::vector<MandatoryLiteral> mandatory_literals(const Node& root);

// The one that is expected least often in log lines. Empty: there is none.
[[nodiscard]] std::string rarest_literal(const Node& root);

// The items of a sequence, with those of sequences within in their place, but for what a scanner
// may stand for; of any other node, itself.
[[nodiscard]] std::vector<const Node*> items_of(const Node& node);

// One byte, always the same.
[[nodiscard]] bool is_literal(const Node& node);

// Precondition: not empty.
[[nodiscard]] char lowest_byte(const ByteSet& set);

}  // namespace tocsin::rules::grok::engine
