#include "src/rules/grok/engine/syntax_tree.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace tocsin::rules::grok::engine {
namespace {

// The bytes of a set, without the unprintable ones.
std::string shown(const ByteSet& set) {
  std::string text;
  for (std::size_t byte = ' '; byte < 0x7F; ++byte) {
    if (set[byte]) text += static_cast<char>(byte);
  }
  return text.size() > 20 ? std::to_string(set.count()) : text;
}

std::string shown(const Node& node);

std::string children_of(const Node& node) {
  std::string text = "(";
  for (const Node* child : node.children) text += (text.size() > 1 ? " " : "") + shown(*child);
  return text + ")";
}

std::string shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kSet:
      return "[" + shown(node.set) + "]";
    case Node::Kind::kSequence:
      return "seq" + children_of(node);
    case Node::Kind::kAlternation:
      return "alt" + children_of(node);
    case Node::Kind::kRepeat: {
      const std::string most = node.most == Node::kUnbounded ? "" : std::to_string(node.most);
      const char* const greeds[] = {"", "?", "+"};
      return "rep" + std::to_string(node.least) + "-" + most +
             greeds[static_cast<int>(node.greed)] + children_of(node);
    }
    case Node::Kind::kCapture:
      return "cap" + std::to_string(node.group) + children_of(node);
    case Node::Kind::kAtomic:
      return "atom" + children_of(node);
    case Node::Kind::kAhead:
      return std::string(node.negated ? "not" : "") + "ahead" + children_of(node);
    case Node::Kind::kBehind:
      return std::string(node.negated ? "not" : "") + "behind" + children_of(node);
    case Node::Kind::kAssertion:
      return "assert" + std::to_string(static_cast<int>(node.assertion));
    case Node::Kind::kOpaque:
      break;
  }
  return "opaque";
}

std::string read(std::string_view written, Encoding encoding = Encoding::kAscii) {
  const auto tree = SyntaxTree::read(written, encoding);
  return tree ? shown(tree->root()) : "unread";
}

TEST_CASE("every construct that the dialect writes becomes a node") {
  const std::pair<const char*, const char*> rows[] = {
      {"", "seq()"},
      {"ab", "seq([a] [b])"},
      {"a|b|", "alt([a] [b] seq())"},
      {"(a)(?:b)(?>c)", "seq(cap1([a]) [b] atom([c]))"},
      {"(?=a)(?!b)(?<=c)(?<!d)", "seq(ahead([a]) notahead([b]) behind([c]) notbehind([d]))"},
      {"a*b+c?d{2}e{2,}f{2,3}",
       "seq(rep0-([a]) rep1-([b]) rep0-1([c]) rep2-2([d]) rep2-([e]) rep2-3([f]))"},
      {"a*?b++c{1,2}?", "seq(rep0-?([a]) rep1-+([b]) rep1-2?([c]))"},
      {"[a-c\\-x]", "[-abcx]"},
      {"[^\\x{0}-\\/\\:-\\x{7f}]", "[0123456789]"},
      {"\\.\\x41\\x{42}", "seq([.] [A] [B])"},
      {"^$\\A\\z\\Z\\b\\B", "seq(assert3 assert4 assert0 assert1 assert2 assert5 assert6)"},
      {".(?-s:.)", "seq([128] [127])"},
      {"(?i-s:a[b]1)c", "seq(seq([Aa] [Bb] [1]) [c])"},
      {"(?i:a(?-i:b))", "seq([Aa] [b])"},
      {"\\g{1}", "opaque"},
      {"(?1)(?R)", "seq(opaque opaque)"},
      {"(?(1)(a)|b)(c)", "seq(opaque cap2([c]))"},
      {"(?(?<=[a])(?!b)|(?=c))d", "seq(opaque [d])"},
      {"\\K\\R", "seq(opaque opaque)"},
  };
  for (const auto& [written, expected] : rows) {
    CAPTURE(std::string(written));
    CHECK(read(written) == expected);
  }
}

TEST_CASE("of the text for UTF only literals are known") {
  CHECK(read("a\\x{e4}[b]", Encoding::kUtf) != "unread");
  const auto tree = SyntaxTree::read("a\\x{e4}", Encoding::kUtf);
  REQUIRE(tree);
  const Node& character = *tree->root().children.back();
  REQUIRE(character.children.size() == 2);
  CHECK(character.children[0]->set[0xC3]);
  CHECK(character.children[1]->set[0xA4]);
  CHECK(read("[a\\p{L}].", Encoding::kUtf) == "seq(opaque opaque)");
  CHECK(read("(?i:as)", Encoding::kUtf) == "seq([Aa] opaque)");
  CHECK(read("(?i:\\x{e4})", Encoding::kUtf) == "opaque");
}

TEST_CASE("what the dialect does not write is not read") {
  for (const char* text : {"(a", "a)", "[a", "a{2", "a{x}", "\\x{zz}", "(?P<n>a)", "\\"}) {
    CAPTURE(std::string(text));
    CHECK(read(text) == "unread");
  }
  CHECK(read(std::string(2000, '(') + std::string(2000, ')')) == "unread");
}

TEST_CASE("a tree that is moved keeps its nodes") {
  auto tree = SyntaxTree::read("ab", Encoding::kAscii);
  REQUIRE(tree);
  const Node* const root = &tree->root();
  const SyntaxTree moved = *std::move(tree);
  CHECK(&moved.root() == root);
  CHECK(shown(moved.root()) == "seq([a] [b])");
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
