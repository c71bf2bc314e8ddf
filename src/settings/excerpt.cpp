#include "src/settings/excerpt.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace tocsin::settings {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

// An anchor (&name) or a tag (!x) may stand before the scalar itself.
std::size_t skip_properties(std::string_view source, std::size_t at) {
  while (at < source.size() && (source[at] == '&' || source[at] == '!')) {
    while (at < source.size() && !is_blank(source[at])) ++at;
    at = skip_blanks(source, at);
  }
  return at;
}

// How many bytes of the file the escape at the front of `rest` (a backslash) takes.
std::size_t escape_length(std::string_view rest) {
  if (rest.size() < 2) return rest.size();
  switch (rest[1]) {
    case 'x':
      return std::min<std::size_t>(4, rest.size());
    case 'u':
      return std::min<std::size_t>(6, rest.size());
    case 'U':
      return std::min<std::size_t>(10, rest.size());
    default:
      return 2;
  }
}

// How many bytes the code point at the front of `rest` takes.
std::size_t code_point_length(std::string_view rest) {
  std::size_t length = 1;
  while (length < rest.size() && (static_cast<unsigned char>(rest[length]) & 0xC0U) == 0x80U) {
    ++length;
  }
  return length;
}

}  // namespace

Excerpt::Anchor Excerpt::anchor_at(std::size_t offset) const noexcept {
  const auto after = std::upper_bound(
      anchors.begin(), anchors.end(), offset,
      [](std::size_t wanted, const Anchor& anchor) { return wanted < anchor.offset; });
  if (after == anchors.begin()) return anchors.empty() ? Anchor{} : anchors.front();
  Anchor anchor = *(after - 1);
  if (anchor.same_place) return anchor;
  const std::size_t from = std::min(anchor.offset, text.size());
  const std::size_t until = std::min(std::max(offset, from), text.size());
  const std::string_view passed = std::string_view(text).substr(from, until - from);
  // A line feed has no column of its own: what is behind one has its anchor.
  anchor.position.column += static_cast<int>(count_characters(passed)) -
                            static_cast<int>(std::count(passed.begin(), passed.end(), '\n'));
  return anchor;
}

Position Excerpt::position(std::string_view line_and_column) const noexcept {
  std::size_t line = 0;
  std::size_t column = 0;
  const char* end = line_and_column.data() + line_and_column.size();
  const auto first = std::from_chars(line_and_column.data(), end, line);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != ':') return position(0);
  const auto second = std::from_chars(first.ptr + 1, end, column);
  if (second.ec != std::errc{} || line == 0 || column == 0) return position(0);
  std::size_t start = 0;
  for (; line > 1; --line) {
    const std::size_t newline = text.find('\n', start);
    if (newline == std::string::npos) return position(0);
    start = newline + 1;
  }
  std::size_t at = start;
  for (; column > 1 && at < text.size() && text[at] != '\n'; --column) {
    at += code_point_length(std::string_view(text).substr(at));
  }
  return position(at);
}

Excerpt trace_scalar(std::string text, const SourceText& source, std::size_t offset) {
  const std::string_view file = source.text();
  std::size_t at = skip_properties(file, std::min(offset, file.size()));
  const char style = at < file.size() ? file[at] : ' ';
  if (style == '"' || style == '\'') {
    ++at;
  } else if (style == '|' || style == '>') {
    at = std::min(file.find('\n', at), file.size());  // the rest of the line is the block's header
  }
  Excerpt out{std::move(text), {}};
  const std::string_view wanted = out.text;
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t distance = kNone;  // at - i at the last anchor of this line; wraps around
  const auto drop_anchor = [&](std::size_t i) {
    if (at - i == distance) return;
    distance = at - i;
    out.anchors.push_back({i, source.position(at)});
  };
  const auto move_to = [&](std::size_t next) {
    if (file.substr(at, next - at).find('\n') != kNone) distance = kNone;
    at = next;
  };
  std::size_t i = 0;
  std::size_t behind = at;  // the last character that is no line feed
  // Invariant: wanted[0, i) is matched by the file up to `at`.
  while (i < wanted.size() && at < file.size()) {
    if (style == '"' && file[at] == '\\') {
      const bool continues = at + 1 < file.size() && (file[at + 1] == '\n' || file[at + 1] == '\r');
      if (continues) {  // an escaped line end stands for nothing
        move_to(skip_blanks(file, at + 1));
        continue;
      }
      drop_anchor(i);
      at += escape_length(file.substr(at));
      i += code_point_length(wanted.substr(i));
      behind = at;
    } else if (is_blank(wanted[i])) {
      if (file[at] == wanted[i]) {
        drop_anchor(i);
        move_to(at + 1);
        if (wanted[i] != '\n') behind = at;
      }
      ++i;
    } else {
      move_to(skip_blanks(file, at));
      if (at == file.size()) break;
      if (style == '"' && file[at] == '\\') continue;
      if (file[at] != wanted[i]) break;
      drop_anchor(i);
      at += (style == '\'' && file[at] == '\'') ? 2 : 1;  // '' is one quote
      ++i;
      behind = at;
    }
  }
  out.anchors.push_back({i, source.position(behind), true});
  return out;
}

std::optional<std::size_t> find_open_quote(const SourceText& source, std::size_t offset) noexcept {
  const std::string_view file = source.text();
  const std::size_t start = skip_properties(file, std::min(offset, file.size()));
  if (start == file.size() || (file[start] != '"' && file[start] != '\'')) return std::nullopt;
  const char quote = file[start];
  for (std::size_t at = start + 1; at < file.size(); ++at) {
    if (quote == '"' && file[at] == '\\') {
      ++at;
    } else if (file[at] == quote) {
      const bool is_doubled = quote == '\'' && file.substr(at + 1, 1) == "'";
      if (!is_doubled) return std::nullopt;
      ++at;
    }
  }
  return start;
}

}  // namespace tocsin::settings
