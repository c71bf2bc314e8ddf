// How often bytes stand in log lines, about: which literal to look for, which to rely on.
#pragma once

#include <cstddef>
#include <string_view>

namespace tocsin::rules::grok::engine {

// Of a thousand bytes of log lines of all kinds; at least 1.
[[nodiscard]] unsigned frequency_of(char byte);

// How often `literal` is expected in a line of a thousand bytes, in millionths; what is rarer is
// the better one to look for. Empty: as often as there are bytes.
[[nodiscard]] double expected_count(std::string_view literal);

// The offset in `literal` of its rarest byte. Precondition: not empty.
[[nodiscard]] std::size_t rarest_byte(std::string_view literal);

}  // namespace tocsin::rules::grok::engine
