// A field's value in an event that grok works on: a tree as JSON has it.
// Integers beyond 64 bits keep their digits. Objects keep the order in which keys were added; they
// are searched from front to back, as events have few fields on each level.
// Threads: a plain value type.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tocsin::rules::grok {

// An integer that no std::int64_t holds: an optional '-' and digits without leading zeros.
struct BigInteger {
  std::string digits;
  bool operator==(const BigInteger&) const = default;
};

struct Member;
struct Value;
using Array = std::vector<Value>;
using Object = std::vector<Member>;  // keys are unique

struct Null {
  bool operator==(const Null&) const = default;
};

struct Value {
  std::variant<Null, bool, std::int64_t, BigInteger, double, std::string, Array, Object> data;

  [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(data); }
  [[nodiscard]] std::string* text() { return std::get_if<std::string>(&data); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&data); }
  [[nodiscard]] Array* array() { return std::get_if<Array>(&data); }
  [[nodiscard]] const Array* array() const { return std::get_if<Array>(&data); }
  [[nodiscard]] Object* object() { return std::get_if<Object>(&data); }
  [[nodiscard]] const Object* object() const { return std::get_if<Object>(&data); }
};

struct Member {
  std::string key;
  Value value;
};

// The same types and the same contents; the order of an object's keys does not matter.
[[nodiscard]] bool operator==(const Value& a, const Value& b);
[[nodiscard]] bool operator==(const Member& a, const Member& b);

// Null: no such key.
[[nodiscard]] Value* find(Object& object, std::string_view key);
[[nodiscard]] const Value* find(const Object& object, std::string_view key);

// As text that an expression can match and a %{field} can show: a string as it is, numbers as the
// shortest text that reads back the same with at least one decimal for doubles (1.0, 1.0e+20), null
// as nothing, arrays and objects as JSON.
void append_text(const Value& value, std::string& out);

// One line of JSON, with all digits of big integers.
void append_json(const Value& value, std::string& out);

}  // namespace tocsin::rules::grok
