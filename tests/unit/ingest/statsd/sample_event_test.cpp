#include "ingest/statsd/sample_event.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace tocsin::statsd {
namespace {

using Attributes = std::vector<Attribute>;

Origin from_ipv6() {
  Origin origin;
  origin.received = TimePoint(std::chrono::seconds(1000));
  origin.peer.family = Peer::Family::kIpv6;
  origin.peer.address[15] = 1;
  return origin;
}

TEST_CASE("a sample becomes an event of its series") {
  RawSample sample;
  sample.value = 3;
  sample.weight = 1 / 0.999999;
  const Identity identity{
      SeriesKind::kCounter, "web-1", "page.views", {"canary"}, {{"env", "prod"}}};
  const Event event = sample_event(sample, identity, from_ipv6());
  CHECK(event.time == TimePoint(std::chrono::seconds(1000)));
  CHECK(event.host == "web-1");
  CHECK(event.service == "page.views");
  CHECK(event.state.empty());
  CHECK(event.metric == Metric{std::int64_t{3}});
  CHECK(event.tags == std::vector<std::string>{"canary"});
  CHECK(event.attributes == Attributes{{"env", "prod"},
                                       {"ingest", "statsd"},
                                       {"metric_type", "counter"},
                                       {"peer", "::1"},
                                       {"sample_rate", "0.999999"}});
}

TEST_CASE("whole numbers are integers as long as a double holds them exactly") {
  RawSample sample;
  const auto metric = [&](double value) {
    sample.value = value;
    return sample_event(sample, {}, {}).metric;
  };
  CHECK(metric(-12) == Metric{std::int64_t{-12}});
  CHECK(metric(0.5) == Metric{0.5});
  CHECK(metric(9007199254740991) == Metric{std::int64_t{9007199254740991}});
  CHECK(metric(9007199254740992) == Metric{9007199254740992.0});
  CHECK(metric(1e300) == Metric{1e300});
}

TEST_CASE("the sample's own time wins over the time of arrival") {
  RawSample sample;
  sample.timestamp_s = 1795229000;
  CHECK(sample_event(sample, {}, from_ipv6()).time == TimePoint(std::chrono::seconds(1795229000)));
}

TEST_CASE("a set names its member and has no metric") {
  RawSample sample;
  sample.kind = SeriesKind::kSet;
  sample.op = SampleOp::kUnique;
  sample.member = "bob\xFF";
  const Event event = sample_event(sample, {}, {});
  CHECK(event.metric == Metric{});
  CHECK(event.attributes ==
        Attributes{{"ingest", "statsd"}, {"member", "bob\xEF\xBF\xBD"}, {"metric_type", "set"}});
}

TEST_CASE("an adjusted gauge is told from a set one, and tags cannot hide it") {
  RawSample sample;
  sample.kind = SeriesKind::kGauge;
  sample.op = SampleOp::kAdjustGauge;
  sample.value = -4;
  Identity identity;
  identity.attributes = {{"gauge_op", "none"}, {"metric_type", "lie"}};
  CHECK(sample_event(sample, identity, {}).attributes ==
        Attributes{{"gauge_op", "adjust"}, {"ingest", "statsd"}, {"metric_type", "gauge"}});
}

}  // namespace
}  // namespace tocsin::statsd
