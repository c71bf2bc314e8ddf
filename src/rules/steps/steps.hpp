// The readers of steps: YAML -> an operation that is ready, with its tags. One function for each
// kind, in a source of its own. docs/parse.md explains each key to users.
// Output: empty after a complaint.
#pragma once

#include <optional>

#include "src/rules/parse/program.hpp"
#include "src/rules/steps/step_context.hpp"
#include "src/settings/yaml.hpp"

namespace tocsin::rules {

using ReadStep = std::optional<parse::Step> (*)(const settings::NodePtr& node,
                                                StepContext& context);

[[nodiscard]] std::optional<parse::Step> read_date_step(const settings::NodePtr& node,
                                                        StepContext& context);
[[nodiscard]] std::optional<parse::Step> read_dissect_step(const settings::NodePtr& node,
                                                           StepContext& context);
[[nodiscard]] std::optional<parse::Step> read_grok_step(const settings::NodePtr& node,
                                                        StepContext& context);
[[nodiscard]] std::optional<parse::Step> read_json_step(const settings::NodePtr& node,
                                                        StepContext& context);
[[nodiscard]] std::optional<parse::Step> read_kv_step(const settings::NodePtr& node,
                                                      StepContext& context);
[[nodiscard]] std::optional<parse::Step> read_mutate_step(const settings::NodePtr& node,
                                                          StepContext& context);
[[nodiscard]] std::optional<parse::Step> read_path_template_step(const settings::NodePtr& node,
                                                                 StepContext& context);

}  // namespace tocsin::rules
