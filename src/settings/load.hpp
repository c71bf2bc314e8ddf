// Loads a settings file.
// Output:  Settings, or every error of the file, each at file:line:column.
// Paths:   `rules` are relative to the settings file; everything else (result directory, sockets,
//          password file) is relative to the working directory of the process.
// Threads: pure, apart from the environment and, in load_settings, the file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "src/settings/complaints.hpp"
#include "src/settings/expansion.hpp"
#include "src/settings/settings.hpp"

namespace tocsin::settings {

// `file` is the name for complaints and the place that rule paths start from.
[[nodiscard]] Loaded<Settings> parse_settings(std::string_view text, const std::string& file,
                                              const Environment& environment);

[[nodiscard]] Loaded<Settings> load_settings(const std::filesystem::path& file,
                                             const Environment& environment);

}  // namespace tocsin::settings
