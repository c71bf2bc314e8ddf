#include "src/app/check_command.hpp"

#include <ostream>

#include "src/app/forwarding.hpp"
#include "src/app/rule_loading.hpp"
#include "src/settings/load.hpp"
#include "src/settings/units.hpp"

namespace tocsin::app {

int run_check(const CheckOptions& options, std::ostream& out, std::ostream& err) {
  const auto complain = [&](const std::vector<Error>& errors) {
    for (const Error& error : errors) err << error.message() << "\n";
    return 1;
  };
  settings::Settings settings;
  if (!options.config.empty()) {
    auto loaded = settings::load_settings(options.config, settings::process_environment());
    if (!loaded) return complain(loaded.errors);
    settings = std::move(*loaded.value);
  }
  if (!options.rules.empty()) {
    settings.rules.assign(options.rules.begin(), options.rules.end());
    settings.places = {};  // these are not of the settings
  }
  const auto rules = load_compiled_rules(settings, 1);
  if (!rules) return complain(rules.errors);
  if (const auto forwards = forward_options(settings); !forwards) return complain(forwards.errors);
  const rules::RuleSet& set = (*rules.value)->rule_set();
  out << "ok: parse " << set.parse->rules().size() << ", derive " << set.derivations.size()
      << ", watch " << set.watches.size() << ", service " << set.services.size() << "\n";
  return 0;
}

Result<std::chrono::milliseconds> parse_wait(std::string_view text) {
  const auto duration = settings::parse_duration(text);
  if (!duration) {
    return Error{Errc::kSyntax, "--wait",
                 "found '" + std::string(text) + "', expected " + duration.error().text};
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

}  // namespace tocsin::app
