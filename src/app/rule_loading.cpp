#include "src/app/rule_loading.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/app/forwarding.hpp"
#include "src/detect/stream_detectors.hpp"
#include "src/service/tree.hpp"

namespace tocsin::app {
namespace {

// A path that cannot be read is a mistake of the settings that name it.
void blame_settings(const settings::Settings& settings, std::vector<Error>& errors) {
  if (settings.places.empty()) return;
  for (Error& error : errors) {
    const auto path = std::find(settings.rules.begin(), settings.rules.end(), error.where);
    if (path == settings.rules.end()) continue;
    error = settings::complaint_about(
        settings.places, "rules[" + std::to_string(path - settings.rules.begin()) + "]", error,
        "a rule file or a directory of them");
  }
}

}  // namespace

rules::Vocabulary vocabulary_of(const settings::Settings& settings) {
  rules::Vocabulary vocabulary;
  vocabulary.environment = settings::process_environment();
  const detect::Ensemble skyline;
  vocabulary.skyline_quorum = static_cast<std::uint32_t>(skyline.quorum());
  for (const detect::Voter& detector : skyline.detectors()) {
    vocabulary.detectors.emplace_back(detector.name);
  }
  for (const StreamDetectorType& type : detect::stream_detectors()) {
    vocabulary.remembering.emplace_back(type.name);
  }
  vocabulary.window = settings.series.interval;
  return vocabulary;
}

settings::Loaded<CompiledRulesPtr> load_compiled_rules(const settings::Settings& settings,
                                                       std::uint64_t generation) {
  settings::Loaded<CompiledRulesPtr> loaded;
  auto rules = rules::load_rules(settings.rules, vocabulary_of(settings));
  loaded.errors = std::move(rules.errors);
  blame_settings(settings, loaded.errors);

  const settings::PredicateText& publish = settings.results.store == settings::StoreKind::kRedis
                                               ? settings.results.redis.series
                                               : settings.results.embedded.series;
  auto predicate = query::Predicate::parse(publish.text());
  if (!predicate) {
    loaded.errors.push_back(
        {predicate.error().code, publish.where(predicate.error().where), predicate.error().text});
  }
  ResultSelection selection;
  selection.forward = forward_predicates(settings, loaded.errors);
  if (!loaded.errors.empty()) return loaded;
  selection.publish = std::move(*predicate);

  const auto consensus = settings.detect.consensus == settings::Consensus::kSkyline
                             ? detect::Consensus::kQuorum
                             : detect::Consensus::kSkylineCompat;
  auto compiled = CompiledRules::compile(std::move(*rules.value), selection, consensus, generation);
  if (!compiled) {
    loaded.errors.push_back(std::move(compiled).error());
    return loaded;
  }
  if (const auto tree = service::Tree::make((*compiled)->service_specs()); !tree) {
    loaded.errors.push_back(tree.error());
    return loaded;
  }
  loaded.value = std::move(*compiled);
  return loaded;
}

}  // namespace tocsin::app
