// TextLine: one line of collectd's text protocol, cut into its fields.
//   line   := field (blank+ field)*
//   field  := (character | '"' quoted '"')*    quotes may hold blanks; in them '\' takes the next
//                                              character as it is
// Cost:    the fields are kept from line to line, so that they allocate only while they grow.
// Source:  collectd 5.12, utils/cmds/cmds.c (cmd_split).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/value_list.hpp"

namespace tocsin::collectd {

class TextLine {
 public:
  // False: a quote is not closed.
  [[nodiscard]] bool split(std::string_view line);

  // Without quotes, as UTF-8; until the next split().
  [[nodiscard]] std::span<const std::string> fields() const noexcept {
    return std::span(fields_).first(count_);
  }

 private:
  std::vector<std::string> fields_;  // the first count_ are in use
  std::size_t count_ = 0;
};

// host "/" plugin ["-" instance] "/" type ["-" instance]; views `text`. Empty: it is not one.
[[nodiscard]] std::optional<SeriesName> parse_identifier(std::string_view text) noexcept;

// The field cut at its first '='. Empty key: it is no option.
struct Option {
  std::string_view key;
  std::string_view value;
};
[[nodiscard]] Option parse_option(std::string_view field) noexcept;

// Whether the ASCII texts are the same but for their case; `lower` has none.
[[nodiscard]] bool is_word(std::string_view text, std::string_view lower) noexcept;

}  // namespace tocsin::collectd
