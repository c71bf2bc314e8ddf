#include "src/query/tree_builder.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace tocsin::query {
namespace {

// The constant that decides the whole: false of an `and`, true of an `or`.
constexpr bool deciding(Op op) noexcept {
  return op == Op::kOr;
}

}  // namespace

void TreeBuilder::constant(bool value) {
  Node node;
  node.operand = value ? 1 : 0;
  nodes_.push_back(node);
}

void TreeBuilder::leaf(const Node& node) {
  assert(node.size == 1);
  nodes_.push_back(node);
}

bool TreeBuilder::settles(Op op, std::size_t start) const noexcept {
  return nodes_[start].op == Op::kConstant && (nodes_[start].operand != 0) == deciding(op);
}

void TreeBuilder::join(Op op, std::size_t start) {
  assert(op == Op::kAnd || op == Op::kOr);
  std::size_t kept = start;  // nodes before it stay; never beyond `read`
  std::size_t children = 0;
  for (std::size_t read = start; read < nodes_.size();) {
    const std::size_t end = read + nodes_[read].size;
    if (settles(op, read)) {
      nodes_.resize(start);
      constant(deciding(op));
      return;
    }
    if (nodes_[read].op == Op::kConstant) {
      read = end;
      continue;
    }
    const bool same_op = nodes_[read].op == op;  // its children, two or more, become ours
    children += same_op ? 2 : 1;
    if (same_op) ++read;
    for (; read < end; ++read, ++kept) nodes_[kept] = nodes_[read];
  }
  nodes_.resize(kept);
  if (children == 0) {
    constant(!deciding(op));
  } else if (children > 1) {
    insert_parent(op, start);
  }
}

void TreeBuilder::negate(std::size_t start) {
  Node& root = nodes_[start];
  assert(start + root.size == nodes_.size());
  if (root.op == Op::kConstant) {
    root.operand = root.operand == 0 ? 1 : 0;
  } else if (root.op == Op::kNot) {
    nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(start));
  } else {
    insert_parent(Op::kNot, start);
  }
}

void TreeBuilder::insert_parent(Op op, std::size_t start) {
  Node parent;
  parent.op = op;
  parent.size = static_cast<std::uint32_t>(nodes_.size() - start + 1);
  nodes_.insert(nodes_.begin() + static_cast<std::ptrdiff_t>(start), parent);
}

}  // namespace tocsin::query
