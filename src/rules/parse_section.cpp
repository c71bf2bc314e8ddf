// `parse`: what is done to events before they reach their series, in the order written.
//
//     rule := name, where, keep, item
//     item := when, operations, steps, else        operations in the order in which they stand
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "src/rules/condition.hpp"
#include "src/rules/parse/mutate/mutate_operation.hpp"
#include "src/rules/sections.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"
#include "src/settings/reader.hpp"

namespace tocsin::rules {
namespace {

using settings::Complaints;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;
using settings::Word;

constexpr Word<parse::Keep> kKeep[] = {{"all", parse::Keep::kAll},
                                       {"failures", parse::Keep::kFailures},
                                       {"nothing", parse::Keep::kNothing}};

struct Kind {
  std::string_view key;
  ReadStep read;
};
constexpr Kind kKinds[] = {{"grok", read_grok_step},
                           {"dissect", read_dissect_step},
                           {"kv", read_kv_step},
                           {"json", read_json_step},
                           {"date", read_date_step},
                           {"mutate", read_mutate_step},
                           {"path_template", read_path_template_step}};
// Options that every step has are steps too.
constexpr std::string_view kDecorations[] = {"add_field", "remove_field", "add_tag", "remove_tag"};

class ItemReader {
 public:
  ItemReader(const Vocabulary& vocabulary, Complaints& complaints)
      : context_(vocabulary, complaints), complaints_(complaints) {}

  // The operations of an item, in order. `map`: of its node; others of its keys are the caller's.
  parse::Items read_operations(const Node& node, MapReader& map) {
    for (const Kind& kind : kKinds) (void)map.find(kind.key);
    for (const std::string_view key : kDecorations) (void)map.find(key);
    (void)map.find("drop");
    (void)map.find("steps");
    parse::Items items;
    for (const Node::Entry& entry : node.entries) read_operation(entry, items);
    return items;
  }

  parse::Items read_list(const NodePtr& node) {
    parse::Items items;
    constexpr std::string_view kExpected = "a list of steps ('- grok: ...')";
    for (const NodePtr& item : settings::read_list(node, kExpected, complaints_)) {
      if (item->kind == Node::Kind::kMap) {
        read_item(*item, items);
      } else {
        settings::complain(*item, "a step such as 'grok: PATTERN' or 'drop: true'", complaints_);
      }
    }
    return items;
  }

 private:
  void read_operation(const Node::Entry& entry, parse::Items& items) {
    const auto kind = std::ranges::find(kKinds, std::string_view(entry.key), &Kind::key);
    if (kind != std::end(kKinds)) {
      if (auto step = kind->read(entry.value, context_)) add(entry, *std::move(step), items);
    } else if (std::ranges::find(kDecorations, entry.key) != std::end(kDecorations)) {
      const Node single = only(entry);
      MapReader map(single, complaints_);
      parse::Step step;
      step.operation = parse::make_mutate({});
      step.on_success = read_decoration(map);
      add(entry, std::move(step), items);
    } else if (entry.key == "steps") {
      parse::Items steps = read_list(entry.value);
      std::move(steps.begin(), steps.end(), std::back_inserter(items));
    } else if (entry.key == "drop") {
      if (entry.value->kind == Node::Kind::kScalar && entry.value->text() == "true") {
        items.emplace_back(parse::Drop{});
      } else {
        settings::complain(*entry.value, "drop: true", complaints_);
      }
    }
  }

  void add(const Node::Entry& entry, parse::Step step, parse::Items& items) {
    step.kind = entry.key;
    step.place = settings::place(complaints_.file(), entry.position);
    items.emplace_back(std::move(step));
  }

  void read_item(const Node& node, parse::Items& items) {
    MapReader map(node, complaints_);
    const std::size_t before = complaints_.count();
    std::optional<Condition> when = read_condition(map, "when");
    const NodePtr* const otherwise = map.find("else");
    parse::Items then = read_operations(node, map);
    parse::Items others = otherwise == nullptr ? parse::Items() : read_list(*otherwise);
    map.finish();
    if (otherwise != nullptr && !map.has("when")) {
      complaints_.add(Errc::kSyntax, map.position("else"),
                      "found else without when, expected both in one step");
    }
    if (complaints_.count() > before) return;
    if (then.empty() && others.empty()) {
      complaints_.add(Errc::kSyntax, map.position(),
                      "found a step that does nothing, expected grok, dissect, kv, json, date, "
                      "mutate, drop or another operation");
    } else if (when) {
      auto choice = std::make_unique<parse::Choice>();
      choice->when = std::move(when->predicate);
      choice->then = std::move(then);
      choice->otherwise = std::move(others);
      items.emplace_back(std::move(choice));
    } else {
      std::move(then.begin(), then.end(), std::back_inserter(items));
    }
  }

  StepContext context_;
  Complaints& complaints_;
};

void read_rule(const Node& node, ItemReader& reader, std::vector<PlacedRule>& rules,
               Complaints& complaints) {
  MapReader map(node, complaints);
  if (!map.usable()) return;
  PlacedRule placed;
  placed.place = {complaints.file(), map.position()};
  parse::Rule& rule = placed.rule;
  map.text("name", rule.name);
  std::optional<Condition> where = require_condition(map, "where");
  map.word("keep", rule.keep, kKeep);
  for (const std::string_view key : {"when", "else"}) {
    map.refuse(key, Errc::kSyntax,
               "found " + std::string(key) + " in a parse rule, expected it in one of its steps; " +
                   "which events a rule is for is said by where");
  }
  const std::size_t before = complaints.count();
  rule.items = reader.read_operations(node, map);
  map.finish();
  if (rule.items.empty() && complaints.count() == before) {
    complaints.add(Errc::kSyntax, map.position(),
                   "found a parse rule that does nothing, expected grok, dissect, kv, json, date, "
                   "mutate, drop, steps or another operation");
  }
  if (!where) return;
  if (rule.name.empty()) rule.name = where->text;
  rule.where = std::move(where->predicate);
  rules.push_back(std::move(placed));
}

}  // namespace

void read_parse_rules(const Node& node, const Vocabulary& vocabulary,
                      std::vector<PlacedRule>& rules, Complaints& complaints) {
  if (node.kind != Node::Kind::kList) {
    settings::complain(node, "a list of parse rules ('- where: ...')", complaints);
    return;
  }
  ItemReader reader(vocabulary, complaints);
  for (const NodePtr& item : node.items) read_rule(*item, reader, rules, complaints);
}

}  // namespace tocsin::rules
