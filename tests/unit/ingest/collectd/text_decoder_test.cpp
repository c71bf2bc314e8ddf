#include "ingest/collectd/text_decoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

struct Decoding {
  explicit Decoding(Options options) : decoder(std::move(options), rates, intake) {}
  Decoding() : Decoding(with_types()) {}

  static Options with_types() {
    Options options;
    options.types = captured_types();
    return options;
  }

  void decode(const std::string& lines) {
    CHECK(decoder.decode(lines, origin_at()) == lines.size());
  }
  // Of the only reject.
  RejectCause cause(const std::string& line) {
    intake.rejects.clear();
    decode(line);
    REQUIRE(intake.rejects.size() == 1);
    return intake.rejects[0].cause;
  }

  RateTable rates{{}, 1};
  tocsin::testing::RecordingIntake intake;
  TextDecoder decoder;
};

TEST_CASE("PUTVAL is a list of values") {
  Decoding decoding;
  decoding.decode("PUTVAL web-1/load/load interval=2.5 1795229290.5:1:2:3\r\n");
  REQUIRE(decoding.intake.events.size() == 3);
  const Event& event = decoding.intake.events[1];
  CHECK(event.host == "web-1");
  CHECK(event.service == "load/load/midterm");
  CHECK(event.time == TimePoint(std::chrono::nanoseconds(1795229290500000000)));
  CHECK(event.ttl == std::chrono::seconds(5));
  CHECK(metric(event) == 2);
  CHECK(attribute(event, "ingest") == "collectd");
  CHECK(attribute(event, "auth_user") == "(none)");
}

TEST_CASE("N is the time of arrival and U is unknown") {
  Decoding decoding;
  decoding.decode("PUTVAL h/p/gauge N:U");
  REQUIRE(decoding.intake.events.size() == 1);
  CHECK(decoding.intake.events[0].time == at_second(kNow));
  CHECK(decoding.intake.events[0].metric == Metric());
}

TEST_CASE("types.db tells the type of the values") {
  Decoding decoding;
  decoding.decode("PUTVAL h/p/counter interval=2 10:100 12:104\n");
  REQUIRE(decoding.intake.events.size() == 2);
  CHECK(metric(decoding.intake.events[1]) == 2);
  CHECK(attribute(decoding.intake.events[1], "ds_type") == "counter:rate");
}

TEST_CASE("without types.db every value is a gauge") {
  Decoding decoding{Options()};
  decoding.decode("PUTVAL h/p/nosuchtype 10:100:1e3\n");
  REQUIRE(decoding.intake.events.size() == 2);
  CHECK(decoding.intake.events[1].service == "p/nosuchtype/1");
  CHECK(metric(decoding.intake.events[1]) == 1000);
}

TEST_CASE("missing values are 0, as in collectd") {
  Decoding decoding;
  decoding.decode("PUTVAL h/p/load N:1:2\n");
  REQUIRE(decoding.intake.events.size() == 3);
  CHECK(metric(decoding.intake.events[2]) == 0);
}

TEST_CASE("an option counts for the lists behind it") {
  Decoding decoding;
  decoding.decode("PUTVAL h/p/gauge 10:1 interval=20 11:2 meta:rack=\"4 b\" 12:3\n");
  REQUIRE(decoding.intake.events.size() == 3);
  CHECK(decoding.intake.events[0].ttl == std::chrono::seconds(20));
  CHECK(decoding.intake.events[1].ttl == std::chrono::seconds(40));
  CHECK(attribute(decoding.intake.events[1], "meta.rack") == "(none)");
  CHECK(attribute(decoding.intake.events[2], "meta.rack") == "4 b");
}

TEST_CASE("empty lines and comments say nothing") {
  Decoding decoding;
  decoding.decode("\n# PUTVAL h/p/gauge N:1\n   \r\n");
  CHECK(decoding.intake.events.empty());
  CHECK(decoding.intake.rejects.empty());
}

TEST_CASE("a bad list spoils neither its neighbours nor the next line") {
  Decoding decoding;
  decoding.decode("PUTVAL h/p/gauge 10:1 11:x 12:3\nputval h/p/gauge 13:4\n");
  CHECK(decoding.intake.events.size() == 3);
  REQUIRE(decoding.intake.rejects.size() == 1);
  CHECK(decoding.intake.rejects[0].cause == RejectCause::kValue);
}

