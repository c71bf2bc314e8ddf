// `mutate`: a map of changes, which are made in Logstash's fixed order.
#include <utility>

#include "src/rules/parse/mutate/assign.hpp"
#include "src/rules/parse/mutate/convert.hpp"
#include "src/rules/parse/mutate/gsub.hpp"
#include "src/rules/parse/mutate/letter_case.hpp"
#include "src/rules/parse/mutate/lists.hpp"
#include "src/rules/parse/mutate/mutate_operation.hpp"
#include "src/rules/parse/mutate/rename.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"

namespace tocsin::rules {
namespace {

using parse::ValueType;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;
using settings::Word;

constexpr Word<ValueType> kTypes[] = {
    {"integer", ValueType::kInteger},      {"float", ValueType::kFloat},
    {"string", ValueType::kString},        {"boolean", ValueType::kBoolean},
    {"integer_eu", ValueType::kIntegerEu}, {"float_eu", ValueType::kFloatEu}};

parse::Assignments read_assignments(MapReader& map, std::string_view key) {
  parse::Assignments assignments;
  for (auto& [field, text] : read_pairs(map, key, "a map of 'field: text'")) {
    assignments.emplace_back(FieldName::parse(field), parse::TextTemplate::parse(text));
  }
  return assignments;
}

parse::Renames read_renames(MapReader& map, std::string_view key) {
  parse::Renames renames;
  for (const Node::Entry& entry : read_entries(map, key, "a map of 'field: new name'")) {
    const std::string* const to =
        settings::read_text(*entry.value, "the name of a field", map.complaints());
    if (to != nullptr) {
      renames.emplace_back(FieldName::parse(entry.key), parse::TargetName(*to));
    }
  }
  return renames;
}

parse::Conversions read_conversions(MapReader& map) {
  parse::Conversions conversions;
  for (const Node::Entry& entry : read_entries(map, "convert", "a map of 'field: type'")) {
    const Node single = only(entry);
    MapReader one(single, map.complaints());
    ValueType type = ValueType::kString;
    if (one.word(entry.key, type, kTypes)) {
      conversions.emplace_back(FieldName::parse(entry.key), type);
    }
  }
  return conversions;
}

// Triples in one list, as Logstash has them, or a list of triples.
void read_gsub(MapReader& map, StepContext& context, std::vector<parse::OperationPtr>& operations) {
  const NodePtr* const node = map.find("gsub");
  if (node == nullptr) return;
  constexpr std::string_view kExpected = "[FIELD, EXPRESSION, REPLACEMENT], or a list of these";
  const auto complain = [&](const Node& at) {
    settings::complain(at, kExpected, map.complaints());
  };
  if ((*node)->kind != Node::Kind::kList || (*node)->items.empty()) return complain(**node);
  std::vector<NodePtr> items;
  for (const NodePtr& item : (*node)->items) {
    if (item->kind != Node::Kind::kList) {
      items.push_back(item);
    } else if (item->items.size() == 3) {
      items.insert(items.end(), item->items.begin(), item->items.end());
    } else {
      return complain(*item);
    }
  }
  if (items.size() % 3 != 0) return complain(**node);
  std::vector<parse::GsubOptions> substitutions;
  for (std::size_t i = 0; i < items.size(); i += 3) {
    const std::string* const field =
        settings::read_text(*items[i], "the name of a field", map.complaints());
    const std::string* const expression =
        settings::read_text(*items[i + 1], "a regular expression", map.complaints());
    const std::string* const replacement = read_any_text(*items[i + 2], "a text", map.complaints());
    if (field == nullptr || expression == nullptr || replacement == nullptr) return;
    substitutions.push_back(
        {FieldName::parse(*field), *expression, context.place_of(*items[i + 1]), *replacement});
  }
  auto operation = parse::make_gsub(std::move(substitutions));
  if (!operation) return context.complain(operation.error(), (*node)->position);
  operations.push_back(*std::move(operation));
}

parse::Separations read_separations(MapReader& map, std::string_view key) {
  parse::Separations separations;
  for (const Node::Entry& entry : read_entries(map, key, "a map of 'field: separator'")) {
    const std::string* const text =
        settings::read_text(*entry.value, "what stands between elements", map.complaints());
    if (text != nullptr) separations.emplace_back(FieldName::parse(entry.key), *text);
  }
  return separations;
}

std::vector<std::pair<FieldName, FieldName>> read_merges(MapReader& map) {
  std::vector<std::pair<FieldName, FieldName>> merges;
  for (const Node::Entry& entry : read_entries(map, "merge", "a map of 'field: field'")) {
    for (const NodePtr& item :
         settings::read_list(entry.value, "the name of a field", map.complaints())) {
      const std::string* const from =
          settings::read_text(*item, "the name of a field", map.complaints());
      if (from != nullptr) {
        merges.emplace_back(FieldName::parse(entry.key), FieldName::parse(*from));
      }
    }
  }
  return merges;
}

}  // namespace

std::optional<parse::Step> read_mutate_step(const NodePtr& node, StepContext& context) {
  const std::size_t before = context.complaints().count();
  parse::Step step;
  step.tag_on_failure = {"_mutate_error"};
  step.tag_on_give_up = {"_mutate_error"};
  MapReader map(*node, context.complaints());
  if (!map.usable()) return std::nullopt;
  std::vector<parse::OperationPtr> operations;
  const auto add = [&](std::string_view key, auto values, auto make) {
    if (map.has(key)) operations.push_back(make(std::move(values)));
  };
  const auto assign = [](parse::AssignTo to) {
    return [to](parse::Assignments values) { return parse::make_assign(to, std::move(values)); };
  };
  const auto transform = [&](std::string_view key, parse::Transform how) {
    std::vector<FieldName> fields;
    (void)read_fields(map, key, fields);
    add(key, std::move(fields), [how](std::vector<FieldName> values) {
      return parse::make_transform(how, std::move(values));
    });
  };
  add("coerce", read_assignments(map, "coerce"), assign(parse::AssignTo::kNull));
  add("rename", read_renames(map, "rename"), parse::make_rename);
  add("update", read_assignments(map, "update"), assign(parse::AssignTo::kPresent));
  add("replace", read_assignments(map, "replace"), assign(parse::AssignTo::kAny));
  add("convert", read_conversions(map), parse::make_convert);
  read_gsub(map, context, operations);
  transform("uppercase", parse::Transform::kUppercase);
  transform("capitalize", parse::Transform::kCapitalize);
  transform("lowercase", parse::Transform::kLowercase);
  std::vector<FieldName> stripped;
  (void)read_fields(map, "strip", stripped);
  add("strip", std::move(stripped), parse::make_strip);
  add("split", read_separations(map, "split"), parse::make_split);
  add("join", read_separations(map, "join"), parse::make_join);
  add("merge", read_merges(map), parse::make_merge);
  add("copy", read_renames(map, "copy"), parse::make_copy);
  read_common_options(map, step);
  map.finish();
  if (context.complaints().count() > before) return std::nullopt;
  if (operations.empty() && step.on_success.empty()) {
    context.complaints().add(Errc::kSyntax, node->position,
                             "found a mutate that changes nothing, expected rename, convert, gsub "
                             "or another change");
    return std::nullopt;
  }
  step.operation = parse::make_mutate(std::move(operations));
  return step;
}

}  // namespace tocsin::rules
