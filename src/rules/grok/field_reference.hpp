// Names fields of an event, nested ones too: `name`, or `[outer][inner]`.
//
// Anything that is not wholly of the bracket form is one flat key: `a.b` and `[a]b` are keys of the
// event itself. Within arrays a whole number chooses an element, negative ones from the end.
// Source:  reference of the grok filter, section 1 "SEMANTIC is a field reference".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/rules/grok/value.hpp"

namespace tocsin::rules::grok {

class FieldReference {
 public:
  // Every text is a reference.
  [[nodiscard]] static FieldReference parse(std::string_view text);

  // This one under another: `[outer]` and `name` give `[outer][name]`.
  [[nodiscard]] FieldReference under(const FieldReference& outer) const;

  // Null: not there.
  [[nodiscard]] Value* find(Object& event) const;
  [[nodiscard]] const Value* find(const Object& event) const;

  // The value, null at first; objects on the way are made. Null pointer: something else than an
  // object stands on the way, which stays as it is.
  [[nodiscard]] Value* find_or_add(Object& event) const;

  // Whether it was there.
  bool remove(Object& event) const;

  [[nodiscard]] const std::vector<std::string>& keys() const { return keys_; }

 private:
  std::vector<std::string> keys_;  // outermost first, at least one
};

}  // namespace tocsin::rules::grok
