#include "ingest/statsd/datadog_message.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/ingest/statsd/decode_all.hpp"

namespace tocsin::statsd::testing {
namespace {

Origin origin() {
  Origin origin;
  origin.received = TimePoint(std::chrono::seconds(1000));
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

Event one(std::string_view line, const Options& options = {}) {
  const RecordingIntake intake = decode_all(line, options, origin());
  REQUIRE(intake.rejects.empty());
  REQUIRE(intake.kept.empty());
  REQUIRE(intake.events.size() == 1);
  return intake.events.front();
}

RejectCause refused(std::string_view line, const Options& options = {}) {
  const RecordingIntake intake = decode_all(line, options, origin());
  CHECK(intake.events.empty());
  CHECK(intake.kept.empty());
  REQUIRE(intake.rejects.size() == 1);
  return intake.rejects.front().cause;
}

std::string attribute(const Event& event, std::string_view key) {
  for (const Attribute& attribute : event.attributes) {
    if (attribute.key == key) return attribute.value;
  }
  return "(none)";
}

TEST_CASE("an event keeps all that was said of it") {
  const Event event =
      one("_e{6,9}:Deploy|line 1\\n2|d:1795229000|h:ci-1|k:deploy|p:low|s:jenkins|t:error|"
          "#env:prod,canary,team:web|c:0123|zz");
  CHECK(event.time == TimePoint(std::chrono::seconds(1795229000)));
  CHECK(event.host == "ci-1");
  CHECK(event.service == "deploy");
  CHECK(event.state == "critical");
  CHECK(event.description == "Deploy\nline 1\n2");
  CHECK(event.metric == Metric{});
  CHECK(event.tags == std::vector<std::string>{"canary"});
  CHECK(event.attributes == std::vector<Attribute>{{"aggregation_key", "deploy"},
                                                   {"alert_type", "error"},
                                                   {"env", "prod"},
                                                   {"ingest", "statsd"},
                                                   {"metric_type", "event"},
                                                   {"peer", "192.0.2.7"},
                                                   {"priority", "low"},
                                                   {"source", "jenkins"},
                                                   {"team", "web"}});
}

TEST_CASE("a bare event has defaults") {
  const Event event = one("_e{1,0}:t|");
  CHECK(event.time == origin().received);
  CHECK(event.host == "192.0.2.7");
  CHECK(event.service == "event");
  CHECK(event.state == "ok");
  CHECK(event.description == "t");
}

TEST_CASE("the host is h:, else the tag, else the default, else the sender") {
  Options options;
  CHECK(one("_e{1,1}:t|x|h:a|#host:b", options).host == "a");
  CHECK(one("_e{1,1}:t|x|#host:b", options).host == "b");
  CHECK(one("_e{1,1}:t|x", options).host == "192.0.2.7");
  options.default_host = "d";
  CHECK(one("_e{1,1}:t|x", options).host == "d");
}

TEST_CASE("what the sender tags cannot pass for what the listener knows") {
  const Event event = one("_e{1,1}:t|x|#peer:evil,ingest:evil,alert_type:evil|t:info");
  CHECK(attribute(event, "peer") == "192.0.2.7");
  CHECK(attribute(event, "ingest") == "statsd");
  CHECK(attribute(event, "alert_type") == "info");
}

TEST_CASE("alert types map to states") {
  CHECK(one("_e{1,1}:t|x|t:error").state == "critical");
  CHECK(one("_e{1,1}:t|x|t:warning").state == "warning");
  CHECK(one("_e{1,1}:t|x|t:info").state == "ok");
  CHECK(one("_e{1,1}:t|x|t:success").state == "ok");
}

TEST_CASE("lengths in bytes, in UTF-16 units and wrong ones all find title and text") {
  const std::string title =
      "gr\xC3\xB6\xC3\x9F"
      "e \xF0\x9F\x94\x94";                 // 12 bytes, 8 units
  const std::string text = "a|b \xC3\xBC";  // 6 bytes, 5 units
  const std::string body = title + "|" + text + "|k:key";
  for (const char* lengths : {"12,6", "8,5"}) {
    CAPTURE(lengths);
    const Event event = one("_e{" + std::string(lengths) + "}:" + body);
    CHECK(event.description == title + "\n" + text);
    CHECK(event.service == "key");
  }
  // Neither counts: cut at the bars, so that the text ends at its own.
  CHECK(one("_e{3,99}:" + body).description == title + "\na");
  CHECK(one("_e{5,1}:title|text").description == "title\ntext");
}

TEST_CASE("bytes that are not UTF-8 are replaced") {
  CHECK(one("_e{2,1}:\xF6!|x").description == "\xEF\xBF\xBD!\nx");
}

TEST_CASE("events that cannot be read are refused by cause") {
  struct Case {
    const char* line;
    RejectCause cause;
  };
  for (const auto& [line, cause] : {Case{"_e{1,1}", RejectCause::kSyntax},
                                    {"_e{1}:t|x", RejectCause::kSyntax},
                                    {"_e{a,1}:t|x", RejectCause::kSyntax},
                                    {"_e{1,-1}:t|x", RejectCause::kSyntax},
                                    {"_e{,}:t|x", RejectCause::kSyntax},
                                    {"_e{1,99999999999999999999}:t|x", RejectCause::kSyntax},
                                    {"_e{4,4}:text", RejectCause::kTruncated},
                                    {"_e{0,1}:|x", RejectCause::kName},
                                    {"_e{1,1}:t|x|d:soon", RejectCause::kTimestamp},
                                    {"_e{1,1}:t|x|d:9999999999999", RejectCause::kTimestamp},
                                    {"_e{1,1}:t|x|t:fatal", RejectCause::kValue},
                                    {"_e{1,1}:t|x|p:high", RejectCause::kValue}}) {
    CAPTURE(line);
    CHECK(refused(line) == cause);
  }
  Options options;
  options.max_tags = 2;
  CHECK(refused("_e{1,1}:t|x|#a,b,c", options) == RejectCause::kTags);
}

TEST_CASE("a service check keeps name, state and message") {
  const Event event = one("_sc|db.up|2|d:1795229000|h:db-1|#env:prod,role:db,x|m:down|hard");
  CHECK(event.service == "db.up");
  CHECK(event.state == "critical");
  CHECK(event.host == "db-1");
  CHECK(event.time == TimePoint(std::chrono::seconds(1795229000)));
  CHECK(event.description == "down|hard");
  CHECK(event.tags == std::vector<std::string>{"x"});
  CHECK(attribute(event, "check_status") == "2");
  CHECK(attribute(event, "role") == "db");
}

TEST_CASE("the four statuses are the four states") {
  CHECK(one("_sc|a|0").state == "ok");
  CHECK(one("_sc|a|1").state == "warning");
  CHECK(one("_sc|a|2").state == "critical");
  CHECK(one("_sc|a|3").state == "unknown");
}

TEST_CASE("a message may hold bars and escapes, and loses the fields behind it") {
  CHECK(one("_sc|a|1|m:slow\\nm\\: reply|pipe|c:0123").description == "slow\nm: reply|pipe");
  CHECK(one("_sc|a|1|m:x|c:0123|e:it-false,cn-n|card:low").description == "x");
  CHECK(one("_sc|a|1|m:x|c: is no field").description == "x|c: is no field");
  CHECK(one("_sc|a|1|#t|m:").description.empty());
  CHECK(one("_sc|a|1|h:|m:d:1|h:2").description == "d:1|h:2");
}

TEST_CASE("a line feed inside a message ends it, and what follows counts as malformed") {
  const RecordingIntake intake = decode_all("_sc|db.up|0|m:all good\nm: x");
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].description == "all good");
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kSyntax);
  CHECK(intake.rejects[0].record == "m: x");
}

TEST_CASE("checks that cannot be read are refused by cause") {
  CHECK(refused("_sc|") == RejectCause::kName);
  CHECK(refused("_sc||0") == RejectCause::kName);
  CHECK(refused("_sc|a") == RejectCause::kValue);
  CHECK(refused("_sc|a|4") == RejectCause::kValue);
  CHECK(refused("_sc|a|ok") == RejectCause::kValue);
  CHECK(refused("_sc|a|0|d:x") == RejectCause::kTimestamp);
}

}  // namespace
}  // namespace tocsin::statsd::testing
