// Writes and reads MessagePack. The one place of Tocsin that knows msgpack-c.
// Output:  Packer appends to a string of the caller.
// Input:   unpack() takes one value and lists its tokens in reading order; a Cursor walks them.
//          Texts view the input, which must outlive the list.
// Errors:  every limit is checked before anything is allocated for what the input claims.
//          `where` is the offset of the fault, or of the nearest text before it.
// Cost:    Packer: one pass, only the string grows. unpack: one pass, 56 bytes per token.
// Source:  MessagePack specification (github.com/msgpack/msgpack, spec.md), read 2026-11.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::event {

// Appends MessagePack values. The caller follows map(n) by n keys and values, array(n) by n values.
class Packer {
 public:
  explicit Packer(std::string& out) : out_(out) {}

  void map(std::size_t entries);
  void array(std::size_t elements);
  // A `str` when the bytes are valid UTF-8, else a `bin`: readers that insist on UTF-8 never choke.
  void text(std::string_view bytes);
  void integer(std::int64_t value);
  void real(double value);
  void boolean(bool value);
  void nil();

 private:
  std::string& out_;
};

// What one unpack() may cost. The defaults are wide for an event and narrow for an attacker.
struct UnpackLimits {
  std::size_t input_bytes = std::size_t{1} << 20;
  std::size_t text_bytes = std::size_t{256} << 10;  // of each text
  std::size_t entries = 4096;                       // of each map and array
  std::size_t tokens = 65536;                       // of the whole value
  std::size_t depth = 16;                           // of nested maps and arrays
};

enum class TokenKind : std::uint8_t {
  kNil,
  kBoolean,
  kInteger,
  kReal,
  kText,
  kArray,
  kMap,
  kOther
};

struct Token {
  TokenKind kind = TokenKind::kNil;
  std::uint32_t entries = 0;  // kArray: elements; kMap: pairs
  std::size_t offset = 0;     // kText: of its first byte; else of the nearest text before it
  std::int64_t integer = 0;   // kInteger; kBoolean: 0 or 1
  double real = 0;            // kReal
  std::string_view text{};    // kText: a `str` or a `bin`
};

// The tokens of exactly one value, well formed: every container is followed by its entries.
// kOther stands for what the event model has no use for: extensions, integers above 2^63 - 1.
[[nodiscard]] Result<std::vector<Token>> unpack(std::string_view bytes, const UnpackLimits& limits);

// Walks the tokens of one value. Precondition of next() and skip(): a value is left.
class Cursor {
 public:
  explicit Cursor(const std::vector<Token>& tokens) : tokens_(tokens) {}
  explicit Cursor(std::vector<Token>&&) = delete;

  [[nodiscard]] const Token& next() { return tokens_[position_++]; }
  void skip();  // one value with everything in it

 private:
  const std::vector<Token>& tokens_;
  std::size_t position_ = 0;
};

}  // namespace tocsin::event
