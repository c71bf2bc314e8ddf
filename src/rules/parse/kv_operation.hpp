// Kv: pairs of a key and a value, scattered over a text, become fields.
//
//     pid=12 user="J. Doe" path=/a tag=x tag=y      pid, user, path; tag is a list
//
//     pair  := key blank* value_split blank* value        (blank* only where whitespace is lenient)
//     key   := (not field_split, not value_split | "\" any)+
//     value := '"' .. '"' | "'" .. "'" | "(" .. ")" | "[" .. "]" | "<" .. ">" | (not field_split)*
//
// A value in quotes or brackets counts as such when a field_split or the end stands behind it. What
// is no pair is passed over. Fields are replaced.
// kSkipped: the field is missing, or holds no pair.
// Limits:  kMostPairs pairs of a text; values that are pairs themselves, four levels deep.
// Cost:    one pass; no allocation in the steady state.
// Source:  Logstash's kv filter, as described in the reference of grok, section 5, and its manual.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/rules/grok/regex.hpp"
#include "src/rules/parse/operation.hpp"
#include "src/rules/parse/text_change.hpp"

namespace tocsin::rules::parse {

inline constexpr std::size_t kMostPairs = 1024;

struct KvOptions {
  FieldName field;
  std::optional<FieldName> target;  // below which fields are put; empty: the event
  std::string prefix;               // of their names
  std::string field_split = " ";    // each of these letters; unless there is a pattern
  std::string value_split = "=";
  std::optional<grok::Regex> field_split_pattern;
  std::optional<grok::Regex> value_split_pattern;
  bool lenient = true;  // about blanks around value_split
  bool include_brackets = true;
  bool allow_duplicate_values = true;
  bool allow_empty_values = false;
  bool recursive = false;
  std::string trim_key;  // letters that are taken off both ends
  std::string trim_value;
  std::string remove_char_key;  // letters that are taken out
  std::string remove_char_value;
  Transform transform_key = Transform::kNone;
  Transform transform_value = Transform::kNone;
  std::vector<std::string> include_keys;  // empty: all
  std::vector<std::string> exclude_keys;
  std::vector<std::pair<std::string, std::string>> default_keys;  // for keys that did not occur
};

[[nodiscard]] OperationPtr make_kv(KvOptions options);

}  // namespace tocsin::rules::parse
