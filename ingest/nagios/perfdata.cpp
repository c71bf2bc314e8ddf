#include "ingest/nagios/perfdata.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "ingest/statsd/number.hpp"

namespace tocsin::nagios {
namespace {

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_uom(char c) noexcept {
  return static_cast<unsigned char>(c) > ' ' && c != '\x7F' && !is_digit(c) && c != '\'' &&
         c != '"' && c != ',' && c != '=' && c != '.' && c != '+' && c != '-';
}

// How many bytes at the front of `text` are a number; 0: none.
std::size_t number_length(std::string_view text, bool& is_integer) noexcept {
  const auto digits = [&](std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    return end;
  };
  const std::size_t first = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  std::size_t end = digits(first);
  is_integer = true;
  std::size_t count = end - first;
  if (end < text.size() && text[end] == '.') {
    const std::size_t fraction = end + 1;
    end = digits(fraction);
    count += end - fraction;
    is_integer = false;
  }
  if (count == 0) return 0;
  // Without digits behind it an "e" belongs to the unit.
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t exponent = end + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    const std::size_t exponent_end = digits(exponent);
    if (exponent_end > exponent) {
      end = exponent_end;
      is_integer = false;
    }
  }
  return end;
}

// False: too large for a double.
bool read_number(std::string_view number, bool is_integer, PerfItem& item) noexcept {
  if (is_integer) {
    const std::string_view digits = number.front() == '+' ? number.substr(1) : number;
    std::int64_t value = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (parsed.ec == std::errc{}) {
      item.metric = value;
      return true;
    }
    item.exact = false;
  }
  const char* const end = number.data() + number.size();
  if (const auto decimal = statsd::read_short_decimal(number.data(), end); decimal.next == end) {
    item.metric = decimal.value;
    return true;
  }
  const std::optional<double> value = statsd::parse_decimal(number);
  if (!value) return false;
  item.metric = *value;
  return true;
}

// What is wrong with the value, at its front; nullptr: nothing.
const char* read_value(std::string_view value, PerfItem& item) noexcept {
  item.value = value;
  if (value.empty()) return "no value behind '=', a number or U was expected";
  if (value == "U") return nullptr;
  bool is_integer = false;
  const std::size_t length = number_length(value, is_integer);
  if (length == 0) return "the value is not a number, nor U";
  item.uom = value.substr(length);
  for (const char c : item.uom) {
    if (!is_uom(c)) return "a number and its unit were expected, without ',', quotes or digits";
  }
  if (!read_number(value.substr(0, length), is_integer, item)) {
    return "the value is too large for a double";
  }
  return nullptr;
}

}  // namespace

void unquote(std::string_view label, std::string& out) {
  out.clear();
  for (std::size_t at = 0; at < label.size(); ++at) {
    out += label[at];
    if (label[at] == '\'') ++at;  // the reader saw to it that there are two
  }
}

bool PerfReader::next(PerfItem& item, std::optional<Refusal>& refusal) {
  refusal.reset();
  item = PerfItem();
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ == text_.size()) return false;

  const std::size_t begin = at_;
  const auto end_of_word = [&](std::size_t at) {
    while (at < text_.size() && !is_blank(text_[at])) ++at;
    return at;
  };
  // The item ends at `end`; its fault is at `fault`.
  const auto refuse = [&](std::size_t end, std::size_t fault, RejectCause cause,
                          std::string_view text) {
    item.text = text_.substr(begin, end - begin);
    refusal = Refusal{cause, fault, text};
    at_ = end;
    return true;
  };

  std::size_t equals = begin;
  if (text_[begin] == '\'') {
    std::size_t quote = begin + 1;
    for (;;) {
      quote = text_.find('\'', quote);
      if (quote == std::string_view::npos) {
        return refuse(end_of_word(begin), begin, RejectCause::kSyntax,
                      "a quoted label without its closing quote");
      }
      if (quote + 1 == text_.size() || text_[quote + 1] != '\'') break;
      item.has_quotes = true;
      quote += 2;
    }
    equals = quote + 1;
    if (equals == text_.size() || text_[equals] != '=') {
      return refuse(end_of_word(equals), equals, RejectCause::kSyntax,
                    "expected '=' behind a quoted label");
    }
    item.label = text_.substr(begin + 1, quote - begin - 1);
  } else {
    while (equals < text_.size() && text_[equals] != '=' && !is_blank(text_[equals])) ++equals;
    if (equals == text_.size() || text_[equals] != '=') {
      return refuse(equals, begin, RejectCause::kSyntax, "no '=', label=value was expected");
    }
    item.label = text_.substr(begin, equals - begin);
  }
  const std::size_t end = end_of_word(equals);
  if (item.label.empty()) {
    return refuse(end, begin, RejectCause::kName, "no label in front of '='");
  }

  // value;warn;crit;min;max
  const std::string_view until_end = text_.substr(0, end);
  std::array<std::string_view, 5> fields;
  std::size_t field_begin = equals + 1;
  for (std::string_view& field : fields) {
    const std::size_t field_end = std::min(until_end.find(';', field_begin), end);
    field = until_end.substr(field_begin, field_end - field_begin);
    field_begin = std::min(field_end + 1, end);
  }
  const std::size_t more = until_end.find_first_not_of(';', field_begin);
  if (more != std::string_view::npos) {
    return refuse(end, more, RejectCause::kSyntax,
                  "more than five fields, value;warn;crit;min;max were expected");
  }
  if (const char* const fault = read_value(fields[0], item)) {
    return refuse(end, equals + 1, RejectCause::kValue, fault);
  }
  item.text = text_.substr(begin, end - begin);
  item.warn = fields[1];
  item.crit = fields[2];
  item.min = fields[3];
  item.max = fields[4];
  at_ = end;
  return true;
}

}  // namespace tocsin::nagios
