#include "src/query/tree_builder.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace tocsin::query;

namespace {

Node leaf(std::uint32_t name) {
  Node node;
  node.op = Op::kTruthy;
  node.name = name;
  return node;
}

struct Shape {
  Op op;
  std::uint32_t size;
  friend bool operator==(const Shape&, const Shape&) = default;
};

std::vector<Shape> shape(TreeBuilder tree) {
  std::vector<Shape> shapes;
  for (const Node& node : std::move(tree).take()) shapes.push_back({node.op, node.size});
  return shapes;
}

constexpr Shape kLeaf{Op::kTruthy, 1};

}  // namespace

TEST_CASE("a join of joins with the same operator is one join") {
  TreeBuilder tree;
  tree.leaf(leaf(0));
  const std::size_t inner = tree.mark();
  tree.leaf(leaf(1));
  tree.leaf(leaf(2));
  tree.join(Op::kAnd, inner);
  tree.join(Op::kAnd, 0);
  CHECK(shape(std::move(tree)) == std::vector<Shape>{{Op::kAnd, 4}, kLeaf, kLeaf, kLeaf});
}

TEST_CASE("a join of one with the other operator keeps both") {
  TreeBuilder tree;
  tree.leaf(leaf(0));
  const std::size_t inner = tree.mark();
  tree.leaf(leaf(1));
  tree.leaf(leaf(2));
  tree.join(Op::kOr, inner);
  tree.join(Op::kAnd, 0);
  CHECK(shape(std::move(tree)) ==
        std::vector<Shape>{{Op::kAnd, 5}, kLeaf, {Op::kOr, 3}, kLeaf, kLeaf});
}

TEST_CASE("constants vanish from a join or decide it") {
  SUBCASE("a neutral one vanishes, and a join of one child is that child") {
    TreeBuilder tree;
    tree.constant(true);
    tree.leaf(leaf(0));
    tree.join(Op::kAnd, 0);
    CHECK(shape(std::move(tree)) == std::vector<Shape>{kLeaf});
  }
  SUBCASE("a deciding one is all that is left") {
    TreeBuilder tree;
    tree.leaf(leaf(0));
    tree.constant(true);
    tree.leaf(leaf(1));
    tree.join(Op::kOr, 0);
    CHECK(tree.settles(Op::kOr, 0));
    CHECK(shape(std::move(tree)) == std::vector<Shape>{{Op::kConstant, 1}});
  }
  SUBCASE("nothing but neutral ones is neutral") {
    TreeBuilder tree;
    tree.constant(false);
    tree.constant(false);
    tree.join(Op::kOr, 0);
    CHECK(tree.settles(Op::kAnd, 0));
  }
}

TEST_CASE("a negation of a negation is nothing") {
  TreeBuilder tree;
  tree.leaf(leaf(0));
  tree.negate(0);
  CHECK(tree.mark() == 2);
  tree.negate(0);
  CHECK(shape(std::move(tree)) == std::vector<Shape>{kLeaf});
}