TEST_CASE("what is wrong with a line is told") {
  Decoding decoding;
  CHECK(decoding.cause("PUTVAL h/p N:1") == RejectCause::kName);
  CHECK(decoding.cause("PUTVAL") == RejectCause::kName);
  CHECK(decoding.cause("PUTVAL h/p/nosuchtype N:1") == RejectCause::kType);
  CHECK(decoding.cause("PUTVAL h/p/gauge") == RejectCause::kValue);
  CHECK(decoding.cause("PUTVAL h/p/gauge N") == RejectCause::kValue);
  CHECK(decoding.cause("PUTVAL h/p/gauge N:") == RejectCause::kValue);
  CHECK(decoding.cause("PUTVAL h/p/gauge N:1:2") == RejectCause::kValue);
  CHECK(decoding.cause("PUTVAL h/p/gauge yesterday:1") == RejectCause::kTimestamp);
  CHECK(decoding.cause("PUTVAL h/p/gauge 0:1") == RejectCause::kTimestamp);
  CHECK(decoding.cause("PUTVAL h/p/counter N:-1") == RejectCause::kValue);
  CHECK(decoding.cause("PUTVAL h/p/gauge interval=0 N:1") == RejectCause::kValue);
  CHECK(decoding.cause("PUTVAL h/p/gauge interval=x N:1") == RejectCause::kValue);
  CHECK(decoding.cause("PUTVAL h/p/gauge colour=red N:1") == RejectCause::kSyntax);
  CHECK(decoding.cause("PUTVAL \"h/p/gauge N:1") == RejectCause::kSyntax);
  CHECK(decoding.cause("NOSUCH") == RejectCause::kSyntax);
  CHECK(decoding.cause("GETVAL h/p/gauge") == RejectCause::kUnsupported);
  CHECK(decoding.cause("listval") == RejectCause::kUnsupported);
  CHECK(decoding.cause("PUTVAL h/" + std::string(1024, 'p') + "/gauge N:1") ==
        RejectCause::kOversized);
  CHECK(decoding.cause(std::string(65537, 'x')) == RejectCause::kOversized);
  CHECK(decoding.intake.events.empty());
}

TEST_CASE("a reject tells the line and where it stands") {
  Decoding decoding;
  decoding.decode("PUTVAL h/p/gauge N:1\nNOSUCH\n");
  CHECK(decoding.intake.rejects[0].record == "NOSUCH");
  CHECK(decoding.intake.rejects[0].offset == 21);
}

TEST_CASE("PUTNOTIF is a notification") {
  Decoding decoding;
  decoding.decode(
      "PUTNOTIF severity=failure time=1795229290 host=web-1 plugin=backup plugin_instance=nightly "
      "type=gauge type_instance=age s:owner=\"a team\" message=\"backup is \\\"old\\\"\"\n");
  REQUIRE(decoding.intake.events.size() == 1);
  const Event& event = decoding.intake.events[0];
  CHECK(event.host == "web-1");
  CHECK(event.service == "backup-nightly/gauge-age");
  CHECK(event.state == "critical");
  CHECK(event.description == "backup is \"old\"");
  CHECK(event.time == at_second(1795229290));
  CHECK(attribute(event, "meta.owner") == "a team");
}

TEST_CASE("what is wrong with a notification is told") {
  Decoding decoding;
  CHECK(decoding.cause("PUTNOTIF severity=fatal time=1 message=x") == RejectCause::kValue);
  CHECK(decoding.cause("PUTNOTIF time=1 message=x") == RejectCause::kValue);
  CHECK(decoding.cause("PUTNOTIF severity=okay message=x") == RejectCause::kTimestamp);
  CHECK(decoding.cause("PUTNOTIF severity=okay time=now message=x") == RejectCause::kTimestamp);
  CHECK(decoding.cause("PUTNOTIF severity=okay time=1") == RejectCause::kValue);
  CHECK(decoding.cause("PUTNOTIF severity=okay time=1 message=x colour=red") ==
        RejectCause::kSyntax);
  CHECK(decoding.cause("PUTNOTIF severity=okay time=1 message=x word") == RejectCause::kSyntax);
  CHECK(decoding.cause("PUTNOTIF severity=okay time=1 message=x host=" + std::string(1024, 'h')) ==
        RejectCause::kOversized);
  CHECK(decoding.intake.events.empty());
}

const std::string kLines =
    "PUTVAL h/p/load 10:1:2:3 11:4:5:6 12:x 13:7:8:9\n"
    "PUTVAL h/zürich-und-umgebung/gauge meta:a=ü 10:1 11:2\n"
    "PUTNOTIF severity=okay time=1 message=\"größe in ordnung\"\n"
    "PUTVAL h/p/gauge 10:1\n";

TEST_CASE("a full intake gets the rest of a line later") {
  Decoding whole;
  whole.decode(kLines);
  CHECK(whole.intake.events.size() == 13);
  CHECK(whole.intake.rejects.size() == 1);
  for (std::size_t room = 1; room < 7; ++room) {
    RateTable rates({}, 1);
    tocsin::testing::RecordingIntake kept;
    LimitedIntake intake(kept);
    TextDecoder decoder(Decoding::with_types(), rates, intake);
    decode_in_steps(decoder, intake, kLines, room);
    CHECK(kept.events == whole.intake.events);
    CHECK(kept.rejects.size() == 1);
    CHECK(kept.dropped == 0);
  }
}

TEST_CASE("what is given up is counted value by value, line by line") {
  for (std::size_t room = 0; room < 7; ++room) {
    RateTable rates({}, 1);
    tocsin::testing::RecordingIntake kept;
    LimitedIntake intake(kept);
    TextDecoder decoder(Decoding::with_types(), rates, intake);
    decode_or_drop(decoder, intake, kLines, room);
    CHECK(kept.events.size() + kept.dropped == 13);
    CHECK(kept.dropped > 0);
    CHECK(kept.rejects.size() == 1);
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
