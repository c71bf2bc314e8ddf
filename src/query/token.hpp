// The tokens of a predicate's text, and what each stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/query/program.hpp"
#include "src/query/value.hpp"
#include "tocsin/result.hpp"

namespace tocsin::query {

enum class TokenKind : std::uint8_t {
  kEnd,
  kInvalid,  // text: the complaint
  kName,     // text: the name, without its quotes
  kString,   // text: the contents, unescaped
  kInteger,  // integer
  kReal,     // real
  kLeftParen,
  kRightParen,
  kComma,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kLike,
  kRegex,
  kAnd,
  kOr,
  kNot,
  kIn,
  kTagged,
  kMissing,
  kTrue,
  kFalse,
  kNil,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Errc code = Errc::kSyntax;  // kInvalid only
  std::size_t offset = 0;     // of the first byte in the whole text
  std::string_view source;    // as written; views the whole text
  std::string text;
  std::int64_t integer = 0;
  double real = 0;
};

// The relation that an operator spells; none for other tokens.
[[nodiscard]] std::optional<Relation> relation_of(TokenKind kind) noexcept;

// The literal that a token spells; none for other tokens. An empty string is nil.
[[nodiscard]] std::optional<Literal> literal_of(const Token& token);

// `text` for an error message: at most 40 bytes, whole characters, no control characters.
[[nodiscard]] std::string excerpt(std::string_view text);

// The token in an error message: "the end", "'and'", "\"some text\"".
[[nodiscard]] std::string describe(const Token& token);

// "line:column" of a byte, both from 1; a column is a character, not a byte.
[[nodiscard]] std::string position(std::string_view text, std::size_t offset);

}  // namespace tocsin::query
