#include "src/query/parser.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/query/lexer.hpp"
#include "src/query/tree_builder.hpp"

namespace tocsin::query {
namespace {

constexpr std::string_view kValueExpected =
    "a value was expected (a field, a number, a \"string\" or '(')";
constexpr std::string_view kRightSideExpected =
    "a value was expected (a field, a number or a \"string\")";

bool is_nil(const Literal& literal) noexcept {
  return std::holds_alternative<std::monostate>(literal);
}

// A side of a comparison: a field, or a literal.
struct Operand {
  Field field = Field::kAttribute;
  std::uint32_t name = 0;
  std::optional<Literal> literal;
  const Token* token = nullptr;

  [[nodiscard]] bool is_field() const noexcept { return !literal.has_value(); }
};

// Recursive descent. Each read_* consumes one construct and appends its subtree to the builder;
// false means that error_ is set and everything unwinds.
class Parser {
 public:
  Parser(std::string_view text, const Limits& limits)
      : text_(text), limits_(limits), tokens_(tokenise(text)), now_(tokens_.data()) {}

  Result<Program> run() {
    if (!read_or(0) || !expect_end()) return *std::move(error_);
    return Program{std::make_shared<const Pool>(std::move(pool_)), std::move(tree_).take()};
  }

 private:
  bool read_or(std::size_t depth) {
    const std::size_t start = tree_.mark();
    if (!read_and(depth)) return false;
    if (now_->kind != TokenKind::kOr) return true;
    while (take(TokenKind::kOr)) {
      if (!read_and(depth)) return false;
    }
    tree_.join(Op::kOr, start);
    return true;
  }

  bool read_and(std::size_t depth) {
    const std::size_t start = tree_.mark();
    if (!read_not(depth)) return false;
    if (now_->kind != TokenKind::kAnd) return true;
    while (take(TokenKind::kAnd)) {
      if (!read_not(depth)) return false;
    }
    tree_.join(Op::kAnd, start);
    return true;
  }

  bool read_not(std::size_t depth) {
    operator_could_follow_ = false;
    if (now_->kind != TokenKind::kNot && now_->kind != TokenKind::kLeftParen) return read_simple();
    if (depth == limits_.depth) {
      return limit("more than " + std::to_string(limits_.depth) +
                   " parentheses and 'not' within each other");
    }
    if (!spend()) return false;
    if (take(TokenKind::kNot)) {
      const std::size_t start = tree_.mark();
      if (!read_not(depth + 1)) return false;
      tree_.negate(start);
      return true;
    }
    ++now_;
    if (!read_or(depth + 1)) return false;
    if (!take(TokenKind::kRightParen)) return unexpected(after_predicate() + "')' was expected");
    operator_could_follow_ = false;
    return true;
  }

  bool read_simple() {
    if (!spend()) return false;
    if (take(TokenKind::kTagged)) return read_tagged();
    if (take(TokenKind::kMissing)) return read_missing();
    Operand left;
    if (!read_operand(left, kValueExpected)) return false;
    const Token& op = *now_;
    if (const std::optional<Relation> relation = relation_of(op.kind)) {
      ++now_;
      return read_comparison(left, *relation, op);
    }
    if (op.kind == TokenKind::kLike || op.kind == TokenKind::kRegex) return read_pattern(left);
    if (op.kind == TokenKind::kIn) return read_in(left);
    if (op.kind == TokenKind::kNot && now_[1].kind == TokenKind::kIn) {
      const std::size_t start = tree_.mark();
      ++now_;
      if (!read_in(left)) return false;
      tree_.negate(start);
      return true;
    }
    operator_could_follow_ = true;
    if (left.is_field()) {
      tree_.leaf(field_test(Op::kTruthy, left));
    } else {
      tree_.constant(truthy(Value::of(*left.literal)));
    }
    return true;
  }

  bool read_tagged() {
    if (now_->kind != TokenKind::kString) return unexpected("a tag as a \"string\" was expected");
    Node node;
    node.op = Op::kTagged;
    node.field = Field::kTags;
    node.operand = keep(pool_.literals, Literal((now_++)->text));
    tree_.leaf(node);
    return true;
  }

