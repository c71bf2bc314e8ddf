#include "ingest/statsd/metric_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/statsd/decode_all.hpp"

namespace tocsin::statsd::testing {
namespace {

using Causes = std::vector<RejectCause>;
using Values = std::vector<double>;

// The only sample of a line that must give exactly one.
KeptSample one(std::string_view line, const Options& options = {}) {
  const RecordingIntake intake = decode_all(line, options);
  REQUIRE(intake.rejects.empty());
  REQUIRE(intake.kept.size() == 1);
  return intake.kept.front();
}

RejectCause refused(std::string_view line, const Options& options = {}) {
  const RecordingIntake intake = decode_all(line, options);
  CHECK(intake.kept.empty());
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects.front().record == line);
  CHECK(intake.rejects.front().offset <= line.size());
  return intake.rejects.front().cause;
}

TEST_CASE("every type gives its kind and what it does to the series") {
  struct Case {
    const char* line;
    SeriesKind kind;
    SampleOp op;
  };
  for (const auto& [line, kind, op] : {Case{"a:1|c", SeriesKind::kCounter, SampleOp::kAdd},
                                       {"a:1|g", SeriesKind::kGauge, SampleOp::kSetGauge},
                                       {"a:1|ms", SeriesKind::kTimer, SampleOp::kObserve},
                                       {"a:1|h", SeriesKind::kHistogram, SampleOp::kObserve},
                                       {"a:1|d", SeriesKind::kDistribution, SampleOp::kObserve}}) {
    CAPTURE(line);
    const KeptSample sample = one(line);
    CHECK(sample.kind == kind);
    CHECK(sample.op == op);
    CHECK(sample.name == "a");
    CHECK(sample.value == 1);
    CHECK(sample.weight == 1);
    CHECK(sample.timestamp_s == 0);
  }
}

TEST_CASE("a set takes any member, colons and numbers too") {
  for (const char* member : {"alice", "42", "a:b:c", "::1", "x y", "1:2"}) {
    const KeptSample sample = one("u:" + std::string(member) + "|s");
    CHECK(sample.kind == SeriesKind::kSet);
    CHECK(sample.op == SampleOp::kUnique);
    CHECK(sample.member == member);
  }
  CHECK(refused("u:|s") == RejectCause::kValue);
}

TEST_CASE("a gauge with a sign adjusts or sets, as the listener was told") {
  CHECK(one("g:-5|g").op == SampleOp::kAdjustGauge);
  CHECK(one("g:+5|g").op == SampleOp::kAdjustGauge);
  CHECK(one("g:5|g").op == SampleOp::kSetGauge);
  Options options = with_dialect(Dialect::kDogstatsd);
  CHECK(one("g:-5|g", options).op == SampleOp::kSetGauge);
  CHECK(one("g:-5|g", options).value == -5);
  options.gauge_sign = GaugeSign::kDelta;
  CHECK(one("g:-5|g", options).op == SampleOp::kAdjustGauge);
}

TEST_CASE("the weight is the inverse of the rate, and none for gauges and sets") {
  CHECK(one("a:1|c|@0.1").weight == 1 / 0.1);
  CHECK(one("a:1|c|@1").weight == 1);
  CHECK(one("a:1|c|@1e-1").weight == 1 / 0.1);
  CHECK(one("a:1|ms|#x|@0.5").weight == 2);
  CHECK(one("a:1|g|@0.5").weight == 1);
  CHECK(one("a:x|s|@0.5").weight == 1);
}

TEST_CASE("a rate outside (0, 1] refuses the sample") {
  for (const char* rate : {"@0", "@-0.1", "@1.5", "@", "@x", "@Infinity", "@1e-320", "0.1"}) {
    CAPTURE(rate);
    CHECK(refused("a:1|c|" + std::string(rate)) == RejectCause::kRate);
  }
}

TEST_CASE("fields come in any order and unknown ones are skipped") {
  for (const char* line :
       {"a:2|c|@0.5|#x:y,z|T1795229000|c:0123|e:it-false,cn-x|card:low",
        "a:2|c|T1795229000|#x:y,z|@0.5", "a:2|c|new:thing|T1795229000|@0.5|zz||#x:y,z|",
        "a:2|c|#old|@0.5|T1795229000|#x:y,z\r"}) {
    CAPTURE(line);
    const KeptSample sample = one(line);
    CHECK(sample.value == 2);
    CHECK(sample.weight == 2);
    CHECK(sample.tags == "x:y,z");
    CHECK(sample.timestamp_s == 1795229000);
  }
}

TEST_CASE("a field that begins like a number is a forgotten @, except to DogStatsD") {
  CHECK(refused("a:1|c|0.1") == RejectCause::kRate);
  CHECK(one("a:1|c|0.1", with_dialect(Dialect::kDogstatsd)).weight == 1);
}

TEST_CASE("packed values share type, rate and tags") {
  const RecordingIntake intake = decode_all("raw.metric:1:2:3|ms|@0.5|#a:b");
  CHECK(values_of(intake) == Values{1, 2, 3});
  for (const KeptSample& sample : intake.kept) {
    CHECK(sample.kind == SeriesKind::kTimer);
    CHECK(sample.weight == 2);
    CHECK(sample.tags == "a:b");
  }
}

TEST_CASE("pieces of Etsy's form each have their type and rate, and share the tags") {
  const RecordingIntake intake = decode_all("multi:1|c:2|c|@0.1:3|ms:bob|s:7:8|d|#t:u");
  CHECK(intake.rejects.empty());
  REQUIRE(intake.kept.size() == 6);
  CHECK(intake.kept[0].weight == 1);
  CHECK(intake.kept[1].weight == 1 / 0.1);
  CHECK(intake.kept[2].kind == SeriesKind::kTimer);
  CHECK(intake.kept[3].member == "bob");
  CHECK(intake.kept[4].value == 7);
  CHECK(intake.kept[5].value == 8);
  for (const KeptSample& sample : intake.kept) CHECK(sample.tags == "t:u");
}

TEST_CASE("a bad value is refused alone") {
  const RecordingIntake intake = decode_all("a:1:x::3|h\nb:2|q\nc:nan|c:4|c");
  CHECK(values_of(intake) == Values{1, 3, 4});
  CHECK(causes_of(intake) ==
        Causes{RejectCause::kValue, RejectCause::kValue, RejectCause::kType, RejectCause::kValue});
  CHECK(intake.rejects[0].offset == 4);
  CHECK(intake.rejects[1].offset == 6);
  CHECK(intake.rejects[2].record == "b:2|q");
  CHECK(intake.rejects[2].offset == 13);
}

TEST_CASE("a fault of the whole line refuses each of its values once") {
  const RecordingIntake intake = decode_all("a:1:x:3|c|T0");
  CHECK(intake.kept.empty());
  CHECK(causes_of(intake) ==
        Causes{RejectCause::kValue, RejectCause::kTimestamp, RejectCause::kTimestamp});
}

TEST_CASE("timestamps are for counters and gauges") {
  CHECK(one("a:1|g|T1795229000").timestamp_s == 1795229000);
  CHECK(refused("a:1|ms|T1795229000") == RejectCause::kTimestamp);
  CHECK(refused("a:1|c|T") == RejectCause::kTimestamp);
  CHECK(refused("a:1|c|T-5") == RejectCause::kTimestamp);
  CHECK(refused("a:1|c|T9223372037") == RejectCause::kTimestamp);
  CHECK(one("a:1|c|T9223372036").timestamp_s == kLastSecond);
}

TEST_CASE("lines that are no metrics are refused by cause") {
  struct Case {
    const char* line;
    RejectCause cause;
  };
  for (const auto& [line, cause] : {Case{"gorets", RejectCause::kSyntax},
                                    {"gorets|c", RejectCause::kSyntax},
                                    {"gorets|c|#a:b", RejectCause::kSyntax},
                                    {"gorets:", RejectCause::kSyntax},
                                    {"gorets:1", RejectCause::kSyntax},
                                    {"gorets:1|", RejectCause::kType},
                                    {"gorets:1|C", RejectCause::kType},
                                    {"gorets:1|cc", RejectCause::kType},
                                    {"gorets:1|m", RejectCause::kType},
                                    {":1|c", RejectCause::kName},
                                    {"gorets:|c", RejectCause::kValue},
                                    {"gorets:NaN|g", RejectCause::kValue},
                                    {"gorets:Infinity|g", RejectCause::kValue},
                                    {"gorets:0x10|g", RejectCause::kValue},
                                    {"gorets: 12 |g", RejectCause::kValue},
                                    {"gorets:1e400|c", RejectCause::kValue},
                                    {"glork:-5|ms", RejectCause::kValue}}) {
    CAPTURE(line);
    CHECK(refused(line) == cause);
  }
  CHECK(one("glork:-5|ms", with_dialect(Dialect::kDogstatsd)).value == -5);
}

TEST_CASE("a container counts as a tag only when asked for") {
  Options options;
  CHECK(one("a:1|c|#x:y|c:0123", options).tags == "x:y");
  options.container = Container::kTag;
  CHECK(one("a:1|c|#x:y|c:0123|T5", options).tags == "|#x:y|c:0123");
  CHECK(one("a:1|c|@0.5|c:0123|#x:y", options).tags == "|c:0123|#x:y");
  CHECK(one("a:1|c|c:0123", options).tags == "|c:0123");
  CHECK(one("a:1|c|#x:y|card:low", options).tags == "x:y");
}

TEST_CASE("the clients' own telemetry can be refused by its prefix") {
  Options options;
  options.telemetry_prefix = "datadog.dogstatsd.client.";
  const RecordingIntake intake = decode_all(
      "datadog.dogstatsd.client.metrics:9|c|#x\ndatadog.other:1|c\n"
      "datadog.dogstatsd.client.events:1:2|c",
      options);
  CHECK(values_of(intake) == Values{1});
  CHECK(causes_of(intake) == Causes(3, RejectCause::kUnsupported));
}

}  // namespace
}  // namespace tocsin::statsd::testing
