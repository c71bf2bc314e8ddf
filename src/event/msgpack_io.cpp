#include "src/event/msgpack_io.hpp"

#include <bit>
#include <cassert>
#include <exception>
#include <limits>
#include <msgpack/null_visitor.hpp>
#include <msgpack/pack.hpp>
#include <msgpack/unpack.hpp>

#include "src/event/utf8.hpp"

namespace tocsin::event {
namespace {

// What msgpack::packer writes to.
struct StringSink {
  std::string& out;
  void write(const char* bytes, std::size_t size) { out.append(bytes, size); }
};

std::uint32_t narrowed(std::size_t size) {
  assert(size <= std::numeric_limits<std::uint32_t>::max());
  return static_cast<std::uint32_t>(size);
}

// Collects tokens and refuses whatever passes a limit. Every member returns false to stop.
class TokenCollector : public msgpack::null_visitor {
 public:
  TokenCollector(std::string_view bytes, const UnpackLimits& limits)
      : bytes_(bytes), limits_(limits) {}

  bool visit_nil() { return add({}); }
  bool visit_boolean(bool value) {
    return add({.kind = TokenKind::kBoolean, .integer = value ? 1 : 0});
  }
  bool visit_positive_integer(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return add({.kind = TokenKind::kOther});
    }
    return add({.kind = TokenKind::kInteger, .integer = static_cast<std::int64_t>(value)});
  }
  bool visit_negative_integer(std::int64_t value) {
    return add({.kind = TokenKind::kInteger, .integer = value});
  }
  bool visit_float32(float value) { return add({.kind = TokenKind::kReal, .real = value}); }
  bool visit_float64(double value) { return add({.kind = TokenKind::kReal, .real = value}); }
  bool visit_str(const char* text, std::uint32_t size) {
    if (size > limits_.text_bytes) return refuse("text longer than the limit");
    // An empty text has no address of its own.
    if (size > 0) text_offset_ = static_cast<std::size_t>(text - bytes_.data());
    const std::string_view view = size > 0 ? std::string_view(text, size) : std::string_view();
    return add({.kind = TokenKind::kText, .text = view});
  }
  bool visit_bin(const char* bytes, std::uint32_t size) { return visit_str(bytes, size); }
  bool visit_ext(const char* bytes, std::uint32_t size) {
    if (size > limits_.text_bytes) return refuse("extension longer than the limit");
    static_cast<void>(bytes);
    return add({.kind = TokenKind::kOther});
  }

  bool start_array(std::uint32_t elements) { return open(TokenKind::kArray, elements); }
  bool start_map(std::uint32_t pairs) { return open(TokenKind::kMap, pairs); }
  bool end_array() { return close(); }
  bool end_map() { return close(); }

  void parse_error(std::size_t, std::size_t offset) {
    fault_ = "byte that starts no MessagePack value";
    fault_offset_ = offset;
  }
  void insufficient_bytes(std::size_t, std::size_t offset) {
    fault_ = "value ends too early";
    fault_offset_ = offset;
  }

  [[nodiscard]] std::vector<Token>& tokens() { return tokens_; }

  // The reason for stopping. `stopped_at`: where the parser stood.
  [[nodiscard]] Error error(std::size_t stopped_at) const {
    const std::size_t offset = fault_offset_ == kNone ? stopped_at : fault_offset_;
    return Error{limit_reached_ ? Errc::kLimit : Errc::kSyntax, "offset " + std::to_string(offset),
                 fault_};
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  bool add(Token token) {
    if (tokens_.size() >= limits_.tokens) return refuse("more values than the limit");
    token.offset = text_offset_;
    tokens_.push_back(token);
    return true;
  }
  bool open(TokenKind kind, std::uint32_t entries) {
    if (entries > limits_.entries) return refuse("more entries than the limit");
    if (++depth_ > limits_.depth) return refuse("nested deeper than the limit");
    return add({.kind = kind, .entries = entries});
  }
  bool close() {
    --depth_;
    return true;
  }
  bool refuse(const char* text) {
    fault_ = text;
    limit_reached_ = true;
    return false;
  }

  const std::string_view bytes_;
  const UnpackLimits& limits_;
  std::vector<Token> tokens_;
  std::size_t depth_ = 0;
  std::size_t text_offset_ = 0;
  const char* fault_ = "not a MessagePack value";
  std::size_t fault_offset_ = kNone;
  bool limit_reached_ = false;
};

}  // namespace

void Packer::map(std::size_t entries) {
  StringSink sink{out_};
  msgpack::packer<StringSink>(sink).pack_map(narrowed(entries));
}

void Packer::array(std::size_t elements) {
  StringSink sink{out_};
  msgpack::packer<StringSink>(sink).pack_array(narrowed(elements));
}

void Packer::text(std::string_view bytes) {
  StringSink sink{out_};
  msgpack::packer<StringSink> packer(sink);
  const std::uint32_t size = narrowed(bytes.size());
  if (is_utf8(bytes)) {
    packer.pack_str(size).pack_str_body(bytes.data(), size);
  } else {
    packer.pack_bin(size).pack_bin_body(bytes.data(), size);
  }
}

void Packer::integer(std::int64_t value) {
  StringSink sink{out_};
  msgpack::packer<StringSink>(sink).pack_int64(value);
}

void Packer::real(double value) {
  // msgpack-c's pack_double turns 2.0 into the integer 2; here the type is part of the value.
  const auto bits = std::bit_cast<std::uint64_t>(value);
  out_ += '\xCB';
  for (int shift = 56; shift >= 0; shift -= 8) out_ += static_cast<char>(bits >> shift);
}

void Packer::boolean(bool value) {
  StringSink sink{out_};
  msgpack::packer<StringSink> packer(sink);
  value ? packer.pack_true() : packer.pack_false();
}

void Packer::nil() {
  StringSink sink{out_};
  msgpack::packer<StringSink>(sink).pack_nil();
}

Result<std::vector<Token>> unpack(std::string_view bytes, const UnpackLimits& limits) {
  if (bytes.size() > limits.input_bytes) {
    return Error{
        Errc::kLimit, "offset 0",
        std::to_string(bytes.size()) + " bytes, limit " + std::to_string(limits.input_bytes)};
  }
  TokenCollector collector(bytes, limits);
  std::size_t stopped_at = 0;
  bool complete = false;
  try {
    complete = msgpack::parse(bytes.data(), bytes.size(), stopped_at, collector);
  } catch (const std::exception& error) {  // an extension of 2^32 - 1 bytes throws
    return Error{Errc::kLimit, "offset " + std::to_string(stopped_at), error.what()};
  }
  if (!complete) return collector.error(stopped_at);
  if (stopped_at != bytes.size()) {
    return Error{Errc::kSyntax, "offset " + std::to_string(stopped_at), "bytes after the value"};
  }
  return std::move(collector.tokens());
}

void Cursor::skip() {
  // Counts the values still to pass instead of recursing: depth costs no stack.
  for (std::size_t left = 1; left > 0; --left) {
    const Token& token = next();
    if (token.kind == TokenKind::kArray) left += token.entries;
    if (token.kind == TokenKind::kMap) left += std::size_t{2} * token.entries;
  }
}

}  // namespace tocsin::event
