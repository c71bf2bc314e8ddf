// Steady state: points like those before cost no allocation, tagged and placed by templates too.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/graphite/line_decoder.hpp"
#include "ingest/graphite/pickle_decoder.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/counting_intake.hpp"

namespace tocsin::graphite::testing {
namespace {

using tocsin::testing::CountingIntake;

Options with_templates() {
  Options options;
  options.default_host = "a host whose name is too long for a short string";
  auto compiled = Templates::compile(
      std::vector<std::string>{"servers.* service.host.service* dc=fra", "stats.* a.service*"});
  REQUIRE(compiled.has_value());
  options.templates = std::make_shared<const Templates>(*std::move(compiled));
  return options;
}

Origin ipv6() {
  Origin origin;
  origin.peer.family = Peer::Family::kIpv6;
  origin.peer.address = {0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  return origin;
}

// Allocations of fifty rounds after one that is not counted.
template <class AnyDecoder>
std::uint64_t allocations_of(const Options& options, const std::vector<std::string>& inputs,
                             std::size_t points) {
  CountingIntake intake;
  AnyDecoder decoder(options, intake);
  const auto receive_all = [&] {
    for (const std::string& input : inputs) (void)decoder.decode(input, ipv6());
  };
  receive_all();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 50; ++i) receive_all();
  const std::uint64_t counted = tocsin::testing::heap_allocations() - before;
  CHECK(intake.events == 51 * points);
  return counted;
}

TEST_CASE("lines are decoded without an allocation, good and bad ones") {
  std::string lines = tocsin::testing::read_capture("graphite/relay_input.txt") +
                      R"(disk{mount="/v\"ar"} 1 1795229000)" + "\n";
  // A name that is not ASCII is copied at a price.
  const std::size_t umlaut = lines.find("stats.gauges.gr");
  lines.erase(umlaut, lines.find('\n', umlaut) + 1 - umlaut);
  CHECK(allocations_of<LineDecoder>({}, {lines}, 129) == 0);
  CHECK(allocations_of<LineDecoder>(with_templates(), {lines}, 129) == 0);
}

TEST_CASE("pickles are decoded without an allocation") {
  const std::vector<std::string> frames =
      tocsin::testing::read_records("graphite/relay_pickle_a.bin", true);
  const std::vector<std::string> text =
      tocsin::testing::read_records("graphite/statsd_backend_pickle_0.bin", true);
  CountingIntake intake;
  PickleDecoder decoder({}, intake);
  for (const std::string& frame : frames) (void)decoder.decode(frame, {});
  REQUIRE(intake.events > 0);
  CHECK(allocations_of<PickleDecoder>({}, frames, intake.events) == 0);
  CHECK(allocations_of<PickleDecoder>(with_templates(), text, 111) == 0);
}

}  // namespace
}  // namespace tocsin::graphite::testing
