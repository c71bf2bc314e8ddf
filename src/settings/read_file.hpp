// Reads small files whole. Errors name the file only: there is no line yet.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "tocsin/result.hpp"

namespace tocsin::settings {

// The bytes of a regular file of at most `max_bytes`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes);

// The one line of a secret's file, without its end of line. At most 4 KiB, not empty.
[[nodiscard]] Result<std::string> read_secret(const std::filesystem::path& path);

}  // namespace tocsin::settings
