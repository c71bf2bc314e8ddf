// `grok: PATTERN`, `grok: [PATTERN...]`, or a map with all of Logstash's options.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "src/rules/parse/grok_operation.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"

namespace tocsin::rules {
namespace {

using settings::Complaints;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;
using settings::Word;

constexpr std::string_view kExpected =
    "a grok pattern, a list of them, or a map with `match: PATTERN`";
constexpr std::int64_t kMostTimeoutMillis = 30'000;

enum class Scope : std::uint8_t { kPattern, kEvent };
constexpr Word<Scope> kScopes[] = {{"pattern", Scope::kPattern}, {"event", Scope::kEvent}};
constexpr Word<grok::PatternSet> kSets[] = {{"legacy", grok::PatternSet::kLegacy},
                                            {"ecs-v1", grok::PatternSet::kEcsV1}};
constexpr Word<grok::PatternSet> kEcs[] = {{"disabled", grok::PatternSet::kLegacy},
                                           {"v1", grok::PatternSet::kEcsV1},
                                           {"v8", grok::PatternSet::kEcsV1}};

void read_patterns(const NodePtr& node, std::string_view field, StepContext& context,
                   parse::GrokOptions& options) {
  parse::GrokField match{FieldName::parse(field), {}};
  for (const NodePtr& item : settings::read_list(node, kExpected, context.complaints())) {
    const std::string* const text =
        settings::read_text(*item, "a grok pattern", context.complaints());
    if (text != nullptr) match.expressions.push_back({*text, context.place_of(*item)});
  }
  if (!match.expressions.empty()) options.match.push_back(std::move(match));
}

// Whether a list is Logstash's [field, pattern, ...], which would be read as patterns only: names
// and patterns with tokens in turn.
bool is_flat_match(const Node& list) {
  if (list.kind != Node::Kind::kList || list.items.empty() || list.items.size() % 2 != 0) {
    return false;
  }
  constexpr std::string_view kOfNames = "abcdefghijklmnopqrstuvwxyz0123456789_@-.[]";
  for (std::size_t i = 0; i < list.items.size(); i += 2) {
    const bool is_name = list.items[i]->text().find_first_not_of(kOfNames) == std::string::npos;
    const bool is_pattern = list.items[i + 1]->text().find("%{") != std::string::npos;
    if (!is_name || !is_pattern) return false;
  }
  return true;
}

void read_match(MapReader& map, StepContext& context, parse::GrokOptions& options) {
  std::string field = "message";
  map.text("field", field);
  const NodePtr* const match = map.require("match", "a grok pattern or a list of them");
  if (match == nullptr) return;
  if (is_flat_match(**match)) {
    map.complaints().add(Errc::kSyntax, (*match)->position,
                         "found a list of fields and patterns in turn, expected a map "
                         "`match: {FIELD: PATTERN}`, or a list of patterns only");
    return;
  }
  if ((*match)->kind != Node::Kind::kMap) return read_patterns(*match, field, context, options);
  if (map.has("field")) {
    map.complaints().add(Errc::kSyntax, map.position("field"),
                         "found both `field` and fields in `match`, expected one of them");
  }
  for (const Node::Entry& entry : (*match)->entries) {
    read_patterns(entry.value, entry.key, context, options);
  }
}

void read_effort(MapReader& map, parse::GrokOptions& options) {
  std::int64_t millis = 0;
  if (map.integer("timeout_millis", millis, std::int64_t{1}, kMostTimeoutMillis)) {
    options.matching.effort = std::chrono::milliseconds(millis);
  }
  Scope scope = Scope::kPattern;
  map.word("timeout_scope", scope, kScopes);
  options.effort_is_of_event = scope == Scope::kEvent;
}

// The patterns that expressions may use; `missing` tells of a shipped set that was not found.
struct Library {
  grok::PatternLibrary patterns;
  std::string missing;
};

Library shipped(grok::PatternSet set, StepContext& context) {
  if (const grok::PatternLibrary* const found = context.pattern_set(set)) return {*found, {}};
  return {{}, " (the shipped patterns were not found in " + context.roots() + ")"};
}

Library read_library(MapReader& map, StepContext& context) {
  grok::PatternSet set = grok::PatternSet::kLegacy;
  map.word("ecs_compatibility", set, kEcs);
  map.word("pattern_set", set, kSets);
  if (map.has("pattern_set") && map.has("ecs_compatibility")) {
    map.complaints().add(Errc::kSyntax, map.position("pattern_set"),
                         "found both `pattern_set` and `ecs_compatibility`, expected one of them");
  }
  Library library = shipped(set, context);
  std::string glob = "*";
  map.text("patterns_files_glob", glob);
  std::vector<std::string> directories;
  (void)read_texts(map, "patterns_dir", directories);
  for (const std::string& directory : directories) {
    const auto added = library.patterns.add_directory(context.beside_the_file(directory), glob);
    if (!added) context.complain(added.error(), map.position("patterns_dir"));
  }
  for (const Node::Entry& entry :
       read_entries(map, "pattern_definitions", "a map of 'NAME: regular expression'")) {
    const std::string* const body =
        settings::read_text(*entry.value, "a regular expression", map.complaints());
    if (body != nullptr)
      library.patterns.define(entry.key, {*body, context.place_of(*entry.value)});
  }
  return library;
}

}  // namespace

std::optional<parse::Step> read_grok_step(const NodePtr& node, StepContext& context) {
  const std::size_t before = context.complaints().count();
  parse::Step step;
  step.tag_on_failure = {"_grokparsefailure"};
  step.tag_on_give_up = {"_groktimeout"};
  parse::GrokOptions options;
  Library library;
  if (node->kind == Node::Kind::kMap) {
    MapReader map(*node, context.complaints());
    read_match(map, context, options);
    map.boolean("break_on_match", options.matching.break_on_match);
    map.boolean("named_captures_only", options.matching.named_captures_only);
    map.boolean("keep_empty_captures", options.matching.keep_empty_captures);
    map.boolean("compat", options.matching.compat);
    (void)read_texts(map, "overwrite", options.overwrite);
    map.text("target", options.target);
    read_effort(map, options);
    (void)read_texts(map, "tag_on_timeout", step.tag_on_give_up);
    library = read_library(map, context);
    read_common_options(map, step);
    map.finish();
  } else {
    read_patterns(node, "message", context, options);
    library = shipped(grok::PatternSet::kLegacy, context);
  }
  if (options.match.empty() && context.complaints().count() == before) {
    settings::complain(*node, kExpected, context.complaints());
  }
  if (context.complaints().count() > before) return std::nullopt;
  auto operation = parse::make_grok(std::move(options), library.patterns);
  if (!operation) {
    const bool unknown = operation.error().code == Errc::kUnknownName;
    context.complain(operation.error(), node->position, unknown ? library.missing : "");
    return std::nullopt;
  }
  step.operation = *std::move(operation);
  return step;
}

}  // namespace tocsin::rules
