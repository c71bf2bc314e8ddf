// The closed lists of words that settings and rules choose from, each with its enumerator.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tocsin::settings {

template <class Enum>
struct Word {
  std::string_view text;
  Enum value;
};

// Precondition: every enumerator is in `words`.
template <class Enum>
[[nodiscard]] constexpr std::string_view word_of(std::span<const Word<Enum>> words, Enum value) {
  for (const Word<Enum>& word : words) {
    if (word.value == value) return word.text;
  }
  return {};
}

// "a, b or c": what a complaint says was expected.
template <class Enum>
[[nodiscard]] std::string listed(std::span<const Word<Enum>> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i].text;
  }
  return out;
}

}  // namespace tocsin::settings
