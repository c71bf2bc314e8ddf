// Fifty regular expressions that run away on long lines: nested repeats, bars that overlap, many
// greedy parts, as they are seen in grok patterns and in collections of such accidents.
// Lines hold the bytes that a match must hold, or their absence would be an answer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::rules::grok::testing {

struct KnownBad {
  std::string_view regex;
  std::string_view filling;   // of the line, again and again
  std::string_view end = "";  // what makes the match fail at last
};

inline constexpr KnownBad kKnownBad[] = {
    {"(a+)+$x", "a", "x!"},
    {"(?:a+)+[xy]", "a", "!"},
    {"(?:a*)*[xy]", "a", "!"},
    {"(?:a|a)*[xy]", "a", "!"},
    {"(?:a|aa)+[xy]", "a", "!"},
    {"(?:a|a?)+[xy]", "a", "!"},
    {"(?:.*a){12}[xy]", "a", "!"},
    {"(?:[a-z]+)*[0-9]", "abc", "!"},
    {"(?:[a-zA-Z]+)*$Q", "abc", "Q!"},
    {"(?:\\w+\\s?)*[!?]$", "ab ", "#"},
    {"(?:\\w+ ?)+[:;]", "ab ", "#"},
    {"(?:\\d+)+[a-f]", "7", "!"},
    {"(?:\\d+,?)+[a-f]", "7", "!"},
    {"(?:\\s+)+[a-f]", " ", "!"},
    {"(?:\\s*\\S*)*[\\x01\\x02]", "a b ", "!"},
    {"(?:(?:a+)+)+[xy]", "a", "!"},
    {"(?:(?:a|b)+)+[xy]", "ab", "!"},
    {"(?:(?:ab)*)*[xy]", "ab", "!"},
    {"(?:a+b?)+[xy]", "a", "!"},
    {"(?:a?b?c?)*[xy]", "abc", "!"},
    {"(?:[ab]+|a)*[xy]", "ab", "!"},
    {".*.*.*[\\x01\\x02]", "a", "!"},
    {".*=.*=.*[\\x01\\x02]", "a=", "!"},
    {".*?,.*?,.*?,[\\x01\\x02]", "a,", "!"},
    {"(?:.*)*[\\x01\\x02]", "a", "!"},
    {"(?:.+)+[\\x01\\x02]", "a", "!"},
    {"(?:.*?)+[\\x01\\x02]", "a", "!"},
    {"(?:\\S+\\s+)+[\\x01\\x02]", "ab ", "!"},
    {"\\w*\\w*\\w*[\\x01\\x02]", "a", "!"},
    {"[a-z]*[a-z0-9]*[a-z_]*[\\x01\\x02]", "a", "!"},
    {"(?<x>[a-z]+)*(?<y>[a-z]+)*[\\x01\\x02]", "a", "!"},
    {"(?<x>(?:/[\\w.-]*)+)+[\\x01\\x02]", "/ab", "!"},
    {"(?:/(?:[\\w_%!$@:.,+~-]+|\\\\.)*)+[\\x01\\x02]", "/ab", "!"},
    {"(?:[A-Za-z0-9-]+\\.?)+[@]", "ab-", "!@"},
    {"(?:[a-zA-Z0-9_.+-]+)+@x", "ab.", "!@x"},
    {"^(?:[a-z0-9]+[-._]?)+@x", "ab-", "!@x"},
    {"^(?:[a-z0-9]+)*@x", "ab", "!@x"},
    {"^(?:.*,)*x$", "a,", "x!"},
    {"^(?:[^,]*,?)*x$", "a,", "x!"},
    {"(?:\"[^\"]*\"|[^\"]*)*[\\x01\\x02]", "a", "!"},
    {"(?:\"(?:\\\\.|[^\"])*\"?)*[\\x01\\x02]", "\"a", "!"},
    {"(?:\\[[^\\]]*\\]?)*[\\x01\\x02]", "[a", "!"},
    {"(?:(?:25[0-5]|\\d{1,3})\\.?)+[x]", "1", "!x"},
    {"(?:[0-9a-fA-F]{1,4}:?)+[x]", "1", "!x"},
    {"(?:x+x+)+y", "x", "!y"},
    {"(?i)(?:A+)+[xy]", "a", "!"},
    {"(?:a+?)+?[xy]", "a", "!"},
    {"(?:(?=a+)a)*(?:a+)+[xy]", "a", "!"},
    {"(?:\xC3\xA9+)+[xy]", "\xC3\xA9", "!"},
    {"(?:\\bab\\b ?)+(?:\\w+ ?)*[\\x01\\x02]", "ab ", "!"},
};

inline constexpr std::size_t kLongLine_bytes = std::size_t{64} << 10;

inline std::string long_line(const KnownBad& bad) {
  std::string line;
  while (line.size() + bad.filling.size() + bad.end.size() <= kLongLine_bytes) line += bad.filling;
  return line.append(bad.end);
}

}  // namespace tocsin::rules::grok::testing
