#include "src/settings/yaml.hpp"

#include <doctest/doctest.h>

#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::settings {
namespace {

NodePtr parsed(std::string_view text) {
  Complaints complaints("f");
  const auto root = parse_yaml(text, tests::empty_environment, complaints);
  REQUIRE(complaints.empty());
  REQUIRE(root);
  return *root;
}

TEST_CASE("nodes know their kind and their place") {
  const NodePtr root = parsed("a: 1\nb: [x, {y: z}]\nc:\n  - ~\nd:\n");
  REQUIRE(root->entries.size() == 4);
  CHECK(root->entries[0].key == "a");
  CHECK(root->entries[0].value->text() == "1");
  CHECK(root->entries[0].value->position == Position{1, 4});
  const Node& list = *root->entries[1].value;
  CHECK(list.kind == Node::Kind::kList);
  CHECK(list.position == Position{2, 4});
  CHECK(list.items[1]->entries[0].position == Position{2, 9});
  CHECK(root->entries[2].value->items[0]->kind == Node::Kind::kNull);
  CHECK(root->entries[2].value->items[0]->position == Position{4, 5});
  CHECK(root->entries[3].value->kind == Node::Kind::kNull);
  CHECK(root->entries[3].value->position == Position{5, 1});
}

TEST_CASE("an empty document is one null node") {
  for (const char* text : {"", "# only a comment\n", "---\n", "\xEF\xBB\xBF"}) {
    CAPTURE(text);
    CHECK(parsed(text)->kind == Node::Kind::kNull);
  }
}

TEST_CASE("a quoted null is text") {
  CHECK(parsed("a: 'null'")->entries[0].value->kind == Node::Kind::kScalar);
  CHECK(parsed("a: \"~\"")->entries[0].value->text() == "~");
}

TEST_CASE("an alias is the node that it names") {
  const NodePtr root = parsed("a: &x [1, 2]\nb: *x\n");
  CHECK(root->entries[0].value == root->entries[1].value);
}

TEST_CASE("aliases cannot multiply a small file into a large tree") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'h'; ++name) {
    const std::string before = "*" + std::string(1, static_cast<char>(name - 1));
    bomb += std::string(1, name) + ": &" + std::string(1, name) + " [";
    for (int i = 0; i < 8; ++i) bomb += (i > 0 ? ", " : "") + before;
    bomb += "]\n";
  }
  Complaints complaints("f");
  CHECK_FALSE(parse_yaml(bomb, tests::empty_environment, complaints));
  const auto errors = complaints.take();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].code == Errc::kLimit);
}

TEST_CASE("a file beyond a mebibyte is refused unread") {
  Complaints complaints("f");
  CHECK_FALSE(parse_yaml(std::string((1U << 20U) + 1, '#'), tests::empty_environment, complaints));
  CHECK(complaints.take().at(0).message() ==
        "f:1:1: found a file of 1048577 bytes, expected at most 1048576");
}

TEST_CASE("reading goes on after a duplicate key and an unset variable") {
  Complaints complaints("f");
  const auto root =
      parse_yaml("a: 1\na: 2\nb: ${NO}\nb: 3\n", tests::empty_environment, complaints);
  REQUIRE(root);
  CHECK((*root)->entries.size() == 2);
  CHECK((*root)->entries[0].value->text() == "1");
  CHECK((*root)->entries[1].value->kind == Node::Kind::kFaulty);
  const auto errors = complaints.take();
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].where == "f:2:1");
  CHECK(errors[0].text == "found the key 'a' again, expected it once (first at f:1:1)");
  CHECK(errors[1].where == "f:3:4");
  CHECK(errors[2].where == "f:4:1");
}

TEST_CASE("columns count characters, not bytes") {
  const NodePtr root = parsed("{größe: 1, b: 2}");
  CHECK(root->entries[1].position == Position{1, 12});
}

TEST_CASE("keys are not expanded") {
  CHECK(parsed("${A}: 1")->entries[0].key == "${A}");
}

}  // namespace
}  // namespace tocsin::settings
