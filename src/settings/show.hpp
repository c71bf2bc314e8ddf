// Prints settings back as YAML, every key written out: what `--show-config` says is in force.
// Loading the text gives the same settings, except that a password is shown as asterisks.
// Paths of rules are printed as they were resolved, that is, as seen from the working directory.
#pragma once

#include <string>

#include "src/settings/settings.hpp"

namespace tocsin::settings {

[[nodiscard]] std::string show_settings(const Settings& settings);

}  // namespace tocsin::settings
