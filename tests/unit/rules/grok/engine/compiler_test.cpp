#include "src/rules/grok/engine/compiler.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {
namespace {

using Kind = Operation::Kind;

std::optional<Compiled> compiled(std::string_view written) {
  auto tree = SyntaxTree::read(written, Encoding::kAscii);
  REQUIRE(tree);
  return compile(*tree);
}

std::size_t count(const Compiled& program, std::initializer_list<Kind> kinds) {
  const auto& all = program.tables.operations;
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Operation& o) {
    return std::find(kinds.begin(), kinds.end(), o.kind) != kinds.end();
  }));
}

// Operations that push frames whenever they are done.
std::size_t choices(std::string_view written) {
  const auto program = compiled(written);
  REQUIRE(program);
  return count(*program, {Kind::kRunBack, Kind::kRunLazy, Kind::kWays});
}

TEST_CASE("a run before a byte that it cannot hold is never given back") {
  CHECK(choices("[0-9]+ x") == 0);
  CHECK(choices("[0-9]*?\\.x") == 0);
  CHECK(choices("\\b[0-9A-Z\\_a-z]+\\b\\-x") == 0);
  CHECK(choices("[0-9]+1") == 1);
  CHECK(choices(".*x") == 1);
}

TEST_CASE("nothing is given back where nothing behind can fail") {
  CHECK(choices("a(.*)") == 0);
  CHECK(choices("a(.*?)") == 0);
  CHECK(choices("(?>[0-9]+)1") == 0);
  CHECK(choices("a[0-9]+(?:\\.[0-9]+)?") == 1);  // the fraction alone, behind a dot
}

TEST_CASE("branches are told apart by their bytes") {
  CHECK(choices("(?:Jan|Feb|Jun|Jul) ") == 0);
  CHECK(choices("(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})\\.") == 1);  // the [01]? alone
  CHECK(choices("(?:.*a|.*b)c") == 3);
}

TEST_CASE("frames of what has one end are dropped behind it") {
  const auto cut = [](const char* written) {
    const auto program = compiled(written);
    REQUIRE(program);
    return count(*program, {Kind::kCut}) > 0;
  };
  CHECK(cut("(?:(?:a|ab)b?c?|z) x"));
  CHECK_FALSE(cut("(?:(?:a|ab)b?c?)bx"));
  CHECK(cut("(?>a|ab)bx"));
}

TEST_CASE("a run, its capture and the byte behind it are one operation") {
  const auto program = compiled("([0-9]+) ([a-z]+);");
  REQUIRE(program);
  CHECK(count(*program, {Kind::kRun}) == 2);
  CHECK(count(*program, {Kind::kSave}) == 0);
  const Operation& first = program->tables.operations[program->start];
  CHECK(first.kind == Kind::kRun);
  CHECK(first.capture == 2);
  CHECK(first.byte == ' ');
}

TEST_CASE("counted repeats are counted when there are many") {
  const auto few = compiled("(?:ab){3}");
  const auto many = compiled("(?:ab){40}");
  REQUIRE(few);
  REQUIRE(many);
  CHECK(count(*few, {Kind::kTurn}) == 0);
  CHECK(count(*many, {Kind::kTurn}) == 1);
}

TEST_CASE("what has no operation is refused") {
  for (const char* written :
       {"\\g{1}(a)", "(?R)?a", "(?:a*)*b", "(?!(a))b", "(?<=a|bc)d", "\\Ka", "(?:ab){2,40}?c"}) {
    CAPTURE(std::string(written));
    CHECK_FALSE(compiled(written).has_value());
  }
  CHECK(compiled("(?:a*){3}b").has_value());
  CHECK(compiled("(?=(a))b").has_value());
}

TEST_CASE("what takes too many operations is refused") {
  std::string written;
  for (int i = 0; i < 20'000; ++i) written += "[ab][cd]";
  CHECK_FALSE(compiled(written).has_value());
}

TEST_CASE("literals that every match holds are pivots, the rarest of them") {
  const auto program = compiled("(a*) \\[(b)\\] \\\"(?:x|=\\:=)y*\\\" (\\(\\)z)");
  REQUIRE(program);
  std::string literals;
  for (const Pivot& pivot : program->pivots) {
    literals += pivot.literal + "~";
    CHECK(pivot.rarest < pivot.literal.size());
    CHECK(pivot.rest < program->tables.operations.size());
  }
  CHECK(literals == " [~] \"~\" ~()z~");
  CHECK(compiled("(?:ab|cd)")->pivots.empty());
  CHECK(compiled("(?:ab)?\\ ")->pivots.empty());
}

TEST_CASE("where a match may begin is known") {
  CHECK(compiled("\\Aa")->begin == Begin::kTextStart);
  CHECK(compiled("(.*?)a")->begin == Begin::kTextStart);
  CHECK(compiled("^a|^b")->begin == Begin::kLineStarts);
  CHECK(compiled("(?-s:.*)a")->begin == Begin::kAnywhere);
  CHECK(compiled("(?>.*)a")->begin == Begin::kAnywhere);
  CHECK(compiled("a")->begin == Begin::kAnywhere);
}

TEST_CASE("prefixes are kept where they are rare") {
  CHECK(compiled("\\b(?:Jan|Feb) ")->prefixes.size() == 2);
  CHECK(compiled("[0-9a-z]+ ")->prefixes.empty());
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
