#include "src/query/anchor.hpp"

#include <doctest/doctest.h>

#include <string>

#include "src/query/parser.hpp"

using namespace tocsin::query;

namespace {

// The keys as "s=text", "h=", "s^" (prefix), "h^", "s$" (suffix), "h$", "t=", with blanks between;
// "-" for no anchor.
std::string anchor(const char* text) {
  const auto program = parse(text, {});
  REQUIRE(program.has_value());
  const Anchor found = find_anchor(*program);
  if (!found) return "-";
  constexpr const char* kMarks[] = {"s=", "h=", "s^", "h^", "s$", "h$", "t="};
  std::string keys;
  for (const AnchorKey& key : *found) {
    keys += (keys.empty() ? "" : " ") + std::string(kMarks[static_cast<int>(key.kind)]);
    keys += key.text;
  }
  return keys;
}

}  // namespace

TEST_CASE("an anchor is what must hold of service, host or tags") {
  struct Row {
    const char* text;
    const char* keys;
  };
  const Row rows[] = {
      {"service = 'a'", "s=a"},
      {"'a' = host", "h=a"},
      {"service in ('a', 'b')", "s=a s=b"},
      {"service =~ 'a.%.b'", "s^a."},
      {"service =~ 'a.b'", "s=a.b"},
      {"host =~ 'web-%'", "h^web-"},
      {"service =~ '%.p99'", "s$.p99"},
      {"host =~ '%.example.com'", "h$.example.com"},
      {"service =~ '%.p99' and service =~ 'a.%'", "s^a."},
      {"service =~ '%.p99' and tagged 'prod'", "s$.p99"},
      {"tagged 'prod'", "t=prod"},
      {"metric > 3 and service = 'a'", "s=a"},
      {"service = 'a' or host = 'b'", "s=a h=b"},
      {"(service = 'a' or host = 'b') and metric > 3", "s=a h=b"},
      {"tagged 'prod' and service =~ 'a%'", "s^a"},
      {"service =~ 'a%' and host = 'b'", "h=b"},
      {"service in ('a', 'b') and service in ('a')", "s=a"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(anchor(row.text) == row.keys);
  }
}

TEST_CASE("what other texts or no text can satisfy is no anchor") {
  for (const char* text :
       {"metric > 3", "not service = 'a'", "service != 'a'", "service = 'a' or metric > 3",
        "service =~ '%a%'", "service =~ '%'", "service ~= '^a'", "service = 5",
        "service in ('a', 5)", "service in ('a', nil)", "service = host", "env = 'a'",
        "service < 'a'", "service"}) {
    CAPTURE(text);
    CHECK(anchor(text) == "-");
  }
}
