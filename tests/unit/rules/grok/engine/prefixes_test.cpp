#include "src/rules/grok/engine/prefixes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "src/rules/grok/engine/syntax_tree.hpp"

namespace tocsin::rules::grok::engine {
namespace {

// One word per prefix; '*' for anything, in the order of the alphabet.
std::string shown(const std::vector<Prefix>& prefixes) {
  std::vector<std::string> words;
  for (const Prefix& prefix : prefixes) {
    std::string word;
    for (const ByteSet& set : prefix) {
      if (set[kEndOfText]) {
        word += '*';
        continue;
      }
      std::string bytes;
      for (std::size_t byte = ' '; byte < 0x7F; ++byte) {
        if (set[byte]) bytes += static_cast<char>(byte);
      }
      word += bytes.size() == 1 ? bytes : "[" + bytes + "]";
    }
    words.push_back(word);
  }
  std::sort(words.begin(), words.end());
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string prefixes_of(std::string_view written) {
  const auto tree = SyntaxTree::read(written, Encoding::kAscii);
  REQUIRE(tree);
  return shown(find_prefixes(tree->root()));
}

TEST_CASE("every way into an expression gives a prefix") {
  const std::pair<const char*, const char*> rows[] = {
      {"abcd", "abc"},
      {"(?:Jan|Feb) ", "Feb Jan"},
      {"\\b[Jj]un[ei]?\\b ", "[Jj]un"},
      {"a?b+c", "abb abc bbb bbc bc*"},
      {"a{2}(b)", "aab"},
      {"(?>a|bc)d", "ad* bcd"},
      {"(?<!x)(?=y)ab", "ab*"},
      {"", "***"},
      {"a\\g{1}b", "a**"},
      {"(?:a*)*b", "***"},
  };
  for (const auto& [written, expected] : rows) {
    CAPTURE(std::string(written));
    CHECK(prefixes_of(written) == expected);
  }
}

TEST_CASE("too many ways are none") {
  CHECK(prefixes_of("(?:a|b|c|d|e|f|g)(?:a|b|c|d|e|f|g)(?:a|b|c|d|e|f|g)").empty());
}

TEST_CASE("merged prefixes fit in the buckets and allow all that they allowed") {
  const auto tree = SyntaxTree::read("(?:ab|cd|ef|gh|ij|kl|mn|op|qr|st)(?:u|v)", Encoding::kAscii);
  REQUIRE(tree);
  const std::vector<Prefix> all = find_prefixes(tree->root());
  REQUIRE(all.size() == 20);
  const std::vector<Prefix> merged = merge_prefixes(all);
  CHECK(merged.size() == Fingerprints::kBuckets);
  for (const Prefix& prefix : all) {
    CHECK(std::any_of(merged.begin(), merged.end(), [&](const Prefix& wide) {
      return is_subset(prefix[0], wide[0]) && is_subset(prefix[1], wide[1]) &&
             is_subset(prefix[2], wide[2]);
    }));
  }
  CHECK(expected_places(merged) >= expected_places(all));
}

TEST_CASE("rare prefixes are expected at fewer places") {
  const auto places = [](const char* written) {
    const auto tree = SyntaxTree::read(written, Encoding::kAscii);
    REQUIRE(tree);
    return expected_places(find_prefixes(tree->root()));
  };
  CHECK(places("Jan") < places("[a-z][a-z][a-z]"));
  CHECK(places("") == doctest::Approx(1000));
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
