#include "ingest/riemann/wire_writer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace tocsin::riemann {
namespace {

using namespace std::string_literals;

TEST_CASE("fields are written as protobuf.dev shows them") {
  std::string out;
  SUBCASE("a number") {
    append_varint_field(1, 150, out);
    CHECK(out == "\x08\x96\x01");
  }
  SUBCASE("the largest number") {
    append_varint_field(1, UINT64_MAX, out);
    CHECK(out == "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  }
  SUBCASE("bytes") {
    append_bytes_field(2, "testing", out);
    CHECK(out == "\x12\x07testing");
  }
  SUBCASE("a field number of two bytes") {
    append_bytes_field(16, "", out);
    CHECK(out == "\x82\x01\x00"s);
  }
  SUBCASE("fixed numbers") {
    append_fixed_field(3, std::uint32_t{0x04030201}, out);
    append_fixed_field(4, std::uint64_t{0x0807060504030201}, out);
    CHECK(out == "\x1d\x01\x02\x03\x04\x21\x01\x02\x03\x04\x05\x06\x07\x08");
  }
  SUBCASE("a message in a field") {
    append_varint_field(1, 1, out);
    const std::size_t begin = out.size();
    append_varint_field(1, 150, out);
    enclose_in_field(3, begin, out);
    CHECK(out == "\x08\x01\x1a\x03\x08\x96\x01");
  }
  SUBCASE("a long message in a field") {
    out = std::string(300, 'x');
    enclose_in_field(6, 0, out);
    CHECK(out == "\x32\xac\x02" + std::string(300, 'x'));
  }
}

}  // namespace
}  // namespace tocsin::riemann
