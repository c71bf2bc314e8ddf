// StepContext: what reading the steps of one rule file needs besides their own YAML: where
// complaints go, and the grok patterns that are shipped.
// Pattern sets stand beside the rule file, in `patterns/`, or else in `rules/patterns/` of the
// working directory, unless the vocabulary says where. Each is read once.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/rules/grok/pattern_library.hpp"
#include "src/rules/grok/pattern_set.hpp"
#include "src/rules/load.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/yaml.hpp"

namespace tocsin::rules {

class StepContext {
 public:
  StepContext(const Vocabulary& vocabulary, settings::Complaints& complaints);

  [[nodiscard]] settings::Complaints& complaints() noexcept { return complaints_; }

  // A directory of the rule file's, when the path is relative.
  [[nodiscard]] std::filesystem::path beside_the_file(const std::string& path) const;
  // Null: the set is nowhere; roots() says where it was looked for.
  [[nodiscard]] const grok::PatternLibrary* pattern_set(grok::PatternSet set);
  [[nodiscard]] std::string roots() const;

  // A place inside the text of a scalar, for engines that speak of file:line:column; complaint_of()
  // finds it again.
  [[nodiscard]] grok::Place place_of(const settings::Node& scalar);
  // Complains about what an engine said. `position`: where it stands when the fault is in no scalar
  // of this file, but in a file of patterns, say.
  void complain(const Error& error, settings::Position position, const std::string& behind = {});

 private:
  settings::Complaints& complaints_;
  std::filesystem::path folder_;              // of the rule file
  std::vector<std::filesystem::path> roots_;  // where pattern sets may stand
  std::map<grok::PatternSet, std::unique_ptr<grok::PatternLibrary>> sets_;
  std::vector<const settings::Node*> scalars_;  // that place_of() was asked for
};

}  // namespace tocsin::rules
