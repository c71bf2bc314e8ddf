// What the headers promise: nothing is allocated once the largest result was seen.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "ingest/nagios/nsca_decoder.hpp"
#include "ingest/nagios/passive_decoder.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/counting_intake.hpp"
#include "tests/unit/ingest/nagios/packets.hpp"
#include "tests/unit/ingest/nagios/results.hpp"

namespace tocsin::nagios::testing {
namespace {

using tocsin::testing::CountingIntake;

TEST_CASE("results seen before allocate nothing, refused ones included") {
  const std::string output =
      R"(DISK OK - longer than any short string|'/var/l''og of it'=1.5MB;1;2;0;9 )"
      R"(/=23170383872B;1 n=18446744073709551615c u=U bad\nlong text\\|b=2)";
  const std::string lines = "[5] PROCESS_SERVICE_CHECK_RESULT;host-with-a-name;check of a disk;0;" +
                            output + "\nnonsense\n";
  PacketFields fields;
  fields.output = output;
  const std::string bytes = packet(fields);
  CountingIntake intake;
  PassiveDecoder passive({}, intake);
  NscaDecoder nsca({}, intake);
  const Origin origin = received_from_192_0_2_7();
  std::uint64_t before = 0;
  std::size_t taken = 0;
  for (int round = 0; round < 10; ++round) {
    if (round == 1) before = tocsin::testing::heap_allocations();
    taken += passive.decode(lines, origin);
    taken += nsca.decode(bytes, origin);
  }
  const std::uint64_t after = tocsin::testing::heap_allocations();
  CHECK(before > 0);
  CHECK(after == before);
  CHECK(taken == 10 * (lines.size() + bytes.size()));
  CHECK(intake.events == 10 * 2 * 6);
  CHECK(intake.lost == 10 * 3);
}

}  // namespace
}  // namespace tocsin::nagios::testing
