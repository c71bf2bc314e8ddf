#include "src/rules/grok/explain/source_item.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok::explain {
namespace {

TEST_CASE("an item ends behind its quantifiers") {
  CHECK(source_item("abc", 1) == "b");
  CHECK(source_item("[0-9]+ x", 0) == "[0-9]+");
  CHECK(source_item("\\d{1,3}?x", 0) == "\\d{1,3}?");
  CHECK(source_item("\\p{Alpha}*x", 0) == "\\p{Alpha}*");
  CHECK(source_item("x?+y", 0) == "x?+");
  CHECK(source_item("\xC3\xA9!", 0) == "\xC3\xA9");
  CHECK(source_item("\\k<a>b", 0) == "\\k<a>");
}

TEST_CASE("a group is one item, whatever it holds") {
  CHECK(source_item("(?:a|(b))?c", 0) == "(?:a|(b))?");
  CHECK(source_item("(\\)[)]a)b", 0) == "(\\)[)]a)");
  CHECK(source_item("[a[bc)]]+(", 0) == "[a[bc)]]+");
}

TEST_CASE("at the end there is nothing") {
  CHECK(source_item("a", 1).empty());
}

}  // namespace
}  // namespace tocsin::rules::grok::explain
