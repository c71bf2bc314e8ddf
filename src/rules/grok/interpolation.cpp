#include "src/rules/grok/interpolation.hpp"

#include "src/rules/grok/field_reference.hpp"

namespace tocsin::rules::grok {
namespace {

void append_field(const Value& value, std::string& out) {
  const Array* const array = value.array();
  if (array == nullptr) return append_text(value, out);
  for (const Value& element : *array) {
    if (&element != &array->front()) out.push_back(',');
    append_text(element, out);
  }
}

}  // namespace

std::string interpolate(std::string_view text, const Object& event) {
  std::string out;
  for (;;) {
    const std::size_t begin = text.find("%{");
    const std::size_t end = text.find('}', begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) break;
    out += text.substr(0, begin);
    const FieldReference field = FieldReference::parse(text.substr(begin + 2, end - begin - 2));
    const Value* const value = field.find(event);
    if (value == nullptr || value->is_null()) {
      out += text.substr(begin, end + 1 - begin);
    } else {
      append_field(*value, out);
    }
    text.remove_prefix(end + 1);
  }
  out += text;
  return out;
}

}  // namespace tocsin::rules::grok
