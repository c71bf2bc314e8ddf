// The name that somebody most likely meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tocsin::settings {

// The candidate with the smallest edit distance to `name` (a swap of neighbours counts as one
// edit), or empty when none is near enough to be a misspelling: more than a third of the letters
// would have to change. Ties go to the first. The answer views `candidates`.
// Cost: product of the lengths per candidate; names longer than 64 bytes have no nearest.
[[nodiscard]] std::string_view nearest(std::string_view name,
                                       std::span<const std::string> candidates);

// ", did you mean 'x'?" or empty: ready to be appended to a complaint.
[[nodiscard]] std::string did_you_mean(std::string_view name,
                                       std::span<const std::string> candidates);

}  // namespace tocsin::settings
