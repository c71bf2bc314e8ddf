#include "src/rules/grok/engine/literal_set.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules::grok::engine {
namespace {

using Numbers = std::set<std::uint32_t>;

Numbers found(const LiteralSet& literals, std::string_view line) {
  PaddedText text;
  (void)text.assign(line);
  Numbers numbers;
  literals.find(text, [&](std::uint32_t number) { numbers.insert(number); });
  return numbers;
}

TEST_CASE("the literals that a text holds are found, wherever they stand") {
  const LiteralSet literals({"Accepted", "Failed pass", "pass", "xyz"});
  CHECK(found(literals, "sshd: Failed password") == Numbers{1, 2});
  CHECK(found(literals, "Accepted xyz") == Numbers{0, 3});
  CHECK(found(literals, "Failed pas").empty());
  CHECK(found(literals, "").empty());
}

TEST_CASE("a literal whose rarest part begins the text is not looked for before it") {
  const LiteralSet literals({"aaaaQZX"});
  CHECK(found(literals, "QZX aaaa").empty());
  CHECK(found(literals, "QZXaaaaQZX") == Numbers{0});
}

TEST_CASE("bytes beyond ASCII are bytes like others") {
  const LiteralSet literals({"caf\xC3\xA9", "b\xC3\xA4r"});
  CHECK(found(literals, "ein caf\xC3\xA9") == Numbers{0});
  CHECK(found(literals, "caf\xC3\xA8").empty());
}

TEST_CASE("many literals in many places are found as one by one") {
  std::mt19937 random(3);
  const auto text_of = [&](std::size_t size) {
    std::string text;
    while (text.size() < size) text += "abcAB "[random() % 6];
    return text;
  };
  for (int round = 0; round < 100; ++round) {
    std::vector<std::string> texts;
    for (auto count = 1 + random() % 70; count > 0; --count)
      texts.push_back(text_of(3 + random() % 5));
    const LiteralSet literals(texts);
    const std::string line = text_of(random() % 400);
    Numbers expected;
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
      if (line.find(texts[i]) != std::string::npos) expected.insert(i);
    }
    CAPTURE(line);
    REQUIRE(found(literals, line) == expected);
  }
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
