#include "src/rules/parse/mutate/convert.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "src/rules/grok/coercion.hpp"
#include "src/rules/parse/text_change.hpp"

namespace tocsin::rules::parse {
namespace {

constexpr std::string_view kTrue[] = {"true", "t", "yes", "y", "1", "1.0"};
constexpr std::string_view kFalse[] = {"false", "f", "no", "n", "0", "0.0", ""};

// Within what both can hold.
constexpr double kMostInteger = 9.2e18;

template <std::size_t N>
bool is_one_of(std::string_view text, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

// A text with points and commas as they are meant, and without those that group digits.
std::string_view plain_number(std::string_view text, bool european, TextArena& arena) {
  if (!european) return without(text, ",", arena);
  if (text.find_first_of(".,") == std::string_view::npos) return text;
  text = without(text, ".", arena);
  char* const made = arena.allocate(text.size());
  std::replace_copy(text.begin(), text.end(), made, ',', '.');
  return {made, text.size()};
}

Value to_integer(const Value& value, bool european, TextArena& arena) {
  switch (value.kind()) {
    case Value::Kind::kReal:
      if (!(std::abs(value.real()) < kMostInteger)) return value;
      return Value::integer(static_cast<std::int64_t>(value.real()));
    case Value::Kind::kBoolean:
      return Value::integer(value.boolean() ? 1 : 0);
    case Value::Kind::kText: {
      const std::string_view text = plain_number(value.text(), european, arena);
      if (const auto integer = grok::leading_integer(text)) return Value::integer(*integer);
      return Value::text(arena.copy(grok::big_integer(text).digits));
    }
    default:
      return value;
  }
}

Value to_float(const Value& value, bool european, TextArena& arena) {
  switch (value.kind()) {
    case Value::Kind::kInteger:
      return Value::real(static_cast<double>(value.integer()));
    case Value::Kind::kBoolean:
      return Value::real(value.boolean() ? 1 : 0);
    case Value::Kind::kText:
      return Value::real(grok::leading_float(plain_number(value.text(), european, arena)));
    default:
      return value;
  }
}

Value to_boolean(const Value& value, TextArena& arena) {
  if (value.kind() == Value::Kind::kBoolean) return value;
  const std::string_view text = transformed(as_text(value, arena), Transform::kLowercase, arena);
  if (is_one_of(text, kTrue)) return Value::boolean(true);
  if (is_one_of(text, kFalse)) return Value::boolean(false);
  return value;
}

Value converted(const Value& value, ValueType type, TextArena& arena) {
  switch (type) {
    case ValueType::kInteger:
    case ValueType::kIntegerEu:
      return to_integer(value, type == ValueType::kIntegerEu, arena);
    case ValueType::kFloat:
    case ValueType::kFloatEu:
      return to_float(value, type == ValueType::kFloatEu, arena);
    case ValueType::kBoolean:
      return to_boolean(value, arena);
    case ValueType::kString:
      break;
  }
  return Value::text(as_text(value, arena));
}

class Convert final : public Operation {
 public:
  explicit Convert(Conversions conversions) : conversions_(std::move(conversions)) {}

  Outcome apply(Record& record, Memory*) const override {
    bool taken = true;
    TextArena& arena = record.arena();
    for (const auto& [field, type] : conversions_) {
      const Value value = record.find(field);
      if (value.is_none()) continue;
      if (!value.is_list()) {
        taken = record.set(field, converted(value, type, arena)) && taken;
        continue;
      }
      const auto list = arena.array<Value>(value.list().size());
      std::ranges::transform(value.list(), list.begin(), [&, kind = type](const Value& element) {
        return converted(element, kind, arena);
      });
      taken = record.set(field, Value::list(list)) && taken;
    }
    return taken ? Outcome::kDone : Outcome::kFailed;
  }
  std::string explain(const Record&, const Memory*) const override {
    return "a field cannot hold its value in another type";
  }

 private:
  Conversions conversions_;
};

}  // namespace

OperationPtr make_convert(Conversions conversions) {
  return std::make_unique<Convert>(std::move(conversions));
}

}  // namespace tocsin::rules::parse