  bool read_missing() {
    if (!take(TokenKind::kLeftParen)) return unexpected("'(' was expected after 'missing'");
    Operand operand;
    if (now_->kind != TokenKind::kName) return unexpected("a field was expected");
    if (!read_operand(operand, {})) return false;
    if (!take(TokenKind::kRightParen)) return unexpected("')' was expected");
    tree_.leaf(field_test(Op::kMissing, operand));
    return true;
  }

  bool read_operand(Operand& out, std::string_view expected) {
    out.token = now_;
    out.literal = literal_of(*now_);
    if (!out.literal) {
      if (now_->kind != TokenKind::kName) return unexpected(expected);
      out.field = field_named(now_->text);
      if (out.field == Field::kAttribute) out.name = keep(pool_.names, now_->text);
    }
    ++now_;
    return true;
  }

  bool read_comparison(Operand left, Relation relation, const Token& op) {
    Operand right;
    if (!read_operand(right, kRightSideExpected)) return false;
    for (const Operand* side : {&left, &right}) {
      if (is_order(relation) && !side->is_field() &&
          (is_nil(*side->literal) || std::holds_alternative<bool>(*side->literal))) {
        return fail(*side->token, "found " + describe(*side->token) + " beside '" +
                                      std::string(op.source) +
                                      "' where a number, a \"string\" or a field was expected");
      }
    }
    if (!left.is_field() && right.is_field()) {
      std::swap(left, right);
      relation = mirrored(relation);
    }
    if (!left.is_field()) {
      tree_.constant(holds(Value::of(*left.literal), relation, Value::of(*right.literal)));
      return true;
    }
    if (is_tags(left) || (right.is_field() && is_tags(right))) {
      if (right.is_field() || !is_nil(*right.literal)) return list_refused(op);
    }
    add_comparison(left, relation, right);
    return true;
  }

  void add_comparison(const Operand& left, Relation relation, const Operand& right) {
    const std::size_t start = tree_.mark();
    if (!right.is_field() && is_nil(*right.literal)) {
      tree_.leaf(field_test(Op::kMissing, left));
      if (relation == Relation::kNotEqual) tree_.negate(start);
      return;
    }
    Node node = field_test(right.is_field() ? Op::kCompareFields : Op::kCompare, left);
    node.relation = relation;
    if (right.is_field()) {
      node.other_field = right.field;
      node.operand = right.name;
    } else {
      node.operand = keep(pool_.literals, *right.literal);
    }
    tree_.leaf(node);
  }

  bool read_pattern(const Operand& left) {
    const Token& op = *now_++;
    if (!left.is_field()) return literal_refused(left, op);
    if (is_tags(left)) return list_refused(op);
    if (is_numeric(left.field)) {
      return fail(op,
                  "found '" + std::string(op.source) + "' after '" +
                      std::string(to_string(left.field)) +
                      "', which is a number, where a comparison was expected (= != < <= > >= in)");
    }
    if (now_->kind != TokenKind::kString)
      return unexpected("a pattern as a \"string\" was expected");
    const Token& pattern = *now_++;
    if (op.kind == TokenKind::kLike) {
      Node node = field_test(Op::kLike, left);
      node.operand = keep(pool_.likes, LikePattern(pattern.text));
      tree_.leaf(node);
      return true;
    }
    return add_regex(left, pattern);
  }

  bool add_regex(const Operand& left, const Token& pattern) {
    if (pool_.regexes.size() == limits_.regexes) {
      return limit_at(pattern,
                      "more than " + std::to_string(limits_.regexes) + " regular expressions");
    }
    if (pattern.text.size() > limits_.regex_bytes) {
      return limit_at(pattern, "a regular expression of more than " +
                                   std::to_string(limits_.regex_bytes) + " bytes");
    }
    Result<Regex> regex = Regex::compile(pattern.text);
    if (!regex) {
      return fail(pattern,
                  "found " + describe(pattern) +
                      " where a regular expression was expected: " + regex.error().text,
                  regex.error().code);
    }
    Node node = field_test(Op::kRegex, left);
    node.operand = keep(pool_.regexes, *std::move(regex));
    tree_.leaf(node);
    return true;
  }

