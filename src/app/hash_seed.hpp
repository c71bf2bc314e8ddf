// The secret seed of series ids. Kept with the deployment's results, so that ids stay the same over
// restarts and nobody outside can make names collide.
#pragma once

#include <cstdint>
#include <filesystem>

#include "tocsin/result.hpp"

namespace tocsin::app {

// Reads the seed of `directory`, or makes one there. kIo with the path when neither works, kSyntax
// when the file holds something else.
[[nodiscard]] Result<std::uint64_t> load_hash_seed(const std::filesystem::path& directory);

}  // namespace tocsin::app
