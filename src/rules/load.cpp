#include "src/rules/load.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "src/rules/sections.hpp"
#include "src/rules/service_graph.hpp"
#include "src/settings/read_file.hpp"
#include "src/settings/reader.hpp"
#include "src/settings/source_text.hpp"

namespace tocsin::rules {
namespace {

using settings::Complaints;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;

// More is not a rule directory but an accident.
constexpr std::size_t kMaxFiles = 10'000;

void read_file_sections(const Node& root, const Vocabulary& vocabulary, RuleSet& rules,
                        std::vector<PlacedRule>& parse_rules, Complaints& complaints) {
  MapReader map(root, complaints);
  if (const NodePtr* node = map.find("parse")) {
    read_parse_rules(**node, vocabulary, parse_rules, complaints);
  }
  if (const NodePtr* node = map.find("derive")) {
    read_derivations(**node, vocabulary, rules.derivations, complaints);
  }
  if (const NodePtr* node = map.find("watch")) {
    read_watches(**node, vocabulary, rules.watches, complaints);
  }
  if (const NodePtr* node = map.find("service")) read_services(**node, rules.services, complaints);
  map.refuse("alert", Errc::kUnsupported,
             "found the section 'alert', which this version does not offer yet, expected parse, "
             "derive, watch or service");
  map.finish();
}

// `what`: of which each one has a name of its own.
template <class Rule, class NameOf>
void check_names(const std::vector<Rule>& rules, const char* what, NameOf name_of,
                 const ComplaintsOf& complaints_of) {
  std::unordered_map<std::string_view, const Rule*> seen;
  for (const Rule& rule : rules) {
    const std::string& name = name_of(rule);
    const auto [first, is_new] = seen.emplace(name, &rule);
    if (is_new) continue;
    complaints_of(rule.place.file)
        .add(Errc::kDuplicate, rule.place.position,
             "found a second " + std::string(what) + " named " + settings::in_quotes(name) +
                 ", expected a name of its own (first at " + first->second->place.to_string() +
                 ")");
  }
}

bool ends_with(const std::string& text, std::string_view ending) {
  return text.size() >= ending.size() &&
         text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

// The rule files of a directory, sorted; appended to `files`.
Result<void> list_directory(const std::filesystem::path& directory,
                            std::vector<std::filesystem::path>& files) {
  std::error_code error;
  std::vector<std::filesystem::path> found;
  std::filesystem::directory_iterator entry(directory, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (ends_with(name, ".yaml") && !ends_with(name, ".test.yaml") && name.front() != '.') {
      found.push_back(entry->path());
    }
    if (found.size() > kMaxFiles) {
      return Error{Errc::kLimit, directory.string(),
                   "found more than " + std::to_string(kMaxFiles) + " rule files, expected fewer"};
    }
  }
  if (error) return Error{Errc::kIo, directory.string(), "cannot be read: " + error.message()};
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
  return {};
}

}  // namespace

settings::Loaded<RuleSetPtr> parse_rules(std::span<const RuleFile> files,
                                         const Vocabulary& vocabulary) {
  auto rules = std::make_shared<RuleSet>();
  std::vector<PlacedRule> parsing;
  std::vector<Complaints> complaints;
  complaints.reserve(files.size());
  bool all_readable = true;
  for (const RuleFile& file : files) {
    Complaints& found = complaints.emplace_back(file.name);
    rules->files.emplace_back(file.name);
    const auto root = settings::parse_yaml(file.text, vocabulary.environment, found);
    if (!root) {
      all_readable = false;
    } else if ((*root)->kind != Node::Kind::kNull) {
      read_file_sections(**root, vocabulary, *rules, parsing, found);
    }
  }
  const ComplaintsOf complaints_of = [&](const std::string& file) -> Complaints& {
    return *std::find_if(complaints.begin(), complaints.end(),
                         [&](const Complaints& candidate) { return candidate.file() == file; });
  };
  check_names(
      parsing, "parse rule", [](const PlacedRule& placed) -> auto& { return placed.rule.name; },
      complaints_of);
  check_names(
      rules->derivations, "derive rule",
      [](const Derivation& derivation) -> auto& { return derivation.name; }, complaints_of);
  check_names(
      rules->watches, "watch", [](const Watch& watch) -> auto& { return watch.name; },
      complaints_of);
  check_service_names(rules->services, complaints_of);
  // What an unreadable file would have defined is not known, so nothing is missing for certain.
  if (all_readable) check_service_references(rules->services, complaints_of);

  std::vector<Error> errors;
  for (Complaints& found : complaints) {
    if (found.empty()) continue;
    for (Error& error : found.take()) errors.push_back(std::move(error));
  }
  if (!errors.empty()) return {std::nullopt, std::move(errors)};
  std::vector<parse::Rule> in_order;
  for (PlacedRule& placed : parsing) in_order.push_back(std::move(placed.rule));
  rules->parse = std::make_shared<const parse::Program>(std::move(in_order));
  return {RuleSetPtr(std::move(rules)), {}};
}

settings::Loaded<RuleSetPtr> load_rules(std::span<const std::filesystem::path> paths,
                                        const Vocabulary& vocabulary) {
  std::vector<std::filesystem::path> names;
  std::vector<Error> errors;
  for (const std::filesystem::path& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      names.push_back(path);
    } else if (const Result<void> listed = list_directory(path, names); !listed) {
      errors.push_back(listed.error());
    }
  }
  std::vector<RuleFile> files;
  for (const std::filesystem::path& name : names) {
    const auto same = [&](const RuleFile& file) { return file.name == name.string(); };
    if (std::any_of(files.begin(), files.end(), same)) continue;  // given by name and by directory
    Result<std::string> text = settings::read_file(name, settings::SourceText::kMaxBytes);
    if (text) {
      files.push_back({name.string(), std::move(text).value()});
    } else {
      errors.push_back(text.error());
    }
  }
  if (!errors.empty()) return {std::nullopt, std::move(errors)};
  return parse_rules(files, vocabulary);
}

}  // namespace tocsin::rules
