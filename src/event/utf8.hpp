// Whether bytes are valid UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
// Cost: eight bytes at a time while they are ASCII.
#pragma once

#include <string_view>

namespace tocsin::event {

[[nodiscard]] bool is_utf8(std::string_view bytes) noexcept;

}  // namespace tocsin::event
