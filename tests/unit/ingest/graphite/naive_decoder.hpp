// An independent, slow reading of the plaintext protocol, for comparison: lines and words by
// std::string, numbers by a regular expression and strtod, no tags taken apart.
#pragma once

#include <cmath>
#include <cstdlib>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::graphite::testing {

struct NaiveLine {
  bool well_formed = false;  // three words, a number but NaN, and a time; the name is not judged
  std::string name;
  double value = 0;
  double time = 0;  // seconds; -1 for now
};

// What Python's float() makes of `text`.
inline std::optional<double> naive_float(const std::string& text) {
  static const std::regex kNumber(
      R"([+-]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)([eE][+-]?\d+(_\d+)*)?)"
      R"(|[+-]?([iI][nN][fF]([iI][nN][iI][tT][yY])?|[nN][aA][nN]))");
  if (text.size() > 200 || !std::regex_match(text, kNumber)) return std::nullopt;
  std::string plain;
  for (const char c : text) {
    if (c != '_') plain += c;
  }
  return std::strtod(plain.c_str(), nullptr);
}

// Of each line that has a word.
inline std::vector<NaiveLine> naive_lines(std::string_view bytes) {
  std::vector<NaiveLine> lines;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    std::vector<std::string> words;
    bool in_word = false;
    for (const char c : bytes.substr(0, end)) {
      const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
      if (!blank && !in_word) words.emplace_back();
      if (!blank) words.back() += c;
      in_word = !blank;
    }
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (words.empty()) continue;
    NaiveLine& line = lines.emplace_back();
    if (words.size() != 3) continue;
    const auto value = naive_float(words[1]);
    const auto time = naive_float(words[2]);
    if (!value || std::isnan(*value) || !time || !std::isfinite(*time)) continue;
    const bool now = std::trunc(*time) == -1;
    if (!now && (*time < 0 || *time >= 9223372036.0)) continue;
    line = {true, words[0], *value, now ? -1 : *time};
  }
  return lines;
}

}  // namespace tocsin::graphite::testing
