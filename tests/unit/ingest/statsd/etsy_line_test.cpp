#include "ingest/statsd/etsy_line.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/unit/ingest/statsd/decode_all.hpp"

namespace tocsin::statsd::testing {
namespace {

using Causes = std::vector<RejectCause>;

RecordingIntake strict(std::string_view line) {
  return decode_all(line, with_dialect(Dialect::kEtsyStrict));
}

KeptSample one(std::string_view line) {
  const RecordingIntake intake = strict(line);
  REQUIRE(intake.rejects.empty());
  REQUIRE(intake.kept.size() == 1);
  return intake.kept.front();
}

TEST_CASE("any type but ms, g and s is a counter, the empty one too") {
  for (const char* type : {"c", "q", "h", "d", "m", "", "msx"}) {
    CAPTURE(type);
    const KeptSample sample = one("a:-2|" + std::string(type));
    CHECK(sample.kind == SeriesKind::kCounter);
    CHECK(sample.value == -2);
  }
}

TEST_CASE("everything behind the first |# is tags") {
  const KeptSample sample = one("a:1|c|#env:prod,az:a|c:0123|T5");
  CHECK(sample.name == "a");
  CHECK(sample.tags == "env:prod,az:a|c:0123|T5");
  CHECK(sample.timestamp_s == 0);
}

TEST_CASE("every piece between colons is complete in itself") {
  const RecordingIntake intake = strict("glork:1:2:3|ms");
  CHECK(causes_of(intake) == Causes{RejectCause::kSyntax, RejectCause::kSyntax});
  REQUIRE(intake.kept.size() == 1);
  CHECK(intake.kept[0].value == 3);
  CHECK(strict("a:1|c:2|c|@0.5:3|ms").kept.size() == 3);
}

TEST_CASE("an empty key is legal and an empty set member is 0") {
  CHECK(one(":1|c").name.empty());
  CHECK(one("u:|s").member == "0");
  CHECK(one("u:bob |s").member == "bob ");
}

TEST_CASE("values are JavaScript's") {
  CHECK(one("g: 12 |g").value == 12);
  CHECK(one("g:0x10|g").value == 16);
  CHECK(std::isinf(one("g:Infinity|g").value));
  CHECK(causes_of(strict("g:NaN|g")) == Causes{RejectCause::kValue});
  CHECK(causes_of(strict("t:-5|ms")) == Causes{RejectCause::kValue});
}

TEST_CASE("a sign adjusts a gauge only as the very first character") {
  CHECK(one("g:-5|g").op == SampleOp::kAdjustGauge);
  CHECK(one("g: -5|g").op == SampleOp::kSetGauge);
}

TEST_CASE("the third field must be a rate that leaves a counter finite") {
  CHECK(one("a:2|c|@1e-1").weight == 1);
  CHECK(one("a:2|c|@0.1").weight == 1 / 0.1);
  CHECK(one("a:2|c|@2").weight == 0.5);
  CHECK(one("a:2|c|@0.5|ignored").weight == 2);
  for (const char* rate : {"0.1", "@", "@-0.1", "@0", "@Infinity", "c0123", ""}) {
    CAPTURE(rate);
    CHECK(causes_of(strict("a:1|c|" + std::string(rate))) == Causes{RejectCause::kRate});
  }
}

TEST_CASE("a line without a colon is one bad piece") {
  CHECK(causes_of(strict("gorets")) == Causes{RejectCause::kSyntax});
  CHECK(causes_of(strict("gorets|c|#a:b")) == Causes{RejectCause::kSyntax});
}

}  // namespace
}  // namespace tocsin::statsd::testing
