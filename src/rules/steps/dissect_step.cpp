// `dissect: MAPPING`, or a map with Logstash's options.
#include <utility>

#include "src/rules/parse/dissect_operation.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"

namespace tocsin::rules {
namespace {

using settings::MapReader;
using settings::Node;
using settings::NodePtr;
using settings::Word;

constexpr std::string_view kExpected = "a mapping such as '%{a} %{b}: %{c}'";

void read_conversions(MapReader& map, parse::DissectOptions& options) {
  for (const Node::Entry& entry : read_entries(map, "convert_datatype", "a map of 'field: type'")) {
    if (entry.value->text() != "int" && entry.value->text() != "float") {
      settings::complain(*entry.value, "int or float", map.complaints());
      continue;
    }
    options.convert.push_back({FieldName::parse(entry.key), entry.value->text() == "int"});
  }
}

}  // namespace

std::optional<parse::Step> read_dissect_step(const NodePtr& node, StepContext& context) {
  const std::size_t before = context.complaints().count();
  parse::Step step;
  step.tag_on_failure = {"_dissectfailure"};
  parse::DissectOptions options;
  options.field = FieldName::parse("message");
  NodePtr mapping = node;
  if (node->kind == Node::Kind::kMap) {
    MapReader map(*node, context.complaints());
    (void)read_field(map, "field", options.field);
    const NodePtr* const found = map.require("mapping", kExpected);
    mapping = found == nullptr ? nullptr : *found;
    // Logstash's form: the field and its mapping.
    if (mapping != nullptr && mapping->kind == Node::Kind::kMap && mapping->entries.size() == 1) {
      options.field = FieldName::parse(mapping->entries.front().key);
      mapping = mapping->entries.front().value;
    }
    read_conversions(map, options);
    read_common_options(map, step);
    map.finish();
  }
  if (mapping != nullptr) {
    const std::string* const text = settings::read_text(*mapping, kExpected, context.complaints());
    if (text != nullptr) options.mapping = *text;
  }
  if (context.complaints().count() > before) return std::nullopt;
  auto operation = parse::make_dissect(std::move(options));
  if (!operation) {
    context.complaints().add(operation.error().code,
                             mapping->scalar.position(operation.error().where),
                             operation.error().text);
    return std::nullopt;
  }
  step.operation = *std::move(operation);
  return step;
}

}  // namespace tocsin::rules