  bool read_in(const Operand& left) {
    const Token& op = *now_++;
    if (!left.is_field()) return literal_refused(left, op);
    if (is_tags(left)) return list_refused(op);
    if (!take(TokenKind::kLeftParen)) return unexpected("'(' was expected after 'in'");
    std::vector<Literal> items;
    do {
      std::optional<Literal> item = literal_of(*now_);
      if (!item) return unexpected("a number, a \"string\", true, false or nil was expected");
      if (!spend()) return false;
      items.push_back(*std::move(item));
      ++now_;
    } while (take(TokenKind::kComma));
    if (!take(TokenKind::kRightParen)) return unexpected("',' or ')' was expected");
    Node node = field_test(Op::kIn, left);
    node.operand = keep(pool_.lists, std::move(items));
    tree_.leaf(node);
    return true;
  }

  static bool is_tags(const Operand& field) noexcept { return field.field == Field::kTags; }

  static Node field_test(Op op, const Operand& field) noexcept {
    Node node;
    node.op = op;
    node.field = field.field;
    node.name = field.name;
    return node;
  }

  template <class T>
  static std::uint32_t keep(std::vector<T>& constants, T constant) {
    constants.push_back(std::move(constant));
    return static_cast<std::uint32_t>(constants.size() - 1);
  }

  bool take(TokenKind kind) {
    if (now_->kind != kind) return false;
    ++now_;
    return true;
  }

  bool expect_end() {
    if (now_->kind == TokenKind::kEnd) return true;
    return unexpected(after_predicate() + "the end was expected");
  }

  // What could have gone on, for the words of an error behind a finished predicate.
  [[nodiscard]] std::string after_predicate() const {
    return operator_could_follow_ ? "an operator (= != < <= > >= =~ ~= in, not in), 'and', 'or' or "
                                  : "'and', 'or' or ";
  }

  bool spend() {
    if (spent_++ < limits_.nodes) return true;
    return limit("more than " + std::to_string(limits_.nodes) + " tests and list items");
  }

  bool list_refused(const Token& op) {
    return fail(op, "found '" + std::string(op.source) +
                        "' with 'tags', which is a list: tagged \"x\", missing(tags) or a bare "
                        "'tags' was expected");
  }

  bool literal_refused(const Operand& left, const Token& op) {
    return fail(*left.token, "found " + describe(*left.token) + " before '" +
                                 std::string(op.source) + "' where a field was expected");
  }

  bool unexpected(std::string_view expected) {
    if (now_->kind == TokenKind::kInvalid) return fail(*now_, now_->text, now_->code);
    return fail(*now_, "found " + describe(*now_) + " where " + std::string(expected));
  }

  bool limit(std::string what) { return limit_at(*now_, std::move(what)); }

  bool limit_at(const Token& token, std::string what) {
    return fail(token, "found " + std::move(what) + ", which is the most that is allowed",
                Errc::kLimit);
  }

  bool fail(const Token& token, std::string text, Errc code = Errc::kSyntax) {
    error_ = Error{code, position(text_, token.offset), std::move(text)};
    return false;
  }

  // Fixed after construction.
  const std::string_view text_;
  const Limits& limits_;
  const std::vector<Token> tokens_;

  const Token* now_;  // next to be read; never beyond the last, which nothing consumes
  Pool pool_;
  TreeBuilder tree_;
  std::size_t spent_ = 0;
  bool operator_could_follow_ = false;  // what was read last is a bare value
  std::optional<Error> error_;
};

}  // namespace

Result<Program> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.text_bytes) {
    return Error{Errc::kLimit, "1:1",
                 "found " + std::to_string(text.size()) + " bytes where at most " +
                     std::to_string(limits.text_bytes) + " were expected"};
  }
  return Parser(text, limits).run();
}

}  // namespace tocsin::query
