#include "tests/unit/ingest/example/put_decoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::example {
namespace {

using tocsin::testing::RecordingIntake;

TEST_CASE("a put line is an event with its tags as attributes") {
  RecordingIntake intake;
  PutDecoder decoder(intake);
  const std::string lines =
      "put sys.cpu.user 1356998400 42.5 host=web01 cpu=0\nput jobs 1356998401 7 queue=mail\n";
  CHECK(decoder.decode(lines, {}) == lines.size());
  REQUIRE(intake.events.size() == 2);
  const Event& cpu = intake.events[0];
  CHECK(cpu.service == "sys.cpu.user");
  CHECK(cpu.host == "web01");
  CHECK(cpu.time == TimePoint(std::chrono::seconds(1356998400)));
  CHECK(std::get<double>(cpu.metric) == 42.5);
  CHECK(cpu.attributes == std::vector<Attribute>{{"cpu", "0"}, {"ingest", "opentsdb"}});
  CHECK(std::get<std::int64_t>(intake.events[1].metric) == 7);
  CHECK(intake.events[1].host.empty());
}

TEST_CASE("what is wrong is told with its cause and place, its neighbours are kept") {
  RecordingIntake intake;
  PutDecoder decoder(intake);
  const std::string lines = "get x\nput\nput a soon 1\nput a 1 much\nput a 1 2 tag\nput ok 1 2 a=b";
  CHECK(decoder.decode(lines, {}) == lines.size());
  CHECK(intake.events.size() == 1);
  REQUIRE(intake.rejects.size() == 5);
  const RejectCause causes[] = {RejectCause::kSyntax, RejectCause::kName, RejectCause::kTimestamp,
                                RejectCause::kValue, RejectCause::kTags};
  const std::size_t offsets[] = {0, 9, 16, 31, 46};
  for (std::size_t i = 0; i < 5; ++i) {
    CAPTURE(i);
    CHECK(intake.rejects[i].cause == causes[i]);
    CHECK(intake.rejects[i].offset == offsets[i]);
  }
}

TEST_CASE("a full pipeline gets the line again, or it is given up and counted") {
  RecordingIntake intake;
  PutDecoder decoder(intake);
  const std::string lines = "put a 1 1 t=1\nput b 1 1 t=1\n";
  intake.events_to_refuse = 1;
  CHECK(decoder.decode(lines, {}) == 0);
  CHECK(decoder.decode(lines, {}) == lines.size());
  CHECK(intake.events.size() == 2);

  intake.events_to_refuse = 2;
  CHECK(decoder.decode(lines, {}) == 0);
  decoder.drop();
  CHECK(decoder.decode(lines, {}) == lines.size());
  CHECK(intake.events.size() == 3);
  CHECK(intake.dropped == 1);
}

}  // namespace
}  // namespace tocsin::example
