// `path_template: FIELD`, or a map with `field`, `target`, `routes` and `segments`.
#include <utility>

#include "src/rules/parse/path_template.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"

namespace tocsin::rules {
namespace {

using settings::MapReader;
using settings::Node;
using settings::NodePtr;

constexpr std::uint32_t kSegments = 6;

// Appends those that are routes.
void read_routes(MapReader& map, std::vector<std::string>& routes) {
  const NodePtr* const node = map.find("routes");
  if (node == nullptr) return;
  constexpr std::string_view kExpected = "a route such as /users/:id";
  for (const NodePtr& item : settings::read_list(*node, kExpected, map.complaints())) {
    const std::string* const text = settings::read_text(*item, kExpected, map.complaints());
    if (text == nullptr) continue;
    const auto made = parse::PathTemplate::make({*text}, kSegments);
    if (made) {
      routes.push_back(*text);
    } else {
      map.complaints().add(made.error().code, item->position, made.error().text);
    }
  }
}

}  // namespace

std::optional<parse::Step> read_path_template_step(const NodePtr& node, StepContext& context) {
  const std::size_t before = context.complaints().count();
  parse::Step step;
  step.tag_on_failure = {"_pathtemplatefailure"};
  FieldName field = FieldName::parse("request");
  FieldName target = FieldName::parse("route");
  std::vector<std::string> routes;
  std::uint32_t segments = kSegments;
  if (node->kind == Node::Kind::kMap) {
    MapReader map(*node, context.complaints());
    (void)read_field(map, "field", field);
    (void)read_field(map, "target", target);
    read_routes(map, routes);
    map.integer("segments", segments, std::uint32_t{1},
                std::uint32_t{parse::PathTemplate::kMostSegments});
    read_common_options(map, step);
    map.finish();
  } else {
    const std::string* const name = settings::read_text(
        *node, "the name of a field, or a map with `field: FIELD`", context.complaints());
    if (name != nullptr) field = FieldName::parse(*name);
  }
  if (context.complaints().count() > before) return std::nullopt;
  step.operation = parse::make_path_template(
      {std::move(field), std::move(target), *parse::PathTemplate::make(routes, segments)});
  return step;
}

}  // namespace tocsin::rules
