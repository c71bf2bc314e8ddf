#include "src/rules/grok/captures.hpp"

#include <optional>
#include <string>

#include "src/rules/grok/coercion.hpp"

namespace tocsin::rules::grok {
namespace {

struct ToValue {
  Value operator()(std::string_view text) const { return {std::string(text)}; }
  Value operator()(BigDigits digits) const { return {big_integer(digits.text)}; }
  template <class T>
  Value operator()(const T& same) const {
    return {same};
  }
};

}  // namespace

CapturedValue captured_value(std::string_view text, CaptureType type) {
  switch (type) {
    case CaptureType::kInteger: {
      const std::optional<std::int64_t> integer = leading_integer(text);
      if (integer) return *integer;
      return BigDigits{text};
    }
    case CaptureType::kFloat:
      return leading_float(text);
    case CaptureType::kString:
      break;
  }
  return text;
}

Value to_value(const CapturedValue& captured) {
  return std::visit(ToValue{}, captured);
}

}  // namespace tocsin::rules::grok
