#include "src/query/printer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <variant>

#include "src/query/lexer.hpp"
#include "src/query/string_literal.hpp"

namespace tocsin::query {
namespace {

// The shortest digits that read back as the same double, and never as an integer.
void append_real(std::string& out, double real) {
  if (std::isnan(real)) {
    out += "NaN";
  } else if (std::isinf(real)) {
    out += real < 0 ? "-Infinity" : "Infinity";
  } else {
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), real);
    const std::string_view text(digits.data(),
                                static_cast<std::size_t>(written.ptr - digits.data()));
    out += text;
    if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
  }
}

void append_literal(std::string& out, const Literal& literal) {
  if (const auto* text = std::get_if<std::string>(&literal)) {
    append_quoted(out, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&literal)) {
    out += std::to_string(*integer);
  } else if (const auto* real = std::get_if<double>(&literal)) {
    append_real(out, *real);
  } else if (const auto* boolean = std::get_if<bool>(&literal)) {
    out += *boolean ? "true" : "false";
  } else {
    out += "nil";
  }
}

class Printer {
 public:
  Printer(const Program& program, std::string& out) : pool_(*program.pool), out_(out) {}

  void tree(const Node& node) {
    switch (node.op) {
      case Op::kAnd:
        return children(node, " and ");
      case Op::kOr:
        return children(node, " or ");
      case Op::kNot:
        return negation((&node)[1]);
      default:
        return test(node, {});
    }
  }

 private:
  void children(const Node& node, std::string_view between) {
    const Node* const end = &node + node.size;
    for (const Node* child = &node + 1; child != end; child += child->size) {
      if (child != &node + 1) out_ += between;
      if (node.op == Op::kAnd && child->op == Op::kOr) {
        parenthesised(*child);
      } else {
        tree(*child);
      }
    }
  }

  void negation(const Node& child) {
    if (child.op == Op::kIn) return test(child, "not ");
    if (child.op == Op::kMissing) {
      field(child.field, child.name);
      out_ += " != nil";
      return;
    }
    out_ += "not ";
    if (child.op == Op::kAnd || child.op == Op::kOr) return parenthesised(child);
    test(child, {});
  }

  void parenthesised(const Node& node) {
    out_ += '(';
    tree(node);
    out_ += ')';
  }

  // `negated` goes before the `in` of a list.
  void test(const Node& node, std::string_view negated) {
    switch (node.op) {
      case Op::kConstant:
        out_ += node.operand != 0 ? "true" : "false";
        return;
      case Op::kTagged:
        out_ += "tagged ";
        // An empty tag is text, not nil.
        return append_quoted(out_, std::get<std::string>(pool_.literals[node.operand]));
      case Op::kMissing:
        out_ += "missing(";
        field(node.field, node.name);
        out_ += ')';
        return;
      default:
        break;
    }
    field(node.field, node.name);
    switch (node.op) {
      case Op::kCompare:
        relation(node.relation);
        return append_literal(out_, pool_.literals[node.operand]);
      case Op::kCompareFields:
        relation(node.relation);
        return field(node.other_field, node.operand);
      case Op::kIn:
        out_ += ' ';
        out_ += negated;
        return list(pool_.lists[node.operand]);
      case Op::kLike:
        out_ += " =~ ";
        return append_quoted(out_, pool_.likes[node.operand].text());
      case Op::kRegex:
        out_ += " ~= ";
        return append_quoted(out_, pool_.regexes[node.operand].pattern());
      default:
        return;
    }
  }

  void relation(Relation relation) {
    out_ += ' ';
    out_ += to_string(relation);
    out_ += ' ';
  }

  void list(const std::vector<Literal>& items) {
    out_ += "in (";
    for (const Literal& item : items) {
      if (&item != items.data()) out_ += ", ";
      append_literal(out_, item);
    }
    out_ += ')';
  }

  void field(Field field, std::uint32_t name) {
    const std::string_view text =
        field == Field::kAttribute ? std::string_view(pool_.names[name]) : to_string(field);
    const bool bare = is_bare_name(text);
    if (!bare) out_ += '`';
    out_ += text;
    if (!bare) out_ += '`';
  }

  const Pool& pool_;
  std::string& out_;
};

}  // namespace

std::string print(const Program& program) {
  std::string out;
  Printer(program, out).tree(program.nodes.front());
  return out;
}

}  // namespace tocsin::query
