// `kv: FIELD`, or a map with Logstash's options.
#include <utility>

#include "src/rules/grok/dialect.hpp"
#include "src/rules/grok/expansion.hpp"
#include "src/rules/parse/kv_operation.hpp"
#include "src/rules/steps/step_fields.hpp"
#include "src/rules/steps/steps.hpp"

namespace tocsin::rules {
namespace {

using parse::Transform;
using settings::MapReader;
using settings::Node;
using settings::NodePtr;
using settings::Word;

constexpr Word<Transform> kTransforms[] = {{"lowercase", Transform::kLowercase},
                                           {"uppercase", Transform::kUppercase},
                                           {"capitalize", Transform::kCapitalize}};
constexpr Word<bool> kWhitespace[] = {{"lenient", true}, {"strict", false}};

void read_pattern(MapReader& map, std::string_view key, StepContext& context,
                  std::optional<grok::Regex>& out) {
  const NodePtr* const node = map.find(key);
  if (node == nullptr) return;
  const std::string* const text =
      settings::read_text(**node, "a regular expression", map.complaints());
  if (text == nullptr) return;
  grok::Expansion source;
  source.append(*text, context.place_of(**node));
  const auto translation = grok::translate(source);
  if (!translation) return context.complain(translation.error(), (*node)->position);
  auto regex = grok::Regex::compile(*translation, source);
  if (!regex) return context.complain(regex.error(), (*node)->position);
  out = *std::move(regex);
}

void read_options(MapReader& map, StepContext& context, parse::KvOptions& options) {
  (void)read_field(map, "source", options.field);
  FieldName target;
  if (read_field(map, "target", target)) options.target = std::move(target);
  map.text("prefix", options.prefix);
  map.text("field_split", options.field_split);
  map.text("value_split", options.value_split);
  read_pattern(map, "field_split_pattern", context, options.field_split_pattern);
  read_pattern(map, "value_split_pattern", context, options.value_split_pattern);
  map.word("whitespace", options.lenient, kWhitespace);
  map.boolean("include_brackets", options.include_brackets);
  map.boolean("allow_duplicate_values", options.allow_duplicate_values);
  map.boolean("allow_empty_values", options.allow_empty_values);
  map.boolean("recursive", options.recursive);
  map.text("trim_key", options.trim_key);
  map.text("trim_value", options.trim_value);
  map.text("remove_char_key", options.remove_char_key);
  map.text("remove_char_value", options.remove_char_value);
  map.word("transform_key", options.transform_key, kTransforms);
  map.word("transform_value", options.transform_value, kTransforms);
  (void)read_texts(map, "include_keys", options.include_keys);
  (void)read_texts(map, "exclude_keys", options.exclude_keys);
  options.default_keys = read_pairs(map, "default_keys", "a map of 'key: value'");
}

}  // namespace

std::optional<parse::Step> read_kv_step(const NodePtr& node, StepContext& context) {
  const std::size_t before = context.complaints().count();
  parse::Step step;
  step.tag_on_failure = {"_kv_filter_error"};
  parse::KvOptions options;
  options.field = FieldName::parse("message");
  if (node->kind == Node::Kind::kMap) {
    MapReader map(*node, context.complaints());
    read_options(map, context, options);
    read_common_options(map, step);
    map.finish();
  } else {
    const std::string* const name = settings::read_text(
        *node, "the name of a field, or a map with `source: FIELD`", context.complaints());
    if (name != nullptr) options.field = FieldName::parse(*name);
  }
  if (context.complaints().count() > before) return std::nullopt;
  step.operation = parse::make_kv(std::move(options));
  return step;
}

}  // namespace tocsin::rules
