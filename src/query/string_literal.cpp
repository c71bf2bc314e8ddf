#include "src/query/string_literal.hpp"

#include <charconv>
#include <cstdint>

#include "src/query/token.hpp"

namespace tocsin::query {
namespace {

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto byte = [&out](std::uint32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0 | code_point >> 6);
    byte(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    byte(0xE0 | code_point >> 12);
    byte(0x80 | (code_point >> 6 & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  } else {
    byte(0xF0 | code_point >> 18);
    byte(0x80 | (code_point >> 12 & 0x3F));
    byte(0x80 | (code_point >> 6 & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  }
}

// The character that a backslash and `c` stand for; none for unknown ones.
std::optional<char> simple_escape(char c) noexcept {
  switch (c) {
    case '"':
    case '\'':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return std::nullopt;
  }
}

std::optional<std::uint32_t> four_hex_digits(std::string_view text, std::size_t& at) {
  const std::string_view digits = text.substr(at, 4);
  std::uint32_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 4 || read.ptr != digits.data() + 4) return std::nullopt;
  at += 4;
  return value;
}

// After "\u". A high surrogate takes the "\uXXXX" of its low one along.
std::optional<std::uint32_t> unicode_escape(std::string_view text, std::size_t& at) {
  const std::optional<std::uint32_t> unit = four_hex_digits(text, at);
  if (!unit || *unit < 0xD800 || *unit > 0xDFFF) return unit;
  if (*unit >= 0xDC00 || !text.substr(at).starts_with("\\u")) return std::nullopt;
  at += 2;
  const std::optional<std::uint32_t> low = four_hex_digits(text, at);
  if (!low || *low < 0xDC00 || *low > 0xDFFF) return std::nullopt;
  return 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
}

}  // namespace

std::optional<std::string> read_escape(std::string_view text, std::size_t& at, std::string& out) {
  const std::size_t backslash = at;
  if (++at == text.size()) return std::nullopt;
  const char c = text[at++];
  if (const std::optional<char> plain = simple_escape(c)) {
    out.push_back(*plain);
    return std::nullopt;
  }
  if (c != 'u') {
    return "found '" + excerpt(text.substr(backslash, 2)) +
           "' where one of \\\" \\' \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX was expected (a backslash "
           "itself "
           "is written \\\\)";
  }
  const std::optional<std::uint32_t> code_point = unicode_escape(text, at);
  if (!code_point) {
    return "found '" + excerpt(text.substr(backslash, 6)) +
           "' where \\u and the four hexadecimal digits of a character were expected (beyond "
           "U+FFFF: a pair of surrogates)";
  }
  append_utf8(out, *code_point);
  return std::nullopt;
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace tocsin::query
