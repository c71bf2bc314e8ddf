#include "src/rules/grok/engine/syntax_tree.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

namespace tocsin::rules::grok::engine {
namespace {

constexpr std::uint32_t kLastAscii = 0x7F;

struct Options {
  bool ignore_case = false;
  bool dot_all = true;
};

constexpr std::size_t kNowhere = std::string_view::npos;

std::uint32_t code_of(char c) {
  return static_cast<unsigned char>(c);
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

ByteSet set_of(char byte) {
  ByteSet set;
  set.set(index_of(byte));
  return set;
}

void append_utf8(std::uint32_t code, std::string& out) {
  if (code <= kLastAscii) {
    out.push_back(static_cast<char>(code));
    return;
  }
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const std::uint32_t lead = more == 1 ? 0xC0 : more == 2 ? 0xE0 : 0xF0;
  out.push_back(static_cast<char>(lead | code >> 6 * more));
  for (int i = more - 1; i >= 0; --i) {
    out.push_back(static_cast<char>(0x80 | (code >> 6 * i & 0x3F)));
  }
}

class Reader {
 public:
  Reader(std::string_view text, Encoding encoding, SyntaxTree& tree)
      : text_(text), encoding_(encoding), tree_(tree) {}

  // Null: not what the dialect writes.
  const Node* run() {
    const Node& root = alternation({}, 0);
    return failed_ || at_ != text_.size() ? nullptr : &root;
  }

 private:
  [[nodiscard]] bool sees(std::string_view text) const {
    return text_.substr(at_).starts_with(text);
  }
  bool take(std::string_view text) {
    const bool there = sees(text);
    if (there) at_ += text.size();
    return there;
  }
  char take_one() {
    if (at_ < text_.size()) return text_[at_++];
    fail();
    return '\0';
  }
  // Nothing is left to read, so that every loop ends.
  void fail() {
    failed_ = true;
    at_ = text_.size();
  }

  const Node& add(Node::Kind kind, std::vector<const Node*> children = {}) {
    Node node;
    node.kind = kind;
    node.children = std::move(children);
    return tree_.add(std::move(node));
  }
  const Node& add_set(const ByteSet& set) {
    Node node;
    node.kind = Node::Kind::kSet;
    node.set = set;
    return tree_.add(std::move(node));
  }
  const Node& add_assertion(Assertion assertion) {
    Node node;
    node.kind = Node::Kind::kAssertion;
    node.assertion = assertion;
    return tree_.add(std::move(node));
  }
  const Node& add_opaque() { return add(Node::Kind::kOpaque); }

  // Up to ')' or the end, which is not passed.
  const Node& alternation(const Options& options, int depth) {
    if (depth > kMostNesting) fail();
    std::vector<const Node*> branches;
    do {
      branches.push_back(&sequence(options, depth));
    } while (take("|"));
    return branches.size() == 1 ? *branches.front()
                                : add(Node::Kind::kAlternation, std::move(branches));
  }

  const Node& sequence(const Options& options, int depth) {
    std::vector<const Node*> items;
    while (at_ < text_.size() && !sees("|") && !sees(")")) {
      items.push_back(&quantified(atom(options, depth)));
    }
    return items.size() == 1 ? *items.front() : add(Node::Kind::kSequence, std::move(items));
  }

  const Node& quantified(const Node& atom) {
    Node node;
    node.kind = Node::Kind::kRepeat;
    node.children = {&atom};
    if (take("*")) {
    } else if (take("+")) {
      node.least = 1;
    } else if (take("?")) {
      node.most = 1;
    } else if (take("{")) {
      node.least = number();
      if (!sees("}"))
        node.most = take(",") && sees("}") ? Node::kUnbounded : number();
      else
        node.most = node.least;
      if (!take("}")) fail();
    } else {
      return atom;
    }
    if (take("?"))
      node.greed = Node::Greed::kLazy;
    else if (take("+"))
      node.greed = Node::Greed::kPossessive;
    return tree_.add(std::move(node));
  }

  std::uint32_t number() {
    std::uint32_t value = 0;
    const auto parsed = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (parsed.ec != std::errc()) {
      fail();
    } else {
      at_ = static_cast<std::size_t>(parsed.ptr - text_.data());
    }
    return value;
  }

  const Node& atom(const Options& options, int depth) {
    if (take("(")) return group(options, depth);
    if (take("[")) return bracket(options);
    if (take("\\")) return escape(options);
    if (take(".")) {
      ByteSet all = ascii_bytes();
      if (!options.dot_all) all.reset('\n');
      return encoding_ == Encoding::kAscii ? add_set(all) : add_opaque();
    }
    if (take("^")) return add_assertion(Assertion::kLineStart);
    if (take("$")) return add_assertion(Assertion::kLineEnd);
    return literal(code_of(take_one()), options);
  }

  const Node& literal(std::uint32_t code, const Options& options) {
    if (code > kLastAscii && (encoding_ == Encoding::kAscii || options.ignore_case)) {
      return add_opaque();
    }
    const char c = static_cast<char>(code);
    if (options.ignore_case && is_letter(c)) {
      // Letters beyond ASCII are other cases of these two.
      const bool more = encoding_ == Encoding::kUtf && std::string_view("sSkK").find(c) != kNowhere;
      return more ? add_opaque() : add_set(set_of(c) | set_of(static_cast<char>(c ^ 0x20)));
    }
    std::string bytes;
    append_utf8(code, bytes);
    if (bytes.size() == 1) return add_set(set_of(bytes.front()));
    std::vector<const Node*> items;
    for (const char byte : bytes) items.push_back(&add_set(set_of(byte)));
    return add(Node::Kind::kSequence, std::move(items));
  }

  std::uint32_t hexadecimal(std::size_t most_digits) {
    std::uint32_t value = 0;
    const std::size_t end = std::min(text_.size(), at_ + most_digits);
    const auto parsed = std::from_chars(text_.data() + at_, text_.data() + end, value, 16);
    if (parsed.ec != std::errc())
      fail();
    else
      at_ = static_cast<std::size_t>(parsed.ptr - text_.data());
    return value;
  }

  // Behind "\x".
  std::uint32_t code_point() {
    if (!take("{")) return hexadecimal(2);
    const std::uint32_t code = hexadecimal(8);
    if (!take("}")) fail();
    return code;
  }

  const Node& escape(const Options& options) {
    const char letter = take_one();
    switch (letter) {
      case 'A':
        return add_assertion(Assertion::kTextStart);
      case 'z':
        return add_assertion(Assertion::kTextEnd);
      case 'Z':
        return add_assertion(Assertion::kLastLine);
      case 'b':
        return add_assertion(Assertion::kWordBoundary);
      case 'B':
        return add_assertion(Assertion::kNoWordBoundary);
      case 'x':
        return literal(code_point(), options);
      case 'g':
        if (!take("{")) fail();
        skip_to('}');
        return add_opaque();
      default:
        break;
    }
    if (is_letter(letter)) return add_opaque();  // \K \R \X
    return literal(code_of(letter), options);
  }

  void skip_to(char end) {
    const std::size_t found = text_.find(end, at_);
    if (found == kNowhere) return fail();
    at_ = found + 1;
  }

  // Behind '['. Everything in it that is no letter or digit is escaped.
  const Node& bracket(const Options& options) {
    const bool negated = take("^");
    ByteSet set;
    bool known = encoding_ == Encoding::kAscii;
    while (!failed_ && !take("]")) {
      if (sees("\\p") || sees("\\P")) {
        known = false;
        skip_to('}');
        continue;
      }
      const std::uint32_t first = bracket_item();
      const std::uint32_t last = take("-") ? bracket_item() : first;
      known = known && last <= kLastAscii;
      if (known) set |= byte_range(static_cast<char>(first), static_cast<char>(last));
    }
    if (!known) return add_opaque();
    if (options.ignore_case) set = with_both_cases(set);
    return add_set(negated ? ascii_bytes() & ~set : set);
  }

  std::uint32_t bracket_item() {
    if (take("\\x")) return code_point();
    take("\\");
    return code_of(take_one());
  }

  static ByteSet with_both_cases(ByteSet set) {
    for (char upper = 'A'; upper <= 'Z'; ++upper) {
      const std::size_t one = index_of(upper);
      const std::size_t other = index_of(static_cast<char>(upper ^ 0x20));
      if (set[one] || set[other]) set.set(one).set(other);
    }
    return set;
  }

  // Behind '('.
  const Node& group(const Options& options, int depth) {
    Node node;
    node.kind = Node::Kind::kCapture;
    if (!take("?")) {
      node.group = ++groups_;
      return closed(std::move(node), options, depth);
    }
    if (take("(")) return condition(options, depth);
    if (take("<=") || take("<!")) {
      node.kind = Node::Kind::kBehind;
      node.negated = text_[at_ - 1] == '!';
    } else if (take("=") || take("!")) {
      node.kind = Node::Kind::kAhead;
      node.negated = text_[at_ - 1] == '!';
    } else if (take(">")) {
      node.kind = Node::Kind::kAtomic;
    } else if (sees("R") || (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')) {
      skip_to(')');
      return add_opaque();
    } else {
      return with_options(options, depth);
    }
    return closed(std::move(node), options, depth);
  }

  const Node& closed(Node node, const Options& options, int depth) {
    node.children = {&alternation(options, depth + 1)};
    if (!take(")")) fail();
    return tree_.add(std::move(node));
  }

  // Behind "(?": option letters, a colon and the group.
  const Node& with_options(Options options, int depth) {
    bool on = true;
    while (!failed_ && !take(":")) {
      const char letter = take_one();
      if (letter == '-') {
        on = false;
      } else if (letter == 'i') {
        options.ignore_case = on;
      } else if (letter == 's') {
        options.dot_all = on;
      } else {
        fail();
      }
    }
    const Node& inner = alternation(options, depth + 1);
    if (!take(")")) fail();
    return inner;
  }

  // Behind "(?(": a number or an assertion, then one or two branches.
  const Node& condition(const Options& options, int depth) {
    if (sees("?")) {
      group(options, depth);
    } else {
      skip_to(')');
    }
    alternation(options, depth + 1);
    if (!take(")")) fail();
    return add_opaque();
  }

  const std::string_view text_;
  const Encoding encoding_;
  SyntaxTree& tree_;
  std::size_t at_ = 0;
  std::uint32_t groups_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<SyntaxTree> SyntaxTree::read(std::string_view written, Encoding encoding) {
  SyntaxTree tree;
  tree.root_ = Reader(written, encoding, tree).run();
  if (tree.root_ == nullptr) return {};
  return tree;
}

}  // namespace tocsin::rules::grok::engine
