#include "src/settings/expansion.hpp"

#include <doctest/doctest.h>

namespace tocsin::settings {
namespace {

std::optional<std::string> environment(std::string_view name) {
  if (name == "NAME") return "value";
  if (name == "EMPTY") return "";
  if (name == "NESTED") return "${NAME}";
  return std::nullopt;
}

std::optional<std::string> expanded(const std::string& text) {
  Complaints complaints("f");
  const auto out = expand(Excerpt{text, {{0, {1, 1}}}}, environment, 100, complaints);
  CHECK(out.has_value() == complaints.empty());
  if (!out) return std::nullopt;
  return out->text;
}

TEST_CASE("variables are replaced as the shell does") {
  CHECK(expanded("plain $NAME $ {} $$") == "plain $NAME $ {} $$");
  CHECK(expanded("a${NAME}b${NAME}") == "avaluebvalue");
  CHECK(expanded("${EMPTY}") == "");
  CHECK(expanded("${EMPTY:-other}") == "other");
  CHECK(expanded("${NO:-a:b-c}") == "a:b-c");
  CHECK(expanded("${NO:-}") == "");
  CHECK(expanded("${NAME:-other}") == "value");
  CHECK(expanded("${NAME:?why}") == "value");
}

TEST_CASE("a doubled dollar keeps the braces") {
  CHECK(expanded("$${NAME}") == "${NAME}");
  CHECK(expanded("${NAME}$${NAME}${NAME}") == "value${NAME}value");
}

TEST_CASE("what a variable holds is not expanded again") {
  CHECK(expanded("${NESTED}") == "${NAME}");
}

TEST_CASE("a faulty reference gives no text") {
  for (const char* bad : {"${NO}", "${EMPTY:?}", "${", "${NAME", "${}", "${1}", "${NAME-x}"}) {
    CAPTURE(bad);
    CHECK_FALSE(expanded(bad));
  }
}

TEST_CASE("the message of a missing variable is shown on one line, whatever it holds") {
  Complaints complaints("f");
  const Excerpt scalar{"${NO:?ask\n  the \x1b[31madmin}", {{0, {2, 3}}}};
  CHECK_FALSE(expand(scalar, environment, 100, complaints).has_value());
  const auto errors = complaints.take();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message() ==
        "f:2:3: environment variable NO is not set, expected ask   the  [31madmin");
}

TEST_CASE("the expanded text is bounded") {
  std::string text;
  for (int i = 0; i < 21; ++i) text += "${NAME}";
  CHECK_FALSE(expanded(text));
}

}  // namespace
}  // namespace tocsin::settings
