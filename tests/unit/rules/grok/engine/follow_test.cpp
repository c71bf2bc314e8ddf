#include "src/rules/grok/engine/follow.hpp"

#include <doctest/doctest.h>

#include <ostream>
#include <string>
#include <string_view>

#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {
namespace {

SyntaxTree tree_of(std::string_view written) {
  auto tree = SyntaxTree::read(written, Encoding::kAscii);
  REQUIRE(tree);
  return *std::move(tree);
}

ByteSet bytes(std::string_view text) {
  ByteSet set;
  for (const char c : text) set.set(index_of(c));
  return set;
}

// What may come first where only '!' may come behind.
Follow before_bang(std::string_view written) {
  const SyntaxTree tree = tree_of(written);
  return before(tree.root(), {bytes("!"), bytes("!"), false});
}

TEST_CASE("the bytes that may come next are known") {
  const std::pair<const char*, const char*> rows[] = {
      {"ab", "a"},         {"a|b", "ab"},           {"a?b", "ab"},          {"a*", "a!"},
      {"a+", "a"},         {"(?:a|)", "a!"},        {"(a?)(b)", "ab"},      {"(?>a?)", "a!"},
      {"(?=a)[abc]", "a"}, {"(?!a)[abc]", "bc"},    {"(?!ab)[abc]", "abc"}, {"(?<=x)a", "a"},
      {"(?:(?!))", ""},    {"(?:a?b?){2}c", "abc"}, {"a{0}", "!"},
  };
  for (const auto& [written, expected] : rows) {
    CAPTURE(std::string(written));
    CHECK(before_bang(written).first == bytes(expected));
  }
}

TEST_CASE("anchors speak of the next byte") {
  ByteSet end;
  end.set(kEndOfText);
  const SyntaxTree line_end = tree_of("$");
  CHECK(before(line_end.root(), Follow::anything()).first == (end | bytes("\n")));
  const SyntaxTree text_end = tree_of("\\z");
  CHECK(before(text_end.root(), Follow::anything()).first == end);
}

TEST_CASE("a boundary behind a word byte lets no word byte come next") {
  const SyntaxTree tree = tree_of("\\b[a\\-]");
  const Follow follow = before(tree.root(), Follow::anything());
  CHECK(follow.first == bytes("a-"));
  CHECK(follow.after_word == bytes("-"));
}

TEST_CASE("repeats of repeats of what may be empty are seen through, however many they are") {
  std::string written = "\\b[ab]?";
  for (int level = 0; level < 200; ++level) written = "(?:" + written + ")+";
  CHECK(before_bang(written + "c").first == bytes("abc"));
  CHECK(before_bang(written).first == bytes("ab!"));
}

TEST_CASE("what cannot fail is certain") {
  const auto certain = [](const char* written) {
    const SyntaxTree tree = tree_of(written);
    return before(tree.root(), Follow::anything()).certain;
  };
  CHECK(certain(""));
  CHECK(certain("a*"));
  CHECK(certain("(?:ab)?(c*)"));
  CHECK(certain("(?:ab|)"));
  CHECK_FALSE(certain("a"));
  CHECK_FALSE(certain("a+"));
  CHECK_FALSE(certain("a*\\b"));
  CHECK_FALSE(certain("(?=)"));
}

TEST_CASE("emptiness, length and bytes of a match") {
  CHECK(is_nullable(tree_of("a*(?:b|)").root()));
  CHECK_FALSE(is_nullable(tree_of("a*b").root()));
  CHECK(fixed_length(tree_of("a(?:bc|de)[f]{2}\\b").root()) == 5);
  CHECK_FALSE(fixed_length(tree_of("a?b").root()).has_value());
  CHECK_FALSE(fixed_length(tree_of("a|bc").root()).has_value());
  CHECK(consumed_bytes(tree_of("(a|b)*(?=x)(?<!y)c").root()) == bytes("abc"));
  CHECK(has_capture(tree_of("a(?:(b))").root()));
  CHECK_FALSE(has_capture(tree_of("a(?:b)").root()));
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
