// What the header of the decoder promises: nothing is allocated once the largest line was seen.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "ingest/json/decoder.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/counting_intake.hpp"
#include "tests/unit/ingest/json/decode_all.hpp"

namespace tocsin::json_lines::testing {
namespace {

using tocsin::testing::CountingIntake;

TEST_CASE("lines seen before allocate nothing, from whomever they come") {
  const std::string lines =
      "{\"ts\":1795229828.474,\"level\":\"info\",\"msg\":\"a \\u00f6 "
      "\\ud83d\",\"a\":{\"b\":{\"c\":[1,[2]]}}}\n"
      "{\"msg\":\"\xFF\",\"tags\":[\"a\",\"b\"],\"attributes\":{\"k\":\"v\"}}\n"
      "plain \xFF text\n{broken\n[{\"metric\":1},{\"metric\":0.12345678901234567}]\n";
  CountingIntake intake;
  Decoder decoder({}, intake);
  Origin origin = origin_of_tests();
  std::uint64_t before = 0;
  std::size_t taken = 0;
  for (int round = 0; round < 10; ++round) {
    if (round == 1) before = tocsin::testing::heap_allocations();
    ++origin.peer.address[3];
    taken += decoder.decode(lines, origin);
  }
  const std::uint64_t after = tocsin::testing::heap_allocations();
  CHECK(before > 0);
  CHECK(after == before);
  CHECK(taken == 10 * lines.size());
  CHECK(intake.events == 60);
  CHECK(intake.attributes == 10 * (2 * 6 + 2 + 1 + 1));
  CHECK(intake.lost == 0);
}

}  // namespace
}  // namespace tocsin::json_lines::testing
