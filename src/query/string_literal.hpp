// The inside of a string literal: \" \' \\ \/ \b \f \n \r \t \uXXXX, as in JSON, and any other byte
// as it is. Bytes need not be UTF-8, since those of an event need not be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::query {

// Reads the escape whose backslash is at text[at]: appends what it stands for and moves `at` beyond
// it. Returns what is wrong with it, if anything. A lone backslash at the end is skipped: the
// literal is not closed then, which is the better complaint.
[[nodiscard]] std::optional<std::string> read_escape(std::string_view text, std::size_t& at,
                                                     std::string& out);

// Appends `text` in double quotes, escaped so that it reads back as the same bytes.
void append_quoted(std::string& out, std::string_view text);

}  // namespace tocsin::query
