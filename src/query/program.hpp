// What a predicate is once parsed: a flat tree of tests, and the constants they refer to.
//
// The nodes lie in preorder, each with the size of its subtree, so the next sibling of a node is
// `size` further on and any subtree can be copied elsewhere as it is. `a = 1 and (b or c)`:
//
//     index  0     1        2     3      4
//     op     kAnd  kCompare kOr   kTruthy kTruthy
//     size   5     1        3     1      1
//
// A residue has nodes of its own and shares the pool of the predicate that it comes from.
// Threads: immutable once built, but for the counters inside Regex.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/query/field.hpp"
#include "src/query/like.hpp"
#include "src/query/regex.hpp"
#include "src/query/value.hpp"

namespace tocsin::query {

enum class Op : std::uint8_t {
  kConstant,       // operand: 0 or 1
  kAnd,            // two children or more, none a constant or kAnd
  kOr,             // two children or more, none a constant or kOr
  kNot,            // one child, neither a constant nor kNot
  kTruthy,         // field
  kMissing,        // field
  kTagged,         // operand: literal
  kCompare,        // field, relation, operand: literal
  kCompareFields,  // field, relation, other_field; operand: name of other_field
  kIn,             // field, operand: list
  kLike,           // field, operand: like
  kRegex,          // field, operand: regex
};

enum class Relation : std::uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

// "=", "!=", ...
[[nodiscard]] std::string_view to_string(Relation relation) noexcept;
// `a R b` is `b mirrored(R) a`.
[[nodiscard]] Relation mirrored(Relation relation) noexcept;
[[nodiscard]] bool is_order(Relation relation) noexcept;
// Precondition: neither value is unknown.
[[nodiscard]] bool holds(const Value& left, Relation relation, const Value& right) noexcept;

struct Node {
  Op op = Op::kConstant;
  Relation relation = Relation::kEqual;
  Field field = Field::kAttribute;
  Field other_field = Field::kAttribute;
  std::uint32_t size = 1;     // nodes of this subtree, itself included
  std::uint32_t name = 0;     // of `field` in Pool::names; attributes only
  std::uint32_t operand = 0;  // see Op
};

struct Pool {
  std::vector<std::string> names;  // of attributes
  std::vector<Literal> literals;
  std::vector<std::vector<Literal>> lists;
  std::vector<LikePattern> likes;
  std::vector<Regex> regexes;
};

// Invariant: nodes is one tree; nodes[0].size == nodes.size().
struct Program {
  std::shared_ptr<const Pool> pool;
  std::vector<Node> nodes;
};

// The same tree with the same constants, wherever in the two pools these lie.
[[nodiscard]] bool same(const Program& a, const Program& b);

[[nodiscard]] FieldSet fields_of(const Program& program) noexcept;

// How many searches of the regular expressions in `program` gave up, in all its copies together.
[[nodiscard]] std::uint64_t give_ups_of(const Program& program) noexcept;

}  // namespace tocsin::query
