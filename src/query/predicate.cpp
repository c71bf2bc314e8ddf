#include "src/query/predicate.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "src/query/evaluate.hpp"
#include "src/query/parser.hpp"
#include "src/query/printer.hpp"
#include "src/query/program.hpp"
#include "src/query/specialise.hpp"

namespace tocsin::query {

Predicate::Predicate(Program program) {
  const Node& root = program.nodes.front();
  if (root.op == Op::kConstant) {
    constant_ = root.operand != 0;
    return;
  }
  fields_ = fields_of(program);
  program_ = std::make_shared<const Program>(std::move(program));
}

Predicate Predicate::always() {
  Predicate predicate;
  predicate.constant_ = true;
  return predicate;
}

Result<Predicate> Predicate::parse(std::string_view text, const Limits& limits) {
  Result<Program> program = query::parse(text, limits);
  if (!program) return std::move(program).error();
  return Predicate(*std::move(program));
}

bool Predicate::matches(const Event& event) const noexcept {
  if (program_ == nullptr) return constant_;
  return evaluate(program_->nodes.front(), *program_->pool, event) == Verdict::kTrue;
}

bool Predicate::matches(const Fields& fields) const noexcept {
  if (program_ == nullptr) return constant_;
  return evaluate(program_->nodes.front(), *program_->pool, fields) == Verdict::kTrue;
}

Predicate Predicate::specialise(const Identity& identity) const {
  if (program_ == nullptr) return *this;
  switch (evaluate(program_->nodes.front(), *program_->pool, identity)) {
    case Verdict::kFalse:
      return Predicate();
    case Verdict::kTrue:
      return always();
    case Verdict::kUnknown:
      break;
  }
  Program residue = query::specialise(*program_, identity);
  if (residue.nodes.size() == program_->nodes.size()) return *this;  // nothing was known
  return Predicate(std::move(residue));
}

bool Predicate::depends_on_value() const noexcept {
  return needs(Field::kState) || needs(Field::kMetric) || needs(Field::kDescription) ||
         needs(Field::kTime) || needs(Field::kTtl);
}

bool Predicate::spells_out(Field field, std::string_view text,
                           std::string_view ending) const noexcept {
  if (program_ == nullptr) return false;
  const Pool& pool = *program_->pool;
  const auto is_text = [text](const Literal& literal) {
    const auto* written = std::get_if<std::string>(&literal);
    return written != nullptr && *written == text;
  };
  return std::ranges::any_of(program_->nodes, [&](const Node& node) {
    if (node.field != field) return false;
    switch (node.op) {
      case Op::kCompare:
        return node.relation == Relation::kEqual && is_text(pool.literals[node.operand]);
      case Op::kIn:
        return std::ranges::any_of(pool.lists[node.operand], is_text);
      case Op::kLike:
        return pool.likes[node.operand].text().ends_with(ending) &&
               pool.likes[node.operand].matches(text);
      default:
        return false;
    }
  });
}

std::uint64_t Predicate::give_ups() const noexcept {
  return program_ == nullptr ? 0 : give_ups_of(*program_);
}

std::string Predicate::to_string() const {
  if (program_ == nullptr) return constant_ ? "true" : "false";
  return print(*program_);
}

bool operator==(const Predicate& a, const Predicate& b) {
  if (a.program_ == nullptr || b.program_ == nullptr) {
    return a.program_ == b.program_ && a.constant_ == b.constant_;
  }
  return same(*a.program_, *b.program_);
}

}  // namespace tocsin::query
