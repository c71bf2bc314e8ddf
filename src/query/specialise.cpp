#include "src/query/specialise.hpp"

#include <cstddef>

#include "src/query/evaluate.hpp"
#include "src/query/tree_builder.hpp"

namespace tocsin::query {
namespace {

void append_residue(const Node& node, const Pool& pool, const Identity& identity,
                    TreeBuilder& tree) {
  const std::size_t start = tree.mark();
  if (node.op == Op::kNot) {
    append_residue((&node)[1], pool, identity, tree);
    tree.negate(start);
    return;
  }
  if (node.op != Op::kAnd && node.op != Op::kOr) {
    const Verdict verdict = evaluate(node, pool, identity);
    if (verdict == Verdict::kUnknown) return tree.leaf(node);
    return tree.constant(verdict == Verdict::kTrue);
  }
  const Node* const end = &node + node.size;
  for (const Node* child = &node + 1; child != end; child += child->size) {
    const std::size_t child_start = tree.mark();
    append_residue(*child, pool, identity, tree);
    if (tree.settles(node.op, child_start)) break;
  }
  tree.join(node.op, start);
}

}  // namespace

Program specialise(const Program& program, const Identity& identity) {
  TreeBuilder tree;
  append_residue(program.nodes.front(), *program.pool, identity, tree);
  return Program{program.pool, std::move(tree).take()};
}

}  // namespace tocsin::query
