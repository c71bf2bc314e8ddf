#include "src/rules/parse/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace tocsin::rules::parse {
namespace {

// More than any number takes, its ".0" included.
constexpr std::size_t kNumberBytes = 40;

char* write(char* at, std::string_view text) noexcept {
  text.copy(at, text.size());
  return at + text.size();
}

// The shortest form of a number with up to four decimals, as times have them: what std::to_chars()
// writes too, at a tenth of its cost. Null: it is no such number, or its shortest form has an
// exponent.
char* write_few_decimals(char* at, double real) noexcept {
  constexpr double kScale = 10'000;
  const double size = std::abs(real);
  if (!(size >= 0.001 && size < 100'000)) return nullptr;
  const auto scaled = static_cast<std::int64_t>(size * kScale + 0.5);
  // With so few digits no other decimal is as short and the same double.
  if (static_cast<double>(scaled) / kScale != size) return nullptr;
  if (real < 0) *at++ = '-';
  const auto parts = std::lldiv(scaled, static_cast<long long>(kScale));
  at = std::to_chars(at, at + kNumberBytes, parts.quot).ptr;
  *at++ = '.';
  long long rest = parts.rem;
  long long place = static_cast<long long>(kScale) / 10;
  do {
    *at++ = static_cast<char>('0' + rest / place);
    rest %= place;
    place /= 10;
  } while (rest > 0);
  return at;
}

char* write_real(char* at, double real) noexcept {
  if (!std::isfinite(real)) return write(at, std::isnan(real) ? "NaN" : real < 0 ? "-inf" : "inf");
  if (char* const end = write_few_decimals(at, real)) return end;
  char* const end = std::to_chars(at, at + kNumberBytes, real).ptr;
  const bool whole = std::none_of(at, end, [](char c) { return c == '.' || c == 'e'; });
  return whole ? write(end, ".0") : end;
}

// A JSON text in quotes. Precondition: room for six bytes for each of `text`, and two.
char* write_quoted(char* at, std::string_view text) noexcept {
  constexpr char kHex[] = "0123456789abcdef";
  *at++ = '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *at++ = '\\';
      *at++ = c;
    } else if (byte < 0x20) {
      at = write(at, "\\u00");
      *at++ = kHex[byte >> 4];
      *at++ = kHex[byte & 15];
    } else {
      *at++ = c;
    }
  }
  *at++ = '"';
  return at;
}

char* write_plain(char* at, const Value& value) noexcept {
  switch (value.kind()) {
    case Value::Kind::kText:
      return write(at, value.text());
    case Value::Kind::kInteger:
      return std::to_chars(at, at + kNumberBytes, value.integer()).ptr;
    case Value::Kind::kReal:
      return write_real(at, value.real());
    case Value::Kind::kBoolean:
      return write(at, value.boolean() ? "true" : "false");
    case Value::Kind::kNone:
    case Value::Kind::kList:
      break;
  }
  return at;
}

// What write_plain() and write_quoted() need at most, and a comma.
std::size_t most_bytes(const Value& value) noexcept {
  return value.is_text() ? value.text().size() * 6 + 3 : kNumberBytes + 1;
}

std::string_view list_as_text(std::span<const Value> elements, bool as_json, TextArena& arena) {
  std::size_t most = 2;
  for (const Value& element : elements) most += most_bytes(element);
  char* const begin = arena.allocate(most);
  char* at = begin;
  if (as_json) *at++ = '[';
  for (const Value& element : elements) {
    if (&element != elements.data()) *at++ = ',';
    at = as_json && element.is_text() ? write_quoted(at, element.text()) : write_plain(at, element);
  }
  if (as_json) *at++ = ']';
  const auto size = static_cast<std::size_t>(at - begin);
  arena.shrink_to(begin, size);
  return {begin, size};
}

std::string_view written(const Value& value, bool as_json, TextArena& arena) {
  if (value.is_list()) return list_as_text(value.list(), as_json, arena);
  char* const begin = arena.allocate(kNumberBytes);
  const auto size = static_cast<std::size_t>(write_plain(begin, value) - begin);
  arena.shrink_to(begin, size);
  return {begin, size};
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// Whether a number may begin so: words ("inf", "nan") spell none.
bool begins_number(std::string_view text) noexcept {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with('.')) text.remove_prefix(1);
  return !text.empty() && is_digit(text.front());
}

}  // namespace

bool operator==(const Value& a, const Value& b) noexcept {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Value::Kind::kNone:
      return true;
    case Value::Kind::kText:
      return a.text() == b.text();
    case Value::Kind::kInteger:
    case Value::Kind::kBoolean:
      return a.integer_ == b.integer_;
    case Value::Kind::kReal:
      return a.real() == b.real();
    case Value::Kind::kList:
      break;
  }
  return std::ranges::equal(a.list(), b.list());
}

std::string_view write_as_text(const Value& value, TextArena& arena) {
  return written(value, true, arena);
}

std::string_view as_shown(const Value& value, TextArena& arena) {
  if (value.is_text()) return value.text();
  return written(value, false, arena);
}

std::optional<double> as_number(const Value& value) noexcept {
  switch (value.kind()) {
    case Value::Kind::kInteger:
      return static_cast<double>(value.integer());
    case Value::Kind::kReal:
      return value.real();
    case Value::Kind::kText: {
      std::string_view text = without_blanks(value.text());
      if (text.starts_with('+')) text.remove_prefix(1);
      if (!begins_number(text)) return std::nullopt;
      double number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
      return number;
    }
    case Value::Kind::kNone:
    case Value::Kind::kBoolean:
    case Value::Kind::kList:
      break;
  }
  return std::nullopt;
}

std::optional<std::int64_t> as_integer(const Value& value) noexcept {
  if (value.kind() == Value::Kind::kInteger) return value.integer();
  if (!value.is_text()) return std::nullopt;
  const std::string_view text = value.text();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Value concatenated(const Value& first, const Value& second, TextArena& arena) {
  const std::span<const Value> a = first.elements();
  const std::span<const Value> b = second.elements();
  const std::span<Value> all = arena.array<Value>(a.size() + b.size());
  std::ranges::copy(b, std::ranges::copy(a, all.begin()).out);
  return Value::list(all);
}

}  // namespace tocsin::rules::parse
