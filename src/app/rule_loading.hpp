// Rules and the predicates of the settings, from files to the compiled form: what `run`, `check`
// and a reload have in common.
#pragma once

#include <cstdint>

#include "src/app/compiled_rules.hpp"
#include "src/rules/load.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/settings.hpp"

namespace tocsin::app {

// What rules may refer to under these settings: every detector there is, this process's environment.
[[nodiscard]] rules::Vocabulary vocabulary_of(const settings::Settings& settings);

// The settings' own rule files, or all complaints about them and about the settings' predicates.
[[nodiscard]] settings::Loaded<CompiledRulesPtr> load_compiled_rules(
    const settings::Settings& settings, std::uint64_t generation);

}  // namespace tocsin::app
