#include "src/rules/grok/explain/outline.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tocsin::rules::grok::explain {
namespace {

// "begin:group.branch.order" of each item, then "l" for a literal and "a" within an assertion.
std::string told(std::string_view written) {
  const Outline outline(written);
  std::string text;
  for (const Outline::Item& item : outline.items()) {
    text += (text.empty() ? "" : " ") + std::to_string(item.begin) + ":";
    text += item.group == Outline::kNone ? "-" : std::to_string(item.group);
    text += "." + std::to_string(item.branch) + "." + std::to_string(item.order);
    text += std::string(item.literal ? "l" : "") + (item.inside_assertion ? "a" : "");
  }
  return text;
}

TEST_CASE("items stand behind each other, in branches of groups") {
  CHECK(told("ab") == "0:-.0.0l 1:-.0.1l");
  CHECK(told("(a|bc)\\[x+") == "0:-.0.0 1:0.0.0l 3:0.1.0l 4:0.1.1l 6:-.0.1l 8:-.0.2");
  CHECK(told("a|b") == "0:-.0.0l 2:-.1.0l");
}

TEST_CASE("sets, escapes and quantifiers are parts of one item") {
  CHECK(told("[a\\]\\[|)]{2,3}?\\x{e9}\\x0a\\p{L}\\Ab") ==
        "0:-.0.0 15:-.0.1l 21:-.0.2l 25:-.0.3 30:-.0.4 32:-.0.5l");
  CHECK(told("(?>a++)*(?-is:.)?+b") == "0:-.0.0 3:0.0.0 8:-.0.1 14:2.0.0 18:-.0.2l");
}

TEST_CASE("what an assertion looks at is marked, and no branch of the expression") {
  CHECK(told("(?<![0-9])a(?=b|c)") == "0:-.0.0 4:0.0.0a 10:-.0.1l 11:-.0.2 14:3.0.0la 16:3.1.0la");
  CHECK(told("(?(?<=[a])(?![a])|(?=[a]))x") ==
        "0:-.0.0 2:0.0.0a 6:1.0.0a 10:0.0.1a 13:3.0.0a 18:0.1.0a 21:5.0.0a 26:-.0.1l");
  CHECK(told("(?(1)a|b)(?1)c") == "0:-.0.0 5:0.0.0la 7:0.1.0la 9:-.0.1 13:-.0.2l");
}

TEST_CASE("behind each other the later item is further on, wherever in the line") {
  const Outline outline("a(bc)d");  // items a ( b c d
  CHECK(outline.is_further({4, 0}, {0, 9}));
  CHECK_FALSE(outline.is_further({0, 9}, {4, 0}));
  CHECK(outline.is_further({3, 0}, {2, 9}));
  CHECK(outline.is_further({2, 0}, {1, 0}));        // within it is further than before it
  CHECK_FALSE(outline.is_further({2, 9}, {2, 0}));  // the first counts
}

TEST_CASE("in different branches it counts how far the line was read") {
  const Outline outline("(ab|c)d");  // items ( a b c d
  CHECK(outline.is_further({3, 5}, {2, 4}));
  CHECK_FALSE(outline.is_further({3, 4}, {2, 4}));
  CHECK(outline.is_further({1, 6}, {2, 4}));
  CHECK(outline.is_further({4, 0}, {2, 4}));
  const Outline top("ab|c");
  CHECK(top.is_further({2, 5}, {1, 4}));
}

TEST_CASE("what was passed is counted in all groups around an item") {
  const Outline outline("ab(c|de)f");  // items a b ( c d e f
  CHECK(outline.passed(0) == 0);
  CHECK(outline.passed(5) == 3);
  CHECK(outline.passed(6) == 3);
}

TEST_CASE("where no item begins there is none") {
  const Outline outline("(a)+");
  CHECK(outline.item_at(0) == 0);
  CHECK(outline.item_at(2) == Outline::kNone);
  CHECK(outline.item_at(4) == Outline::kNone);
}

}  // namespace
}  // namespace tocsin::rules::grok::explain
