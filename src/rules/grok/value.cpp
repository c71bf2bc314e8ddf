#include "src/rules/grok/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tocsin::rules::grok {
namespace {

bool is_same_object(const Object& a, const Object& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Member& member) {
           const Value* const other = find(b, member.key);
           return other != nullptr && member.value == *other;
         });
}

void append_integer(std::int64_t number, std::string& out) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

// As the reference spells a number: 1.0, 0.0001, 1.0e-05, 1.0e+16.
void append_double(double number, std::string& out) {
  if (std::isnan(number)) {
    out += "NaN";
    return;
  }
  if (std::isinf(number)) {
    out += number < 0 ? "-Infinity" : "Infinity";
    return;
  }
  constexpr double kLeastFixed = 1e-4;
  constexpr double kFirstScientific = 1e16;
  const double size = std::fabs(number);
  const bool fixed = number == 0 || (size >= kLeastFixed && size < kFirstScientific);
  char digits[48];
  const char* const end =
      std::to_chars(digits, digits + sizeof digits, number,
                    fixed ? std::chars_format::fixed : std::chars_format::scientific)
          .ptr;
  const std::string_view text(digits, static_cast<std::size_t>(end - digits));
  const std::size_t exponent = std::min(text.find('e'), text.size());
  out += text.substr(0, exponent);
  if (text.substr(0, exponent).find('.') == std::string_view::npos) out += ".0";
  out += text.substr(exponent);
}

void append_quoted(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

struct JsonWriter {
  std::string& out;

  void operator()(Null) const { out += "null"; }
  void operator()(bool truth) const { out += truth ? "true" : "false"; }
  void operator()(std::int64_t number) const { append_integer(number, out); }
  void operator()(const BigInteger& number) const { out += number.digits; }
  void operator()(double number) const {
    if (std::isfinite(number)) {
      append_double(number, out);
    } else {
      out += "null";  // JSON has no word for it
    }
  }
  void operator()(const std::string& text) const { append_quoted(text, out); }
  void operator()(const Array& array) const {
    out.push_back('[');
    for (const Value& value : array) {
      if (&value != &array.front()) out.push_back(',');
      append_json(value, out);
    }
    out.push_back(']');
  }
  void operator()(const Object& object) const {
    out.push_back('{');
    for (const Member& member : object) {
      if (&member != &object.front()) out.push_back(',');
      append_quoted(member.key, out);
      out.push_back(':');
      append_json(member.value, out);
    }
    out.push_back('}');
  }
};

}  // namespace

bool operator==(const Value& a, const Value& b) {
  if (a.object() != nullptr && b.object() != nullptr) {
    return is_same_object(*a.object(), *b.object());
  }
  return a.data == b.data;
}

bool operator==(const Member& a, const Member& b) {
  return a.key == b.key && a.value == b.value;
}

Value* find(Object& object, std::string_view key) {
  for (Member& member : object) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

const Value* find(const Object& object, std::string_view key) {
  return find(const_cast<Object&>(object), key);
}

void append_text(const Value& value, std::string& out) {
  if (value.is_null()) return;
  if (const std::string* text = value.text()) {
    out += *text;
  } else if (const double* number = std::get_if<double>(&value.data)) {
    append_double(*number, out);
  } else {
    append_json(value, out);
  }
}

void append_json(const Value& value, std::string& out) {
  std::visit(JsonWriter{out}, value.data);
}

}  // namespace tocsin::rules::grok
