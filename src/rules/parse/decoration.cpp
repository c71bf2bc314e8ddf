#include "src/rules/parse/decoration.hpp"

#include <string>

namespace tocsin::rules::parse {
namespace {

bool add_value(const FieldKey& key, std::string_view text, Record& record) {
  const Value value = Value::text(text);
  if (key.role == FieldRole::kTags) {
    record.add_tag(text);
    return true;
  }
  if (key.role != FieldRole::kAttribute) return record.set(key, value);
  const Value old = record.find(key);
  return record.set(key, old.is_none() ? value : concatenated(old, value, record.arena()));
}

}  // namespace

FieldKey TargetName::key(const Record& record) const {
  if (text_.is_constant()) return constant_;
  const std::string_view reference = text_.expand(record);
  // A reference in brackets is rare where names are made of fields.
  if (!reference.starts_with('[')) return FieldKey(reference);
  return FieldKey(record.arena().copy(FieldName::parse(reference).text()));
}

bool Decoration::apply(Record& record) const {
  bool taken = true;
  for (const AddedField& added : add_field) {
    const FieldKey key = added.name.key(record);
    for (const TextTemplate& value : added.values) {
      taken = add_value(key, value.expand(record), record) && taken;
    }
  }
  for (const TargetName& field : remove_field) (void)record.remove(field.key(record));
  for (const TextTemplate& tag : add_tag) record.add_tag(tag.expand(record));
  for (const TextTemplate& tag : remove_tag) record.remove_tag(tag.expand(record));
  return taken;
}

}  // namespace tocsin::rules::parse
