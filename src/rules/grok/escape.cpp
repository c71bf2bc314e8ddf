#include "src/rules/grok/escape.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/event/utf8.hpp"

namespace tocsin::rules::grok {
namespace {

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Digits of `base` (8 or 16), at most `most` of them. Value 0 when there is none.
char32_t take_number(Cursor& cursor, int base, std::size_t most, std::size_t& count) {
  const std::string_view rest = cursor.rest();
  count = 0;
  while (count < most && count < rest.size() && is_hex_digit(rest[count]) &&
         (base == 16 || (rest[count] >= '0' && rest[count] <= '7'))) {
    ++count;
  }
  std::uint32_t value = 0;
  std::from_chars(rest.data(), rest.data() + count, value, base);
  cursor.skip(count);
  return value;
}

char32_t checked(Cursor& cursor, std::size_t begin, char32_t code) {
  constexpr char32_t kLast = 0x10FFFF;
  if (code > kLast || (code >= 0xD800 && code <= 0xDFFF)) {
    cursor.fail(begin,
                "found an escape for a code point that does not exist, expected at most "
                "U+10FFFF and no surrogate");
    return 0;
  }
  return code;
}

// \xC3\xA9: bytes, which together are a character.
char32_t take_bytes(Cursor& cursor, std::size_t begin, char32_t first) {
  std::string bytes(1, static_cast<char>(first));
  while (bytes.size() < 4 && !event::is_utf8(bytes)) {
    std::size_t digits = 0;
    if (!cursor.take("\\x")) break;
    bytes.push_back(static_cast<char>(take_number(cursor, 16, 2, digits)));
  }
  if (!event::is_utf8(bytes)) {
    cursor.fail(begin,
                "found bytes that are no character of UTF-8, expected one (\\uHHHH says "
                "which)");
    return 0;
  }
  Cursor character(bytes);
  return character.take_code_point();
}

char32_t take_hex(Cursor& cursor, std::size_t begin) {
  std::size_t digits = 0;
  if (cursor.take("{")) {
    const char32_t code = take_number(cursor, 16, 8, digits);
    if (digits == 0 || !cursor.take("}")) {
      cursor.fail(begin, "found \\x{ without hex digits and a closing brace, expected \\x{H...}");
    }
    return checked(cursor, begin, code);
  }
  const char32_t code = take_number(cursor, 16, 2, digits);
  return code < 0x80 ? code : take_bytes(cursor, begin, code);
}

char32_t take_control(Cursor& cursor, std::size_t begin) {
  if (cursor.at_end()) {
    cursor.fail(begin, "found the end, expected the letter of a control character");
    return 0;
  }
  return cursor.take_code_point() & 0x1F;
}

}  // namespace

char32_t take_escaped_code_point(Cursor& cursor) {
  const std::size_t begin = cursor.offset() - 1;
  if (cursor.at_end()) {
    cursor.fail(begin, "found a backslash at the end, expected a character behind it");
    return 0;
  }
  std::size_t digits = 0;
  if (cursor.peek() >= '0' && cursor.peek() <= '7') {
    return checked(cursor, begin, take_number(cursor, 8, 3, digits));
  }
  const char32_t letter = cursor.take_code_point();
  switch (letter) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'v':
      return '\v';
    case 'f':
      return '\f';
    case 'r':
      return '\r';
    case 'a':
      return '\a';
    case 'e':
      return 0x1B;
    case 'x':
      return take_hex(cursor, begin);
    case 'u': {
      const char32_t code = take_number(cursor, 16, 4, digits);
      if (digits != 4) cursor.fail(begin, "found \\u without four hex digits, expected \\uHHHH");
      return checked(cursor, begin, code);
    }
    case 'c':
      return take_control(cursor, begin);
    case 'C':
      return cursor.take("-") ? take_control(cursor, begin) : letter;
    default:
      return letter;
  }
}

}  // namespace tocsin::rules::grok
