// Builds the flat tree of a predicate from its leaves up, folding constants as it goes, so that
// parser and partial evaluation leave the same form: no constant below the root, no `not not`, no
// `and` directly in an `and`.
// Use:     remember mark(), append what belongs together, then close it with join() or negate().
// Cost:    each join or negation moves the nodes it closes once.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "src/query/program.hpp"

namespace tocsin::query {

class TreeBuilder {
 public:
  // Where the next subtree will begin.
  [[nodiscard]] std::size_t mark() const noexcept { return nodes_.size(); }

  void constant(bool value);
  void leaf(const Node& node);

  // The subtrees appended since `start` become the children of one kAnd or kOr.
  void join(Op op, std::size_t start);
  // The one subtree appended since `start` is negated.
  void negate(std::size_t start);

  // Whether the last subtree, begun at `start`, settles an enclosing `op` by itself.
  [[nodiscard]] bool settles(Op op, std::size_t start) const noexcept;

  [[nodiscard]] std::vector<Node> take() && { return std::move(nodes_); }

 private:
  void insert_parent(Op op, std::size_t start);

  std::vector<Node> nodes_;
};

}  // namespace tocsin::query
