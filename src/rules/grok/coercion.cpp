#include "src/rules/grok/coercion.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <system_error>

namespace tocsin::rules::grok {
namespace {

constexpr std::size_t kMostPlainDigits = 18;  // fit in 64 bits whatever they are
// Of these both the digits and the power of ten are doubles, and so their quotient is the nearest.
constexpr std::size_t kMostExactDigits = 15;
constexpr std::array<double, kMostExactDigits + 1> kPowersOfTen = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

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

// Passes leading digits, each to `use`, and the underscores between them.
template <class Use>
void take_digits(std::string_view& text, Use use) {
  while (!text.empty() && is_digit(text.front())) {
    use(text.front());
    text.remove_prefix(1);
    if (text.size() >= 2 && text[0] == '_' && is_digit(text[1])) text.remove_prefix(1);
  }
}

// Where digits, and the underscores between them, that begin at `at` end.
std::size_t end_of_digits(std::string_view text, std::size_t at) {
  const auto digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  while (digit_at(at))
    at += at + 1 < text.size() && text[at + 1] == '_' && digit_at(at + 2) ? 2 : 1;
  return at;
}

// Where the leading float ends, which begins without a sign. `small`: whether it is nearer to zero
// than to one, when it is so far from one that no double holds it.
std::size_t end_of_float(std::string_view text, bool& small) {
  std::size_t end = end_of_digits(text, 0);
  small = text.substr(0, end).find_first_not_of("0_") == std::string_view::npos;
  if (end < text.size() && text[end] == '.') {
    const std::size_t fraction = end_of_digits(text, end + 1);
    if (fraction > end + 1) end = fraction;
  }
  if (end == 0 || end == text.size() || (text[end] != 'e' && text[end] != 'E')) return end;
  std::size_t exponent = end + 1;
  const bool down = exponent < text.size() && text[exponent] == '-';
  if (down || (exponent < text.size() && text[exponent] == '+')) ++exponent;
  const std::size_t end_of_exponent = end_of_digits(text, exponent);
  if (end_of_exponent == exponent) return end;
  small = down;
  return end_of_exponent;
}

// "12" or "0.052" and nothing else, as nearly all are.
std::optional<double> plain_float(std::string_view text) noexcept {
  std::int64_t digits = 0;
  std::size_t size = 0;
  std::size_t point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      if (++size > kMostExactDigits) return {};
      digits = 10 * digits + (text[i] - '0');
    } else if (text[i] == '.' && point == text.size() && i != 0 && i + 1 != text.size()) {
      point = i;
    } else {
      return {};
    }
  }
  if (size == 0) return {};
  const std::size_t decimals = point == text.size() ? 0 : text.size() - point - 1;
  return static_cast<double>(digits) / kPowersOfTen[decimals];
}

// Of a whole text that is a number in from_chars' eyes.
double parse_double(std::string_view digits, bool small) {
  double number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec == std::errc::result_out_of_range) {
    return small ? 0.0 : std::numeric_limits<double>::infinity();
  }
  return number;
}

}  // namespace

std::optional<std::int64_t> leading_integer(std::string_view text) noexcept {
  // Nearly all are plain: a few digits and nothing else.
  std::int64_t plain = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    if (digits == kMostPlainDigits) break;
    plain = 10 * plain + (text[digits] - '0');
  }
  if (digits != 0 && digits == text.size()) return plain;
  skip_blanks(text);
  const bool negative = take_sign(text);
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t most = kMost + (negative ? 1 : 0);
  std::uint64_t size = 0;
  bool fits = true;
  take_digits(text, [&](char c) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    fits = fits && size <= (most - digit) / 10;
    size = 10 * size + digit;
  });
  if (!fits) return {};
  return static_cast<std::int64_t>(negative ? 0 - size : size);
}

BigInteger big_integer(std::string_view text) {
  skip_blanks(text);
  BigInteger integer;
  if (take_sign(text)) integer.digits.push_back('-');
  const std::size_t sign = integer.digits.size();
  take_digits(text, [&](char c) {
    const bool leading = c == '0' && integer.digits.size() == sign;
    if (!leading) integer.digits.push_back(c);
  });
  return integer;
}

double leading_float(std::string_view text) {
  if (const std::optional<double> plain = plain_float(text)) return *plain;
  skip_blanks(text);
  const bool negative = take_sign(text);
  bool small = false;
  const std::string_view digits = text.substr(0, end_of_float(text, small));
  double number = 0;
  if (digits.find('_') == std::string_view::npos) {
    number = parse_double(digits, small);
  } else {
    std::string plain(digits);
    std::erase(plain, '_');
    number = parse_double(plain, small);
  }
  return negative ? -number : number;
}

}  // namespace tocsin::rules::grok
