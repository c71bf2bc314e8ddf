#include "src/event/msgpack_io.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tocsin;
using namespace tocsin::event;

namespace {

// `depth` arrays around one nil.
std::string nested(std::size_t depth) {
  return std::string(depth, '\x91') + '\xC0';
}

}  // namespace

TEST_CASE("packed values are listed again in reading order") {
  std::string bytes;
  Packer packer(bytes);
  packer.map(2);
  packer.text("a");
  packer.array(4);
  packer.integer(-7);
  packer.real(1.5);
  packer.boolean(true);
  packer.nil();
  packer.text("");
  packer.text("\xFF");  // not UTF-8: packed as bin

  const auto tokens = unpack(bytes, {});
  REQUIRE(tokens.has_value());
  REQUIRE(tokens->size() == 9);
  Cursor cursor(*tokens);
  CHECK(cursor.next().entries == 2);
  const Token& key = cursor.next();
  CHECK(key.text == "a");
  CHECK(key.offset == 2);
  CHECK(cursor.next().kind == TokenKind::kArray);
  CHECK(cursor.next().integer == -7);
  CHECK(cursor.next().real == 1.5);
  CHECK(cursor.next().kind == TokenKind::kBoolean);
  CHECK(cursor.next().kind == TokenKind::kNil);
  CHECK(cursor.next().text.empty());
  CHECK(cursor.next().text == "\xFF");
  CHECK(bytes.substr(bytes.size() - 3) == "\xC4\x01\xFF");
}

TEST_CASE("a float keeps its type and every bit, also without a fraction") {
  std::string bytes;
  Packer(bytes).real(-0.0);
  CHECK(bytes == std::string("\xCB\x80\0\0\0\0\0\0\0", 9));
  bytes.clear();
  Packer(bytes).real(2.0);
  const auto tokens = unpack(bytes, {});
  REQUIRE(tokens.has_value());
  CHECK(tokens->front().kind == TokenKind::kReal);
  CHECK(tokens->front().real == 2.0);
}

TEST_CASE("skipping passes a value with everything in it") {
  std::string bytes;
  Packer packer(bytes);
  packer.array(2);
  packer.map(1);
  packer.text("k");
  packer.array(1);
  packer.map(0);
  packer.text("after");
  const auto tokens = unpack(bytes, {});
  REQUIRE(tokens.has_value());
  Cursor cursor(*tokens);
  static_cast<void>(cursor.next());
  cursor.skip();
  CHECK(cursor.next().text == "after");
}

TEST_CASE("each limit is named when it is reached") {
  UnpackLimits limits;
  limits.input_bytes = 64;
  limits.text_bytes = 4;
  limits.entries = 8;
  limits.tokens = 9;
  limits.depth = 3;
  const auto message = [&limits](const std::string& bytes) {
    const auto tokens = unpack(bytes, limits);
    REQUIRE_FALSE(tokens.has_value());
    CHECK(tokens.error().code == Errc::kLimit);
    return tokens.error().text;
  };
  CHECK(message(std::string(65, '\xC0')) == "65 bytes, limit 64");
  CHECK(message("\xA5"
                "abcde") == "text longer than the limit");
  CHECK(message("\xC4\x05"
                "abcde") == "text longer than the limit");
  CHECK(message("\xC7\x05\x01"
                "abcde") == "extension longer than the limit");
  CHECK(message(nested(4)) == "nested deeper than the limit");
  CHECK(message("\x99") == "more entries than the limit");
  CHECK(message("\x92\x98" + std::string(8, '\xC0') + "\xC0") == "more values than the limit");
  CHECK(unpack(nested(3), limits).has_value());
}

TEST_CASE("a claim of four billion entries costs nothing") {
  for (const char* bytes : {"\xDD\xFF\xFF\xFF\xFF", "\xDF\xFF\xFF\xFF\xFF"}) {
    const auto tokens = unpack(bytes, {});
    REQUIRE_FALSE(tokens.has_value());
    CHECK(tokens.error().code == Errc::kLimit);
  }
}

TEST_CASE("a claim of four billion bytes is refused") {
  for (const char* bytes :
       {"\xDB\xFF\xFF\xFF\xFF", "\xC6\xFF\xFF\xFF\xFF", "\xC9\xFF\xFF\xFF\xFF\x01"}) {
    CHECK_FALSE(unpack(bytes, {}).has_value());
  }
}

TEST_CASE("an extension is kept as a value without a meaning") {
  const auto tokens = unpack("\xD4\x01\x02", {});
  REQUIRE(tokens.has_value());
  CHECK(tokens->front().kind == TokenKind::kOther);
}
