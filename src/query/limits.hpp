// How large the text of a predicate may be. The defaults are far beyond what people write; raise
// one for generated rules.
#pragma once

#include <cstddef>

namespace tocsin::query {

struct Limits {
  std::size_t text_bytes = 16U * 1024;
  std::size_t nodes = 4096;        // tests, list items, `not`s and pairs of parentheses
  std::size_t depth = 64;          // `not`s and parentheses within each other; bounds the stack
  std::size_t regexes = 64;        // each may cost tens of kilobytes of machine code
  std::size_t regex_bytes = 1024;  // of one regular expression, as text
};

}  // namespace tocsin::query
