// What an error reply of Redis means for the record that it answers.
// Source: redis.io and the server's source, 7.0: the first word of an error names it.
#pragma once

#include <string_view>

namespace tocsin::publish {

struct ErrorMeaning {
  std::string_view name;    // a constant, for counters; "other" for names not listed
  bool temporary = false;   // not now, and not only this record: try again on a new connection
  std::string_view advice;  // for people, may be empty
};

[[nodiscard]] ErrorMeaning meaning_of_error(std::string_view name) noexcept;

}  // namespace tocsin::publish
