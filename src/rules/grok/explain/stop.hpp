// Where an expression stopped on a line that it does not match, for people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/grok/place.hpp"

namespace tocsin::rules::grok::explain {

struct Stop {
  std::size_t offset = 0;           // in the line, in bytes
  std::string expected;             // "%{QS:agent}", "' ['", "the end of the line ($)"
  std::string found;                // "'curl'", "the end of the line"
  std::vector<std::string> within;  // the tokens that `expected` is a part of, innermost first
  std::size_t within_from = 0;      // where in the line the first of these began
  Place place;                      // of what was expected: in the expression or in a pattern file
  std::size_t passed = 0;           // items of the expression that were matched before it
  bool searched_all = true;         // false: it took too long to look further
};

// How a part of the line is shown: in quotes, cut after some characters.
[[nodiscard]] std::string show_found(std::string_view line, std::size_t offset);

// Whether an expression that stopped at `a` is the better candidate than one that stopped at `b`.
[[nodiscard]] bool is_nearer(const Stop& a, const Stop& b);

// "at byte 88 expected %{QS:agent} in %{COMBINEDAPACHELOG}, found '"curl'".
[[nodiscard]] std::string to_string(const Stop& stop);

}  // namespace tocsin::rules::grok::explain
