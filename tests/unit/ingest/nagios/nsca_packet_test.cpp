#include "ingest/nagios/nsca_packet.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/nagios/packets.hpp"

namespace tocsin::nagios::testing {
namespace {

using nsca::Packet;

TEST_CASE("fields are found where a client puts them, in packets of both sizes") {
  for (const std::size_t bytes : {nsca::kPacketBytes, nsca::kOldPacketBytes}) {
    PacketFields fields;
    fields.bytes = bytes;
    fields.time = 0x6b010548;
    fields.code = -2;
    const std::string made = packet(fields);
    const Packet read(made);
    CHECK(read.version() == 3);
    CHECK(read.time() == 0x6b010548);
    CHECK(read.code() == -2);
    CHECK(read.host() == "web-01");
    CHECK(read.service() == "HTTP");
    CHECK(read.output() == "OK");
    CHECK_FALSE(read.output_is_full());
  }
}

TEST_CASE("a text without NUL ends with its field") {
  PacketFields fields;
  fields.host = std::string(64, 'h');
  fields.service = std::string(128, 's');
  for (const std::size_t size : {4096U, 4095U}) {
    fields.output = std::string(size, 'o');
    const std::string made = packet(fields);
    const Packet read(made);
    CHECK(read.host() == fields.host);
    CHECK(read.service() == fields.service);
    CHECK(read.output() == fields.output);
    CHECK(read.output_is_full());
  }
  fields.output.resize(4094);
  const std::string shorter = packet(fields);
  CHECK_FALSE(Packet(shorter).output_is_full());
}

TEST_CASE("the CRC covers every byte") {
  std::string made = packet({});
  CHECK(nsca::has_good_crc(made));
  for (const std::size_t at : {0U, 2U, 4U, 7U, 8U, 13U, 205U, 4303U}) {
    CAPTURE(at);
    made[at] = static_cast<char>(made[at] ^ 1);
    CHECK_FALSE(nsca::has_good_crc(made));
    made[at] = static_cast<char>(made[at] ^ 1);
  }
}

}  // namespace
}  // namespace tocsin::nagios::testing
