#include "src/rules/grok/engine/mandatory_literals.hpp"

#include <algorithm>
#include <cstddef>

#include "src/rules/grok/engine/byte_frequency.hpp"
#include "src/rules/grok/engine/scanners.hpp"

namespace tocsin::rules::grok::engine {
namespace {

using Kind = Node::Kind;

void flatten(const Node& node, std::vector<const Node*>& items) {
  for (const Node* child : node.children) {
    if (child->kind == Kind::kSequence && !find_scanner(*child, {})) {
      flatten(*child, items);
    } else {
      items.push_back(child);
    }
  }
}

void collect(const Node& node, std::vector<MandatoryLiteral>& literals) {
  bool joined = false;
  for (const Node* item : items_of(node)) {
    if (is_literal(*item)) {
      if (!joined) literals.push_back({});
      literals.back().text.push_back(lowest_byte(item->set));
      literals.back().last = item;
    } else if (item->kind == Kind::kCapture && !find_scanner(*item->children.front(), {})) {
      collect(*item->children.front(), literals);
    }
    joined = is_literal(*item);
  }
}

}  // namespace

std::vector<MandatoryLiteral> mandatory_literals(const Node& root) {
  std::vector<MandatoryLiteral> literals;
  collect(root, literals);
  return literals;
}

std::string rarest_literal(const Node& root) {
  const std::vector<MandatoryLiteral> literals = mandatory_literals(root);
  const auto rarest = std::min_element(literals.begin(), literals.end(),
                                       [](const MandatoryLiteral& a, const MandatoryLiteral& b) {
                                         return expected_count(a.text) < expected_count(b.text);
                                       });
  return rarest == literals.end() ? std::string() : rarest->text;
}

std::vector<const Node*> items_of(const Node& node) {
  if (node.kind != Kind::kSequence) return {&node};
  std::vector<const Node*> items;
  flatten(node, items);
  return items;
}

bool is_literal(const Node& node) {
  return node.kind == Kind::kSet && node.set.count() == 1;
}

char lowest_byte(const ByteSet& set) {
  std::size_t byte = 0;
  while (!set[byte]) ++byte;
  return static_cast<char>(byte);
}

}  // namespace tocsin::rules::grok::engine
