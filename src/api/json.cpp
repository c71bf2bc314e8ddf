#include "src/api/json.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

#include "src/event/utf8.hpp"

namespace tocsin::api {
namespace {

void append_escaped(std::string_view text, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
          out.push_back(kHex[static_cast<unsigned char>(c) & 15]);
        } else {
          out.push_back(c);
        }
    }
  }
}

// Replaces each byte that belongs to no character with U+FFFD.
std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length <= 4 && length <= text.size() && !event::is_utf8(text.substr(0, length))) {
      ++length;
    }
    if (length > 4 || length > text.size()) {
      out += "\xef\xbf\xbd";
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

void append_integer(std::int64_t number, std::string& out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end.ptr);
}

// `,"key":` or, for the first member, `"key":`.
void append_key(std::string_view key, std::string& out) {
  if (out.back() != '{') out.push_back(',');
  out.push_back('"');
  out += key;
  out += "\":";
}

}  // namespace

void append_json(std::string_view text, std::string& out) {
  out.push_back('"');
  append_escaped(event::is_utf8(text) ? text : std::string_view(repaired(text)), out);
  out.push_back('"');
}

void append_json(double number, std::string& out) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end.ptr);
}

void append_seconds(std::chrono::nanoseconds span, std::string& out) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  const std::int64_t total = span.count();
  if (total < 0) out.push_back('-');
  const std::int64_t seconds = std::abs(total / kPerSecond);
  std::int64_t fraction = std::abs(total % kPerSecond);
  append_integer(seconds, out);
  if (fraction == 0) return;
  std::string digits = std::to_string(kPerSecond + fraction).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  out.push_back('.');
  out += digits;
}

void append_json(const Event& event, std::string& out) {
  out.push_back('{');
  append_key("time", out);
  append_seconds(event.time.time_since_epoch(), out);
  const auto text = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    append_key(key, out);
    append_json(std::string_view(value), out);
  };
  text("host", event.host);
  text("service", event.service);
  text("state", event.state);
  if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) {
    append_key("metric", out);
    append_integer(*integer, out);
  } else if (const auto* real = std::get_if<double>(&event.metric)) {
    append_key("metric", out);
    append_json(*real, out);
  }
  text("description", event.description);
  if (!event.tags.empty()) {
    append_key("tags", out);
    out.push_back('[');
    for (const std::string& tag : event.tags) {
      if (out.back() != '[') out.push_back(',');
      append_json(std::string_view(tag), out);
    }
    out.push_back(']');
  }
  if (event.ttl) {
    append_key("ttl", out);
    append_seconds(*event.ttl, out);
  }
  if (!event.attributes.empty()) {
    append_key("attributes", out);
    out.push_back('{');
    for (const Attribute& attribute : event.attributes) {
      if (out.back() != '{') out.push_back(',');
      append_json(std::string_view(attribute.key), out);
      out.push_back(':');
      append_json(std::string_view(attribute.value), out);
    }
    out.push_back('}');
  }
  out.push_back('}');
}

}  // namespace tocsin::api
