// Variables in scalars: ${NAME}, ${NAME:-default}, ${NAME:?message}; $${ stands for ${ itself.
// The forms and their meaning are the shell's (POSIX.1-2017, XCU 2.6.2): with ':' an empty variable
// counts as unset. A default or a message ends at the first '}'; it is not expanded again.
// Threads: pure, apart from what the given Environment does.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "src/settings/complaints.hpp"
#include "src/settings/excerpt.hpp"

namespace tocsin::settings {

// The value of a variable; empty when it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

// The environment of this process.
[[nodiscard]] Environment process_environment();

// `scalar` with its variables replaced; empty after a complaint. The result may have at most
// `max_bytes`. Positions in a replaced part start at its "${".
[[nodiscard]] std::optional<Excerpt> expand(const Excerpt& scalar, const Environment& environment,
                                            std::size_t max_bytes, Complaints& complaints);

}  // namespace tocsin::settings
