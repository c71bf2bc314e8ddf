// Changes of texts that several operations share.
// Cost:    what is changed is written to the arena; what needs no change is not copied.
#pragma once

#include <cstdint>
#include <string_view>

#include "src/rules/parse/record.hpp"

namespace tocsin::rules::parse {

enum class Transform : std::uint8_t { kNone, kLowercase, kUppercase, kCapitalize };

// Letters of ASCII only. Capitalised: the first letter large, all others small.
[[nodiscard]] std::string_view transformed(std::string_view text, Transform how, TextArena& arena);

// Without the letters of `letters` at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text, std::string_view letters) noexcept;

// Without any letter of `letters`.
[[nodiscard]] std::string_view without(std::string_view text, std::string_view letters,
                                       TextArena& arena);

// Replaces each text of a field, its only one or those of its list, by change(text). Other values
// stay. False: the field could not take it.
template <class Change>
bool change_texts(const FieldName& field, Record& record, Change&& change) {
  const Value value = record.find(field);
  if (value.is_text()) return record.set(field, Value::text(change(value.text())));
  if (!value.is_list()) return true;
  const auto changed = record.arena().array<Value>(value.list().size());
  std::size_t next = 0;
  for (const Value& element : value.list()) {
    changed[next++] = element.is_text() ? Value::text(change(element.text())) : element;
  }
  return record.set(field, Value::list(changed));
}

}  // namespace tocsin::rules::parse
