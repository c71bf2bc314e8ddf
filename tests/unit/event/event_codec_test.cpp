#include "src/event/event_codec.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/event/sample_events.hpp"

using namespace tocsin;
using namespace tocsin::event;

TEST_CASE("decoding an encoded event gives the event") {
  for (const Event& event : sample_events()) {
    const auto decoded = decode_event(encode_event(event));
    REQUIRE(decoded.has_value());
    CHECK(*decoded == event);
  }
}

TEST_CASE("an empty event is a map of its time alone") {
  CHECK(encode_event(Event{}) == std::string("\x81\xA7time_ns\x00", 10));
}

TEST_CASE("unknown keys are skipped with everything in them") {
  std::string bytes;
  Packer packer(bytes);
  packer.map(3);
  packer.text("future");
  packer.map(1);
  packer.text("host");
  packer.array(2);
  packer.nil();
  packer.map(0);
  packer.text("host");
  packer.text("app-1");
  packer.text("also");
  packer.boolean(true);
  const auto decoded = decode_event(bytes);
  REQUIRE(decoded.has_value());
  CHECK(decoded->host == "app-1");
}

TEST_CASE("a decoded event is in normal form") {
  std::string bytes;
  Packer packer(bytes);
  packer.map(1);
  packer.text("tags");
  packer.array(3);
  for (const char* tag : {"b", "a", "b"}) packer.text(tag);
  const auto decoded = decode_event(bytes);
  REQUIRE(decoded.has_value());
  CHECK(decoded->tags == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a float32 metric and a nil metric are understood") {
  const std::string real = std::string("\x81\xA6metric\xCA\x3F\x00\x00\x00", 13);
  REQUIRE(decode_event(real).has_value());
  CHECK(decode_event(real)->metric == Metric(0.5));
  CHECK(decode_event(std::string("\x81\xA6metric\xC0"))->metric == Metric());
}

TEST_CASE("an event that breaks the format is refused with code and offset") {
  struct Case {
    std::string bytes;
    Errc code;
    std::string message;
  };
  const Case cases[] = {
      {"", Errc::kSyntax, "offset 0: value ends too early"},
      {"\xC1", Errc::kSyntax, "offset 0: byte that starts no MessagePack value"},
      {"\x90", Errc::kSyntax, "offset 0: an event is a map"},
      {std::string("\x81\x01\x01"), Errc::kSyntax, "offset 0: a key is a text"},
      {"\x81\xA4host\x01", Errc::kRange, "offset 2: host: expected text"},
      {"\x81\xA4tags\x91\x01", Errc::kRange, "offset 2: tags: expected text"},
      {"\x81\xA4tags\xA1x", Errc::kRange, "offset 7: tags: expected an array of texts"},
      {"\x81\xA7time_ns\xC3", Errc::kRange,
       "offset 2: time_ns: expected an integer of nanoseconds"},
      {"\x81\xA6metric\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", Errc::kRange,
       "offset 2: metric: expected a signed 64-bit integer, a float or nil"},
      {"\x82\xA4host\xA1x\xA4host\xA1y", Errc::kDuplicate, "offset 9: host is given twice"},
      {"\x80\x80", Errc::kSyntax, "offset 1: bytes after the value"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.message);
    const auto decoded = decode_event(c.bytes);
    REQUIRE_FALSE(decoded.has_value());
    CHECK(decoded.error().code == c.code);
    CHECK(decoded.error().message() == c.message);
  }
}

TEST_CASE("an encoded event cut anywhere is refused") {
  const std::string bytes = encode_event(sample_events()[1]);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_event(std::string_view(bytes).substr(0, size)).has_value());
  }
}
