// Fields: what a predicate can be asked about besides events and identities: anything that has an
// event's fields, in whatever form.
// Threads: as the implementation says.
#pragma once

#include <string_view>

#include "src/query/field.hpp"
#include "src/query/value.hpp"

namespace tocsin::query {

class Fields {
 public:
  virtual ~Fields() = default;

  // Not for kTags. `name`: of an attribute. What a text views must live as long as the question
  // takes.
  [[nodiscard]] virtual Value value(Field field, std::string_view name) const noexcept = 0;
  [[nodiscard]] virtual bool has_tags() const noexcept = 0;
  [[nodiscard]] virtual bool tagged(std::string_view tag) const noexcept = 0;
};

}  // namespace tocsin::query
