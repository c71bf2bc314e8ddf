#include "ingest/riemann/wire_reader.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace tocsin::riemann {
namespace {

using namespace std::string_literals;

std::string tag_bytes(std::uint32_t field, WireType type) {
  return std::string(1, static_cast<char>(wire_tag(field, type)));
}

TEST_CASE("numbers are read whatever their length") {
  const struct {
    std::string bytes;
    std::uint64_t value;
  } cases[] = {
      {"\x00"s, 0},
      {"\x7f", 127},
      {"\x80\x01", 128},
      {"\x96\x01", 150},  // the example of protobuf.dev
      {"\xff\xff\xff\xff\x0f", UINT32_MAX},
      {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", UINT64_MAX},
      {"\x81\x80\x80\x00"s, 1},  // longer than needed
  };
  for (const auto& c : cases) {
    Refusal refusal;
    WireReader reader(c.bytes, refusal);
    std::uint64_t value = 0;
    REQUIRE(reader.read_varint(value));
    CHECK(value == c.value);
    CHECK(reader.at_end());
  }
}

TEST_CASE("a number ends where it ends, whatever follows") {
  for (unsigned bits = 0; bits <= 64; ++bits) {
    const std::uint64_t number = bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
    std::string bytes;
    for (std::uint64_t left = number;; left >>= 7) {
      bytes += static_cast<char>(left >= 0x80 ? left | 0x80 : left);
      if (left < 0x80) break;
    }
    for (const char next : {'\x00', '\x7f', '\xff'}) {
      for (std::size_t more = 0; more <= 9; ++more) {
        const std::string padded = bytes + std::string(more, next);
        Refusal refusal;
        WireReader reader(padded, refusal);
        std::uint64_t value = 0;
        REQUIRE(reader.read_varint(value));
        CHECK(value == number);
        CHECK(reader.position() == padded.data() + bytes.size());
      }
    }
  }
}

TEST_CASE("a number that does not end is truncated at the end") {
  for (const std::string& bytes : {""s, "\x80"s, "\xff\xff\xff"s}) {
    Refusal refusal;
    WireReader reader(bytes, refusal);
    std::uint64_t value = 0;
    CHECK_FALSE(reader.read_varint(value));
    CHECK(refusal.cause == RejectCause::kTruncated);
    CHECK(refusal.at == bytes.data() + bytes.size());
  }
}

TEST_CASE("a number of more than 64 bits is refused where it begins") {
  for (const std::string& bytes :
       {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s, std::string(11, '\x80')}) {
    Refusal refusal;
    WireReader reader(bytes, refusal);
    std::uint64_t value = 0;
    CHECK_FALSE(reader.read_varint(value));
    CHECK(refusal.cause == RejectCause::kSyntax);
    CHECK(refusal.at == bytes.data());
  }
}

TEST_CASE("a tag has at most 32 bits") {
  std::uint32_t tag = 0;
  Refusal refusal;
  WireReader largest("\xff\xff\xff\xff\x0f", refusal);
  REQUIRE(largest.read_tag(tag));
  CHECK(tag == UINT32_MAX);
  WireReader beyond("\x80\x80\x80\x80\x10", refusal);
  CHECK_FALSE(beyond.read_tag(tag));
  CHECK(refusal.cause == RejectCause::kSyntax);
}

TEST_CASE("fixed numbers are little-endian, and whole") {
  const std::string bytes = "\x01\x02\x03\x04\x05\x06\x07\x08\x11\x12\x13\x14";
  Refusal refusal;
  WireReader reader(bytes, refusal);
  std::uint64_t wide = 0;
  std::uint32_t narrow = 0;
  REQUIRE(reader.read_fixed64(wide));
  CHECK(wide == 0x0807060504030201);
  CHECK_FALSE(reader.read_fixed64(wide));
  CHECK(refusal.cause == RejectCause::kTruncated);
  REQUIRE(reader.read_fixed32(narrow));
  CHECK(narrow == 0x14131211);
  CHECK_FALSE(reader.read_fixed32(narrow));
}

TEST_CASE("a length beyond the end is refused, however large") {
  for (const std::string& bytes : {"\x03"
                                   "ab"s,
                                   "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                                   "ab"s}) {
    Refusal refusal;
    WireReader reader(bytes, refusal);
    std::string_view value;
    CHECK_FALSE(reader.read_bytes(value));
    CHECK(refusal.cause == RejectCause::kTruncated);
    CHECK(refusal.at == bytes.data());
  }
}

TEST_CASE("bytes are viewed, and may be none") {
  const std::string bytes = "\x00\x02pq"s;
  Refusal refusal;
  WireReader reader(bytes, refusal);
  std::string_view value = "x";
  REQUIRE(reader.read_bytes(value));
  CHECK(value.empty());
  REQUIRE(reader.read_bytes(value));
  CHECK(value == "pq");
  CHECK(value.data() == bytes.data() + 2);
  CHECK(reader.at_end());
}

TEST_CASE("fields of every type are skipped") {
  const std::string group = tag_bytes(2, WireType::kGroup) + tag_bytes(1, WireType::kVarint) +
                            "\x05" + tag_bytes(3, WireType::kGroup) +
                            tag_bytes(3, WireType::kGroupEnd) + tag_bytes(2, WireType::kGroupEnd);
  for (const std::string& field :
       {tag_bytes(1, WireType::kVarint) + "\x96\x01", tag_bytes(1, WireType::kFixed64) + "12345678",
        tag_bytes(1, WireType::kBytes) + "\x03"
                                         "abc",
        tag_bytes(1, WireType::kFixed32) + "1234", group}) {
    const std::string bytes = field + "!";
    Refusal refusal;
    WireReader reader(bytes, refusal);
    std::uint32_t tag = 0;
    REQUIRE(reader.read_tag(tag));
    REQUIRE(reader.skip(tag));
    CHECK(reader.position() == bytes.data() + field.size());
  }
}

TEST_CASE("what is no field cannot be skipped") {
  const struct {
    const char* what;
    std::string bytes;
    RejectCause cause;
  } cases[] = {
      {"field number 0", "\x02\x00"s, RejectCause::kSyntax},
      {"group of number 0", "\x03\x04"s, RejectCause::kSyntax},
      {"wire type 6", "\x0e"s, RejectCause::kSyntax},
      {"wire type 7", "\x0f"s, RejectCause::kSyntax},
      {"end of no group", "\x0c"s, RejectCause::kSyntax},
      {"end of another group", "\x0b\x14"s, RejectCause::kSyntax},
      {"open group", "\x0b\x08\x01"s, RejectCause::kTruncated},
      {"bad field in a group", "\x0b\x0e\x0c"s, RejectCause::kSyntax},
      {"open number", "\x08\x80"s, RejectCause::kTruncated},
      {"short fixed64", "\x09"s + "1234567", RejectCause::kTruncated},
      {"short fixed32", "\x0d"s + "123", RejectCause::kTruncated},
  };
  for (const auto& c : cases) {
    CAPTURE(c.what);
    Refusal refusal;
    WireReader reader(c.bytes, refusal);
    std::uint32_t tag = 0;
    REQUIRE(reader.read_tag(tag));
    CHECK_FALSE(reader.skip(tag));
    CHECK(refusal.cause == c.cause);
    CHECK_FALSE(refusal.text.empty());
  }
}

TEST_CASE("groups are skipped to a depth of 16 and no deeper") {
  for (const std::size_t depth : {16U, 17U, 100000U}) {
    const std::string bytes = std::string(depth, '\x0b') + std::string(depth, '\x0c');
    Refusal refusal;
    WireReader reader(bytes, refusal);
    std::uint32_t tag = 0;
    REQUIRE(reader.read_tag(tag));
    CHECK(reader.skip(tag) == (depth == 16));
  }
}

}  // namespace
}  // namespace tocsin::riemann
