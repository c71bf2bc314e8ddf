// Where a text of a rule or of a pattern file stands, for complaints.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::rules::grok {

// Of the first character of a text. Columns count characters.
struct Place {
  std::string source;  // a file, or a name such as "--define FOO"
  std::size_t line = 1;
  std::size_t column = 1;

  // "file:line:column", as Error::where wants it.
  [[nodiscard]] std::string text() const;
  // The place of what follows `passed`, which begins here.
  [[nodiscard]] Place after(std::string_view passed) const;
};

}  // namespace tocsin::rules::grok
