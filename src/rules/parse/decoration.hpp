// Decoration: the changes that every operation may bring along on success, and that a step may make
// by itself: add_field, remove_field, add_tag, remove_tag, in this order.
// Names and values may hold %{field}. A field that exists becomes a list when another value is
// added; of the event's own fields it is replaced.
// Threads: fixed after construction.
// Source:  Logstash's common options of filters.
#pragma once

#include <vector>

#include "src/rules/parse/record.hpp"
#include "src/rules/parse/text_template.hpp"

namespace tocsin::rules::parse {

// A name of a field that may depend on other fields.
class TargetName {
 public:
  explicit TargetName(std::string_view reference)
      : constant_(FieldName::parse(reference)), text_(TextTemplate::parse(reference)) {}

  // Lives as long as the event.
  [[nodiscard]] FieldKey key(const Record& record) const;

 private:
  FieldName constant_;
  TextTemplate text_;
};

struct AddedField {
  TargetName name;
  std::vector<TextTemplate> values;
};

struct Decoration {
  std::vector<AddedField> add_field;
  std::vector<TargetName> remove_field;
  std::vector<TextTemplate> add_tag;
  std::vector<TextTemplate> remove_tag;

  [[nodiscard]] bool empty() const noexcept {
    return add_field.empty() && remove_field.empty() && add_tag.empty() && remove_tag.empty();
  }
  // False: a field could not take what was added (a metric that is no number).
  bool apply(Record& record) const;
};

}  // namespace tocsin::rules::parse
