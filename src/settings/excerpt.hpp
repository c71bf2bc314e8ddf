// Excerpt: the text of a YAML scalar that remembers where each of its characters stands in the
// file. A predicate or a pattern inside a scalar can so be complained about at its own line and
// column, through quotes, escapes, folded lines and expanded variables. Threads: a plain value
// type.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/settings/complaints.hpp"
#include "src/settings/source_text.hpp"

namespace tocsin::settings {

struct Excerpt {
  // From `offset` in `text` on, one character is one column, until the next anchor; or all of them
  // stand in the same place, as the value of a variable does.
  struct Anchor {
    std::size_t offset = 0;
    Position position;
    bool same_place = false;
  };

  std::string text;
  std::vector<Anchor> anchors;  // ascending; never empty for a text that was read from a file

  // Where the byte at `offset` of `text` stands in the file.
  [[nodiscard]] Position position(std::size_t offset) const noexcept {
    return anchor_at(offset).position;
  }
  // The anchor that this byte would have of its own.
  [[nodiscard]] Anchor anchor_at(std::size_t offset) const noexcept;
  // The same for "line:column" within `text`, both from 1, columns in characters. Malformed: the
  // start.
  [[nodiscard]] Position position(std::string_view line_and_column) const noexcept;
};

// Matches `text`, the value of a scalar, with its spelling in the file, which starts at `offset`.
// Idea: apart from escapes, a YAML scalar and its spelling have the same characters in the same
// order; only white space differs (indentation, folded lines). So both are walked side by side,
// blanks skipped, and an anchor is dropped wherever the distance changes, behind each line feed and
// at the end. Where the walk loses its way, everything that follows stands: a position may then be
// too early, never outside of the scalar.
[[nodiscard]] Excerpt trace_scalar(std::string text, const SourceText& source, std::size_t offset);

// Where the scalar that starts at `offset` opens a quote that nothing closes; empty when there is
// no such quote. yaml-cpp takes the end of the file for the missing one.
[[nodiscard]] std::optional<std::size_t> find_open_quote(const SourceText& source,
                                                         std::size_t offset) noexcept;

}  // namespace tocsin::settings
