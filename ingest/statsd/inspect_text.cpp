#include "ingest/statsd/inspect_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace tocsin::statsd {
namespace {

constexpr std::size_t kBreakLength = 80;
constexpr std::size_t kMaxElements = 100;
constexpr std::size_t kMaxColumns = 12;  // four for each level that may be compact
constexpr std::size_t kUngrouped = 6;    // arrays up to this length are not set in columns

constexpr bool is_word_start(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string inspect_key(std::string_view key) {
  const bool identifier =
      !key.empty() && is_word_start(key.front()) && std::all_of(key.begin(), key.end(), [](char c) {
        return is_word_start(c) || (c >= '0' && c <= '9');
      });
  return identifier ? std::string(key) : "'" + std::string(key) + "'";
}

struct Braces {
  char open;
  char close;
};

// Entries on one line if they fit, else one to a line. `indent`: how deep the whole stands.
std::string join(const std::vector<std::string>& entries, Braces braces, std::size_t indent,
                 bool may_fit) {
  if (entries.empty()) return {braces.open, braces.close};
  std::size_t length = 2 * entries.size() + indent + 1 + 10;
  bool one_line = may_fit;
  for (const std::string& entry : entries) {
    length += entry.size();
    one_line = one_line && entry.find('\n') == std::string::npos;
  }
  one_line = one_line && length <= kBreakLength;
  const std::string margin = one_line ? " " : "\n" + std::string(indent, ' ');
  const std::string step = one_line ? " " : margin + "  ";
  std::string text(1, braces.open);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text += i == 0 ? step : "," + step;
    text += entries[i];
  }
  return text + margin + braces.close;
}

// How many columns Node gives to `count` entries of these lengths: about 2.5 times as wide as high.
std::size_t column_count(std::size_t count, std::size_t total, std::size_t widest,
                         std::size_t entries) {
  const auto width = static_cast<double>(widest);
  const double bias = std::sqrt(width - static_cast<double>(total) / static_cast<double>(entries));
  const double biased = std::max(width - 3 - bias, 1.0);
  const double square = std::sqrt(2.5 * biased * static_cast<double>(count)) / biased;
  return std::min({static_cast<std::size_t>(std::floor(square + 0.5)), (kBreakLength - 2) / widest,
                   kMaxColumns});
}

// Sets the entries of a long array in right-aligned columns, a row to an entry. The last entry of
// `entries` may be the note "... n more items", which stands in no column.
std::vector<std::string> group(const std::vector<std::string>& entries, std::size_t count) {
  std::size_t total = 0;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    total += entries[i].size() + 2;
    longest = std::max(longest, entries[i].size());
  }
  const std::size_t widest = longest + 2;
  // Not if three do not fit side by side, or if one long number would stretch all columns.
  if (widest * 3 + 2 >= kBreakLength || (total <= 5 * widest && longest > 6)) return entries;
  const std::size_t columns = column_count(count, total, widest, entries.size());
  if (columns <= 1) return entries;

  std::vector<std::size_t> widths(columns, 0);
  for (std::size_t i = 0; i < count; ++i) {
    widths[i % columns] = std::max(widths[i % columns], entries[i].size());
  }
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t column = i % columns;
    if (column == 0) {
      rows.emplace_back();
    } else {
      rows.back() += ", ";
    }
    rows.back() += std::string(widths[column] - entries[i].size(), ' ') + entries[i];
  }
  rows.insert(rows.end(), entries.begin() + static_cast<std::ptrdiff_t>(count), entries.end());
  return rows;
}

std::string inspect_array(const std::vector<double>& values) {
  const std::size_t count = std::min(values.size(), kMaxElements);
  std::vector<std::string> entries;
  entries.reserve(count + 1);
  for (std::size_t i = 0; i < count; ++i) entries.push_back(inspect_number(values[i]));
  if (const std::size_t more = values.size() - count; more != 0) {
    entries.push_back("... " + std::to_string(more) + (more == 1 ? " more item" : " more items"));
  }
  const std::size_t before = entries.size();
  if (before > kUngrouped) entries = group(entries, count);
  return join(entries, {'[', ']'}, 2, entries.size() == before);
}

std::string shortest(double number, std::chars_format format) {
  std::array<char, 32> text{};
  const auto [end, status] = std::to_chars(text.data(), text.data() + text.size(), number, format);
  return {text.data(), end};
}

// "1.5e+16" -> "15000000000000000": JavaScript fills large integers up with zeros, where to_chars
// would write out the digits that the double happens to have.
std::string without_exponent(std::string_view scientific) {
  const std::size_t mark = scientific.find('e');
  std::size_t places = 0;
  std::from_chars(scientific.data() + mark + 2, scientific.data() + scientific.size(), places);
  std::string text(scientific.substr(0, mark));
  std::erase(text, '.');
  const std::size_t sign = text.front() == '-' ? 1 : 0;
  text.resize(sign + places + 1, '0');
  return text;
}

}  // namespace

std::string inspect_number(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  const double size = std::abs(number);
  if (size == 0 || (size >= 1e-6 && size < kExact)) {
    return shortest(number, std::chars_format::fixed);
  }
  std::string text = shortest(number, std::chars_format::scientific);
  if (size >= kExact && size < 1e21) return without_exponent(text);
  // JavaScript writes exponents without leading zeros: 1e-7, not 1e-07.
  const std::size_t digits = text.find('e') + 2;
  if (text[digits] == '0') text.erase(digits, 1);
  return text;
}

std::string inspect(const std::vector<NamedNumber>& members) {
  std::vector<std::string> entries;
  entries.reserve(members.size());
  for (const NamedNumber& member : members) {
    entries.push_back(inspect_key(member.name) + ": " + inspect_number(member.value));
  }
  return join(entries, {'{', '}'}, 0, true);
}

std::string inspect(const std::vector<NamedNumbers>& members) {
  std::vector<std::string> entries;
  entries.reserve(members.size());
  for (const NamedNumbers& member : members) {
    entries.push_back(inspect_key(member.name) + ": " + inspect_array(member.values));
  }
  return join(entries, {'{', '}'}, 0, true);
}

}  // namespace tocsin::statsd
