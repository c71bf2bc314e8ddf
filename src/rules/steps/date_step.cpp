// `date: FIELD` (ISO8601), or a map: `match: [FIELD, FORMAT...]` as Logstash has it, or `field` and
// `formats`.
#include <utility>

#include "src/rules/parse/date_operation.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"

namespace tocsin::rules {
namespace {

using settings::MapReader;
using settings::Node;
using settings::NodePtr;

constexpr std::string_view kFormat = "a format such as ISO8601 or yyyy-MM-dd HH:mm:ss";

void add_format(const Node& node, parse::DateOptions& options, StepContext& context) {
  const std::string* const text = settings::read_text(node, kFormat, context.complaints());
  if (text == nullptr) return;
  auto format = parse::TimeFormat::parse(*text);
  if (!format) {
    context.complaints().add(format.error().code, node.scalar.position(format.error().where),
                             format.error().text);
    return;
  }
  options.formats.push_back(*std::move(format));
  options.format_texts.push_back(*text);
}

void read_match(const Node& node, parse::DateOptions& options, StepContext& context) {
  if (node.kind != Node::Kind::kList || node.items.size() < 2) {
    settings::complain(node, "[FIELD, FORMAT...]", context.complaints());
    return;
  }
  const std::string* const field =
      settings::read_text(*node.items.front(), "the name of a field", context.complaints());
  if (field != nullptr) options.field = FieldName::parse(*field);
  for (std::size_t i = 1; i < node.items.size(); ++i) add_format(*node.items[i], options, context);
}

void read_field_and_formats(MapReader& map, parse::DateOptions& options, StepContext& context) {
  if (!map.has("field")) {
    map.complaints().add(Errc::kSyntax, map.position(),
                         "found a date without a field, expected `match: [FIELD, FORMAT...]`, or "
                         "`field` and `formats`");
  }
  (void)read_field(map, "field", options.field);
  const NodePtr* const formats = map.find("formats");
  if (formats == nullptr) return;
  for (const NodePtr& item : settings::read_list(*formats, kFormat, map.complaints())) {
    add_format(*item, options, context);
  }
}

}  // namespace

std::optional<parse::Step> read_date_step(const NodePtr& node, StepContext& context) {
  const std::size_t before = context.complaints().count();
  parse::Step step;
  step.tag_on_failure = {"_dateparsefailure"};
  parse::DateOptions options;
  settings::Position zone_position = node->position;
  if (node->kind == Node::Kind::kMap) {
    MapReader map(*node, context.complaints());
    if (const NodePtr* const match = map.find("match")) {
      read_match(**match, options, context);
    } else {
      read_field_and_formats(map, options, context);
    }
    map.text("timezone", options.timezone);
    zone_position = map.position("timezone");
    (void)read_field(map, "target", options.target);
    std::string locale = "en";
    if (map.text("locale", locale) && !locale.starts_with("en")) {
      context.complaints().add(Errc::kUnsupported, map.position("locale"),
                               "found the locale " + settings::in_quotes(locale) +
                                   ", expected en: names of months are read in English");
    }
    read_common_options(map, step);
    map.finish();
  } else {
    const std::string* const name =
        settings::read_text(*node, "the name of a field, or a map with `match: [FIELD, FORMAT...]`",
                            context.complaints());
    if (name != nullptr) options.field = FieldName::parse(*name);
  }
  if (context.complaints().count() > before) return std::nullopt;
  if (options.formats.empty()) {
    options.formats = {*parse::TimeFormat::parse("ISO8601")};
    options.format_texts = {"ISO8601"};
  }
  auto operation = parse::make_date(std::move(options));
  if (!operation) {
    context.complaints().add(operation.error().code, zone_position,
                             "found an " + operation.error().text);
    return std::nullopt;
  }
  step.operation = *std::move(operation);
  return step;
}

}  // namespace tocsin::rules
