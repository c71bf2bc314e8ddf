#include "src/settings/complaints.hpp"

#include <doctest/doctest.h>

#include "src/settings/load.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::settings {
namespace {

TEST_CASE("very many errors are cut short, and it is said") {
  std::string text;
  for (int i = 0; i < 150; ++i) text += "unknown_key_" + std::to_string(i) + ": 1\n";
  const auto result = parse_settings(text, "t.yaml", tests::empty_environment);
  REQUIRE(result.errors.size() == 101);
  CHECK(result.errors.back().text == "50 more errors in this file are not shown");
}

TEST_CASE("complaints come in the order of the file, those of one place as they were made") {
  Complaints complaints("f");
  complaints.add(Errc::kRange, {2, 1}, "second");
  complaints.add(Errc::kSyntax, {1, 9}, "first");
  complaints.add(Errc::kLimit, {2, 1}, "third");
  CHECK(complaints.count() == 3);
  const auto errors = complaints.take();
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].message() == "f:1:9: first");
  CHECK(errors[1].code == Errc::kRange);
  CHECK(errors[2].text == "third");
  CHECK(complaints.empty());
}

TEST_CASE("long and unprintable text is quoted in short") {
  CHECK(in_quotes("a\nb") == "'a b'");
  CHECK(in_quotes(std::string(100, 'x')) == "'" + std::string(60, 'x') + "...'");
  CHECK(in_quotes(std::string(59, 'x') + "\xC3\xB6") == "'" + std::string(59, 'x') + "...'");
}

TEST_CASE("control characters become blanks, all else stays") {
  CHECK(on_one_line("a\tb\x7F\x1b[0m h\xC3\xB6he") == "a b  [0m h\xC3\xB6he");
  CHECK(on_one_line("") == "");
}

}  // namespace
}  // namespace tocsin::settings
