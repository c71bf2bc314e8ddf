// riemann_inputs.cpp: Msgs in datagrams, and answered on TCP.
#include "ingest/riemann/event_writer.hpp"
#include "ingest/riemann/wire_writer.hpp"
#include "src/app/inputs/inputs.hpp"
#include "tests/unit/app/inputs/specs.hpp"

namespace tocsin::app {
namespace {

using namespace test;
using namespace std::string_literals;

const std::string kOk = "\0\0\0\x02\x10\x01"s;

std::string field(std::uint32_t number, std::string_view value) {
  std::string out;
  riemann::append_bytes_field(number, value, out);
  return out;
}
const std::string kEvent = field(6, field(3, "cpu"));
const std::string kQuery = field(5, field(1, "true"));

std::string framed(const std::string& msg) {
  std::string out;
  riemann::append_frame(msg, out);
  return out;
}

TEST_CASE("a Msg in a datagram is not answered, one on TCP is") {
  const Specs specs = inputs_of("  riemann:\n    - {udp: 127.0.0.1:5555, tcp: 127.0.0.1:5555}\n");
  CHECK(summary(specs) ==
        std::vector<std::string>{"riemann.udp listen.riemann[0].udp 127.0.0.1:5555",
                                 "riemann.tcp listen.riemann[0].tcp 127.0.0.1:5555"});
  const auto intake = datagram(specs, "riemann.udp", kEvent);
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].service == "cpu");
  CHECK(datagram_options(specs, "riemann.udp").max_datagram_bytes == 16 * 1024);
  CHECK(datagram_options(specs, "riemann.udp").with_peers);

  const Heard heard = stream(specs, "riemann.tcp", framed(kEvent) + framed(kEvent));
  CHECK(heard.intake.events.size() == 2);
  CHECK(heard.answers == kOk + kOk);
}

TEST_CASE("queries go to whoever looks into the index; without one they are errors") {
  InputContext context;
  context.ask = [](const std::string& query, const riemann::Answer& answer) {
    CHECK(query == "true");
    answer(kEvent);
  };
  const std::string yaml = "  riemann:\n    - tcp: 127.0.0.1:5555\n";
  CHECK(stream(inputs_of(yaml, context), "riemann.tcp", framed(kQuery)).answers ==
        framed("\x10\x01" + kEvent));
  CHECK(stream(inputs_of(yaml), "riemann.tcp", framed(kQuery)).answers !=
        framed("\x10\x01" + kEvent));
}

TEST_CASE("max_record is the longest Msg, and fits the buffer") {
  const Specs specs = inputs_of("  riemann:\n    - {tcp: 127.0.0.1:5555, max_record: 4MiB}\n");
  CHECK(stream_options(specs, "riemann.tcp").buffer_bytes > (std::size_t{4} << 20) + 4);
  const Specs small = inputs_of("  riemann:\n    - {tcp: 127.0.0.1:5555, max_record: 64B}\n");
  CHECK(stream(small, "riemann.tcp", framed(std::string(64, '\0')).substr(0, 4))
            .intake.rejects[0]
            .cause == RejectCause::kTruncated);
  CHECK(stream(small, "riemann.tcp", framed(std::string(65, '\0'))).intake.rejects[0].cause ==
        RejectCause::kOversized);
}

}  // namespace
}  // namespace tocsin::app
