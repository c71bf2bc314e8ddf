#include "ingest/collectd/text_line.hpp"

#include <algorithm>

#include "ingest/collectd/utf8_text.hpp"

namespace tocsin::collectd {
namespace {

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r';
}

void cut_instance(std::string_view text, std::string_view& name, std::string_view& instance) {
  const std::size_t dash = text.find('-');
  name = text.substr(0, dash);
  if (dash != std::string_view::npos) instance = text.substr(dash + 1);
}

}  // namespace

bool TextLine::split(std::string_view line) {
  count_ = 0;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && is_blank(line[at])) ++at;
    if (at == line.size()) return true;
    if (count_ == fields_.size()) fields_.emplace_back();
    std::string& field = fields_[count_++];
    field.clear();
    bool in_quotes = false;
    for (; at < line.size() && (in_quotes || !is_blank(line[at])); ++at) {
      if (line[at] == '"') {
        in_quotes = !in_quotes;
      } else {
        if (in_quotes && line[at] == '\\' && at + 1 < line.size()) ++at;
        field += line[at];
      }
    }
    if (in_quotes) return false;
    if (!is_ascii(field)) field = statsd::to_utf8(field);
  }
}

std::optional<SeriesName> parse_identifier(std::string_view text) noexcept {
  const std::size_t first = text.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  SeriesName name;
  name.host = text.substr(0, first);
  cut_instance(text.substr(first + 1, second - first - 1), name.plugin, name.plugin_instance);
  cut_instance(text.substr(second + 1), name.type, name.type_instance);
  if (name.host.empty() || name.plugin.empty() || name.type.empty()) return std::nullopt;
  return name;
}

Option parse_option(std::string_view field) noexcept {
  const std::size_t equals = field.find('=');
  if (equals == std::string_view::npos) return {};
  return {field.substr(0, equals), field.substr(equals + 1)};
}

bool is_word(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace tocsin::collectd
