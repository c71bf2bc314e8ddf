// Steady state: messages like those before cost no allocation, from the bytes to the reply.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ingest/riemann/replies.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/counting_intake.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

using tocsin::testing::CountingIntake;

TEST_CASE("events are decoded and confirmed without an allocation") {
  std::vector<std::string> msgs = tocsin::testing::read_datagrams("riemann/client_udp.dgram");
  for (std::string& msg : tocsin::testing::read_records("riemann/write_riemann.bin", true)) {
    msgs.push_back(std::move(msg));
  }
  msgs.push_back(event_of(service("not UTF-8: \xE9")));
  Origin origin;
  origin.peer.family = Peer::Family::kIpv6;
  origin.peer.address = {0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  Replies replies;
  std::string to_send;
  Options options;
  options.on_message = [&](const Outcome& outcome) { (void)replies.add(outcome); };
  CountingIntake intake;
  Decoder decoder(options, intake);
  const auto receive_all = [&] {
    for (const std::string& msg : msgs) (void)decoder.decode(msg, origin);
    to_send.clear();
    replies.take(to_send);
  };
  receive_all();
  receive_all();    // two buffers take turns
  msgs.pop_back();  // bytes that are no UTF-8 are copied at a price
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 100; ++i) receive_all();
  const std::uint64_t after = tocsin::testing::heap_allocations();
  CHECK(after == before);
  CHECK(intake.events == 2 * 18 + 100 * 17);
  CHECK(intake.lost == 0);
  CHECK(to_send.size() == msgs.size() * 6);
}

}  // namespace
}  // namespace tocsin::riemann::testing
