// Steady state: messages like those before cost no allocation, from the bytes to the reply.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/riemann/replies.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace {
// Allocations of this thread.
[[maybe_unused]] thread_local std::size_t allocations = 0;
}  // namespace

// The pairs of the default operators with one addition. The sanitizers bring their own.
#if !defined(__SANITIZE_ADDRESS__)
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
#endif

namespace tocsin::riemann::testing {
namespace {

class CountingIntake final : public Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const RawSample>, const IdentityResolver&) override {
    return 0;
  }
  [[nodiscard]] bool event(const EventView&) override {
    ++events;
    return true;
  }
  void drop(std::size_t) override {}
  void reject(RejectCause, std::string_view, std::size_t, std::string_view) override { ++rejects; }

  std::size_t events = 0;
  std::size_t rejects = 0;
};

#if !defined(__SANITIZE_ADDRESS__)
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
  const std::size_t before = allocations;
  for (int i = 0; i < 100; ++i) receive_all();
  CHECK(allocations == before);
  CHECK(intake.events == 2 * 18 + 100 * 17);
  CHECK(intake.rejects == 0);
  CHECK(to_send.size() == msgs.size() * 6);
}
#endif

}  // namespace
}  // namespace tocsin::riemann::testing
