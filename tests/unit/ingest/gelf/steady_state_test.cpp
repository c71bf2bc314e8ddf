// What the header of the decoder promises: messages in one datagram allocate nothing once the
// largest was seen.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/gelf/decoder.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/counting_intake.hpp"
#include "tests/unit/ingest/gelf/chunks.hpp"
#include "tests/unit/ingest/gelf/decode_all.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::gelf::testing {
namespace {

using tocsin::testing::CountingIntake;

TEST_CASE("messages seen before allocate nothing, from whomever they come") {
  const std::string message = R"({"short_message":"a \u00f6","timestamp":1.5,"_o":{"p":[1]}})";
  const std::vector<std::string> datagrams = {
      message, wire::testing::deflated(message), wire::testing::gzipped(message),
      chunk(1, 0, 1, wire::testing::deflated(message)), "{\"short_message\":\"\xFF\"}"};
  CountingIntake intake;
  Decoder decoder({}, intake);
  Origin origin = origin_at();
  std::uint64_t before = 0;
  for (int round = 0; round < 10; ++round) {
    if (round == 1) before = tocsin::testing::heap_allocations();
    for (const std::string& datagram : datagrams) {
      ++origin.peer.address[3];
      if (decoder.decode(datagram, origin) != datagram.size()) ++intake.lost;
    }
  }
  const std::uint64_t after = tocsin::testing::heap_allocations();
  CHECK(before > 0);
  CHECK(after == before);
  CHECK(intake.events == 10 * datagrams.size());
  CHECK(intake.lost == 0);
}

}  // namespace
}  // namespace tocsin::gelf::testing
