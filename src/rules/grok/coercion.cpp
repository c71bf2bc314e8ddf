#include "src/rules/grok/coercion.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

namespace tocsin::rules::grok {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
}

bool take_sign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

// Moves leading digits to `out`, without the underscores between them.
void take_digits(std::string_view& text, std::string& out) {
  while (!text.empty() && is_digit(text.front())) {
    out.push_back(text.front());
    text.remove_prefix(1);
    if (text.size() >= 2 && text[0] == '_' && is_digit(text[1])) text.remove_prefix(1);
  }
}

// Of text that is a number in from_chars' eyes.
double parse_double(const std::string& digits, bool small) {
  double number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec == std::errc::result_out_of_range) {
    return small ? 0.0 : std::numeric_limits<double>::infinity();
  }
  return number;
}

}  // namespace

Value leading_integer(std::string_view text) {
  skip_blanks(text);
  const bool negative = take_sign(text);
  std::string digits;
  take_digits(text, digits);
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return {std::int64_t{0}};
  digits.erase(0, first);
  std::uint64_t size = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (parsed.ec == std::errc() && size <= kMost) {
    const auto number = static_cast<std::int64_t>(size);
    return {negative ? -number : number};
  }
  if (parsed.ec == std::errc() && negative && size == kMost + 1) {
    return {std::numeric_limits<std::int64_t>::min()};
  }
  if (negative) digits.insert(digits.begin(), '-');
  return {BigInteger{std::move(digits)}};
}

double leading_float(std::string_view text) {
  skip_blanks(text);
  const bool negative = take_sign(text);
  std::string digits;
  take_digits(text, digits);
  if (digits.empty()) digits.push_back('0');
  if (text.size() >= 2 && text[0] == '.' && is_digit(text[1])) {
    digits.push_back('.');
    text.remove_prefix(1);
    take_digits(text, digits);
  }
  bool small = digits.find_first_not_of("0.") > digits.find('.');
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    text.remove_prefix(1);
    const bool down = take_sign(text);
    std::string exponent;
    take_digits(text, exponent);
    if (!exponent.empty()) {
      small = down;
      digits += down ? "e-" : "e+";
      digits += exponent;
    }
  }
  const double number = parse_double(digits, small);
  return negative ? -number : number;
}

}  // namespace tocsin::rules::grok
