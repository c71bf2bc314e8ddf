#include "src/query/program.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

namespace tocsin::query {
namespace {

// Any NaN is the same literal as any other; the two zeros are not.
bool same_literal(const Literal& a, const Literal& b) {
  const auto* a_real = std::get_if<double>(&a);
  const auto* b_real = std::get_if<double>(&b);
  if (a_real == nullptr || b_real == nullptr) return a == b;
  if (*a_real != *a_real) return *b_real != *b_real;
  return std::bit_cast<std::uint64_t>(*a_real) == std::bit_cast<std::uint64_t>(*b_real);
}

bool same_field(Field a, std::uint32_t a_name, const Pool& a_pool, Field b, std::uint32_t b_name,
                const Pool& b_pool) {
  if (a != b) return false;
  return a != Field::kAttribute || a_pool.names[a_name] == b_pool.names[b_name];
}

bool same_operand(const Node& a, const Pool& a_pool, const Node& b, const Pool& b_pool) {
  switch (a.op) {
    case Op::kConstant:
      return a.operand == b.operand;
    case Op::kAnd:
    case Op::kOr:
    case Op::kNot:
    case Op::kTruthy:
    case Op::kMissing:
      return true;
    case Op::kTagged:
    case Op::kCompare:
      return same_literal(a_pool.literals[a.operand], b_pool.literals[b.operand]);
    case Op::kCompareFields:
      return same_field(a.other_field, a.operand, a_pool, b.other_field, b.operand, b_pool);
    case Op::kIn:
      return std::equal(a_pool.lists[a.operand].begin(), a_pool.lists[a.operand].end(),
                        b_pool.lists[b.operand].begin(), b_pool.lists[b.operand].end(),
                        same_literal);
    case Op::kLike:
      return a_pool.likes[a.operand].text() == b_pool.likes[b.operand].text();
    case Op::kRegex:
      return a_pool.regexes[a.operand].pattern() == b_pool.regexes[b.operand].pattern();
  }
  return false;
}

bool names_a_field(Op op) noexcept {
  return op != Op::kConstant && op != Op::kAnd && op != Op::kOr && op != Op::kNot;
}

}  // namespace

std::string_view to_string(Relation relation) noexcept {
  constexpr std::string_view kWords[] = {"=", "!=", "<", "<=", ">", ">="};
  return kWords[static_cast<std::uint8_t>(relation)];
}

Relation mirrored(Relation relation) noexcept {
  switch (relation) {
    case Relation::kLess:
      return Relation::kGreater;
    case Relation::kLessEqual:
      return Relation::kGreaterEqual;
    case Relation::kGreater:
      return Relation::kLess;
    case Relation::kGreaterEqual:
      return Relation::kLessEqual;
    case Relation::kEqual:
    case Relation::kNotEqual:
      break;
  }
  return relation;
}

bool is_order(Relation relation) noexcept {
  return relation != Relation::kEqual && relation != Relation::kNotEqual;
}

bool holds(const Value& left, Relation relation, const Value& right) noexcept {
  switch (relation) {
    case Relation::kEqual:
      return equal(left, right);
    case Relation::kNotEqual:
      return !equal(left, right);
    case Relation::kLess:
      return order(left, right) < 0;
    case Relation::kLessEqual:
      return order(left, right) <= 0;
    case Relation::kGreater:
      return order(left, right) > 0;
    case Relation::kGreaterEqual:
      return order(left, right) >= 0;
  }
  return false;
}

bool same(const Program& a, const Program& b) {
  return std::equal(
      a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
      [&](const Node& left, const Node& right) {
        return left.op == right.op && left.relation == right.relation && left.size == right.size &&
               (!names_a_field(left.op) ||
                same_field(left.field, left.name, *a.pool, right.field, right.name, *b.pool)) &&
               same_operand(left, *a.pool, right, *b.pool);
      });
}

FieldSet fields_of(const Program& program) noexcept {
  FieldSet fields;
  for (const Node& node : program.nodes) {
    if (names_a_field(node.op)) fields.insert(node.field);
    if (node.op == Op::kCompareFields) fields.insert(node.other_field);
  }
  return fields;
}

std::uint64_t give_ups_of(const Program& program) noexcept {
  std::uint64_t sum = 0;
  for (const Node& node : program.nodes) {
    if (node.op == Op::kRegex) sum += program.pool->regexes[node.operand].give_ups();
  }
  return sum;
}

}  // namespace tocsin::query
