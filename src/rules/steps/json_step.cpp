// `json: FIELD`, or a map with Logstash's options.
#include <utility>

#include "src/rules/parse/json_operation.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"

namespace tocsin::rules {

using settings::MapReader;
using settings::Node;
using settings::NodePtr;

std::optional<parse::Step> read_json_step(const NodePtr& node, StepContext& context) {
  const std::size_t before = context.complaints().count();
  parse::Step step;
  step.tag_on_failure = {"_jsonparsefailure"};
  parse::JsonOptions options;
  options.field = FieldName::parse("message");
  if (node->kind == Node::Kind::kMap) {
    MapReader map(*node, context.complaints());
    (void)read_field(map, "source", options.field);
    FieldName target;
    if (read_field(map, "target", target)) options.target = std::move(target);
    map.boolean("skip_on_invalid_json", options.skip_on_invalid);
    read_common_options(map, step);
    map.finish();
  } else {
    const std::string* const name = settings::read_text(
        *node, "the name of a field, or a map with `source: FIELD`", context.complaints());
    if (name != nullptr) options.field = FieldName::parse(*name);
  }
  if (context.complaints().count() > before) return std::nullopt;
  step.operation = parse::make_json(std::move(options));
  return step;
}

}  // namespace tocsin::rules
