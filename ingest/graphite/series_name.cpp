#include "ingest/graphite/series_name.hpp"

#include <algorithm>

namespace tocsin::graphite {
namespace {

constexpr std::string_view kTooMany = "more tags than the limit";

Refusal bad_tags(std::size_t offset, std::string_view text) {
  return {RejectCause::kTags, offset, text};
}

}  // namespace

std::optional<Refusal> SeriesName::read(std::string_view name, std::size_t max_tags) {
  tags_.clear();
  const std::size_t semicolon = name.find(';');
  const std::size_t brace =
      name.ends_with('}') ? name.substr(0, semicolon).find('{') : std::string_view::npos;
  const bool openmetrics = brace != std::string_view::npos;
  const std::size_t path_end = openmetrics ? brace : semicolon;
  path_ = name.substr(0, path_end);
  if (path_.empty()) return Refusal{RejectCause::kName, 0, "no name, a path was expected"};
  if (openmetrics) return read_openmetrics(name, path_end + 1, max_tags);
  if (path_end == std::string_view::npos) return std::nullopt;
  return read_carbon(name, path_end + 1, max_tags);
}

// `at`: behind the first ';'.
std::optional<Refusal> SeriesName::read_carbon(std::string_view name, std::size_t at,
                                               std::size_t max_tags) {
  for (;;) {
    const std::size_t end = std::min(name.find(';', at), name.size());
    const std::string_view tag = name.substr(at, end - at);
    const std::size_t equals = tag.find('=');
    if (equals == std::string_view::npos)
      return bad_tags(at, "a tag without '=', key=value was expected");
    const std::string_view key = tag.substr(0, equals);
    const std::string_view value = tag.substr(equals + 1);
    if (key.empty()) return bad_tags(at, "a tag without a key, key=value was expected");
    if (std::any_of(key.begin(), key.end(), [](char c) { return c == '!' || c == '^'; })) {
      return bad_tags(at, "'!' or '^' in the key of a tag");
    }
    if (value.empty()) return bad_tags(at, "a tag without a value, key=value was expected");
    if (value.front() == '~')
      return bad_tags(at + equals + 1, "the value of a tag begins with '~'");
    if (tags_.size() == max_tags) return bad_tags(at, kTooMany);
    tags_.push_back({key, value});
    if (end == name.size()) return std::nullopt;
    at = end + 1;
  }
}

// `at`: behind the '{'. The name ends in '}'.
std::optional<Refusal> SeriesName::read_openmetrics(std::string_view name, std::size_t at,
                                                    std::size_t max_tags) {
  const std::size_t last = name.size() - 1;
  unescaped_.clear();
  unescaped_.reserve(name.size());  // views into it must not move
  while (at != last) {
    const std::size_t equals = name.find('=', at);
    if (equals == std::string_view::npos) return bad_tags(at, "no '=', key=\"value\" was expected");
    if (equals == at) return bad_tags(at, "a tag without a key, key=\"value\" was expected");
    AttributeView tag{name.substr(at, equals - at), {}};
    if (name[equals + 1] != '"')
      return bad_tags(equals + 1, "no quote, key=\"value\" was expected");
    const auto end = read_quoted(name, equals + 2, tag.value);
    if (!end) return bad_tags(equals + 2, "a value that is empty or does not end");
    if (tags_.size() == max_tags) return bad_tags(at, kTooMany);
    tags_.push_back(tag);
    at = *end;
    if (at != last) {
      if (name[at] != ',') return bad_tags(at, "a ',' was expected between two tags");
      ++at;
    }
  }
  return std::nullopt;
}

// Returns where the text behind the closing quote begins, which is at most the final '}'.
std::optional<std::size_t> SeriesName::read_quoted(std::string_view name, std::size_t at,
                                                   std::string_view& value) {
  const std::size_t begin = at;
  const std::size_t unescaped_begin = unescaped_.size();
  bool escaped = false;
  for (; at < name.size() && name[at] != '"'; ++at) {
    if (name[at] == '\\') {
      if (!escaped) unescaped_ += name.substr(begin, at - begin);
      escaped = true;
      ++at;
      if (at == name.size() || (name[at] != '"' && name[at] != '\\')) return std::nullopt;
    }
    if (escaped) unescaped_ += name[at];
  }
  if (at == begin || at == name.size()) return std::nullopt;
  value = escaped ? std::string_view(unescaped_).substr(unescaped_begin)
                  : name.substr(begin, at - begin);
  return at + 1;
}

}  // namespace tocsin::graphite
