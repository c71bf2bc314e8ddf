// Takes a Graphite name apart: the path and its tags.
//   name    := path ( ";" key "=" value )*
//            | path "{" [ key "=\"" quoted "\"" ( "," key "=\"" quoted "\"" )* [","] ] "}"
//   key     := one or more bytes but ";", "!", "^", "="; in the first form
//   value   := one or more bytes but ";", the first not "~"
//   quoted  := one or more of: any byte but "\"" and "\\", or one of these two behind a "\\"
// A name is of the second form (OpenMetrics) if it ends in "}" and has a "{" before any ";".
// Output:  views into the name and into a buffer of the reader: they live until the next read.
// Source:  Graphite's tag documentation and carbon's TaggedSeries, read in version 1.1.7.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/graphite/refusal.hpp"
#include "tocsin/event.hpp"

namespace tocsin::graphite {

class SeriesName {
 public:
  // Offsets of refusals count from the front of `name`.
  [[nodiscard]] std::optional<Refusal> read(std::string_view name, std::size_t max_tags);

  [[nodiscard]] std::string_view path() const noexcept { return path_; }
  [[nodiscard]] const std::vector<AttributeView>& tags() const noexcept { return tags_; }

 private:
  std::optional<Refusal> read_carbon(std::string_view name, std::size_t at, std::size_t max_tags);
  std::optional<Refusal> read_openmetrics(std::string_view name, std::size_t at,
                                          std::size_t max_tags);
  std::optional<std::size_t> read_quoted(std::string_view name, std::size_t at,
                                         std::string_view& value);

  std::string_view path_;
  std::vector<AttributeView> tags_;
  std::string unescaped_;  // values that held a backslash
};

}  // namespace tocsin::graphite
