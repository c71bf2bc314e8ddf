// TextTemplate: a text with %{field} in it, as add_field, replace and their like take it.
//
//     "%{verb} on %{[http][host]}"   ->   "GET on shop.example"
//
// A field that is missing or null leaves its %{...} as it is written; a list gives its elements
// with commas between. Dates (%{+...}) stay as they are written.
// Threads: fixed after parse().
// Cost:    expand() copies nothing when there is no field in the text.
// Source:  Logstash's references to fields in strings ("sprintf format").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/rules/parse/field_name.hpp"
#include "src/rules/parse/record.hpp"

namespace tocsin::rules::parse {

class TextTemplate {
 public:
  // Every text is a template.
  [[nodiscard]] static TextTemplate parse(std::string_view text);

  // Lives as long as the template and the event.
  [[nodiscard]] std::string_view expand(const Record& record) const;

  // Whether there is no field in it.
  [[nodiscard]] bool is_constant() const noexcept { return parts_.empty(); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  // `before`, then the field.
  struct Part {
    std::string before;
    FieldName field;
    std::string spelling;  // "%{...}"
  };

  std::string text_;  // as it was written
  std::vector<Part> parts_;
  std::string rest_;  // behind the last part
};

}  // namespace tocsin::rules::parse
