// The two ways in which received text is made presentable.
// Both run only in the resolver and for events, never on the path of a known sample.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tocsin::statsd {

// Etsy's cleaning of a key: a run of blanks becomes '_', '/' becomes '-', and everything but ASCII
// letters, digits and "_-.;=" is dropped. May leave nothing.
// Source:  sanitizeKeyName of statsd. Departure: blanks outside ASCII are dropped, not made '_'.
[[nodiscard]] std::string clean_name(std::string_view name);

// `text` with every byte that does not belong to well-formed UTF-8 replaced by U+FFFD.
// Source:  RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] std::string to_utf8(std::string_view text);

// How many bytes the well-formed UTF-8 character at the front of `text` takes; 0: ill-formed or
// empty.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

}  // namespace tocsin::statsd
