// Series of derive rules on a shard: their statistics, their windows, and what a reload makes of
// them.
#include <doctest/doctest.h>

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using test::identity;
using test::StageFixture;

const char* const kRules = R"(
derive:
  - {name: latency, where: 'true', value: took, emit: [count, p50, p99.9], window: 30s}
  - {name: requests, where: 'true', emit: [rate]}
watch:
  - {where: service = "latency.p50", critical: metric > 100}
service:
  - {name: shop, business: [latency.p50]}
)";

Metric metric_of(const StageFixture& f, const std::string& service) {
  const auto found = f.ask("service = \"" + service + "\"");
  REQUIRE(found.size() <= 1);
  return found.empty() ? Metric() : found[0].metric;
}

Metric whole(std::int64_t value) {
  return value;
}

TEST_CASE("what a rule emits are series, with windows as long as it says") {
  StageFixture f(kRules);
  const Identity latency = identity(SeriesKind::kHistogram, "latency");
  const std::int64_t first = test::kStart % 30 / 10;  // of three slots
  f.lane().sample(latency, SampleOp::kObserve, 10);
  f.lane().sample(identity(SeriesKind::kCounter, "requests"), SampleOp::kAdd, 50);
  f.next();
  CHECK(metric_of(f, "requests.rate") == whole(5));
  CHECK(metric_of(f, "requests") == whole(50));
  for (std::int64_t slot = first + 1; slot < 3; ++slot) {
    CHECK(metric_of(f, "latency.count") == Metric());
    f.lane().sample(latency, SampleOp::kObserve, 20);
    f.next();
  }
  CHECK(metric_of(f, "latency.count") == whole(3 - first));
  CHECK(metric_of(f, "latency.p99_9") == whole(first == 2 ? 10 : 20));
  // Of a group as much as of the rule as a whole.
  Identity group = latency;
  group.attributes = {{"path", "/"}};
  for (int i = 0; i < 3; ++i) {
    f.lane().sample(group, SampleOp::kObserve, 500);
    f.next();
  }
  const auto slow = f.ask("service = \"latency.p50\" and path = \"/\"");
  REQUIRE(slow.size() == 1);
  CHECK(slow[0].metric == whole(500));
  CHECK(slow[0].state == state::kCritical);
}

TEST_CASE("an idle window counts nothing and has no percentiles") {
  StageFixture f("derive:\n  - {name: latency, where: 'true', value: took, emit: [count, p50]}\n");
  f.window(identity(SeriesKind::kHistogram, "latency"), SampleOp::kObserve, 7);
  CHECK(metric_of(f, "latency.count") == whole(1));
  f.next();
  CHECK(metric_of(f, "latency.count") == whole(0));
  CHECK(metric_of(f, "latency.p50") == whole(7));
}

TEST_CASE("a statistic that is emitted and spelt out by a watch is one series") {
  StageFixture f(
      "derive:\n  - {name: latency, where: 'true', value: took, emit: [count, mean]}\n"
      "watch:\n  - {where: 'service in (\"latency.count\", \"latency.upper\")', critical: metric > "
      "1}\n");
  f.window(identity(SeriesKind::kHistogram, "latency"), SampleOp::kObserve, 7);
  CHECK(f.ask("service =~ \"latency.%\"").size() == 3);
  CHECK(metric_of(f, "latency.count") == whole(1));
  CHECK(metric_of(f, "latency.upper") == whole(7));
}

TEST_CASE("a reload gives a series the statistics and the window of its new rule") {
  StageFixture f("derive:\n  - {name: latency, where: 'true', value: took, emit: [count]}\n");
  const Identity latency = identity(SeriesKind::kHistogram, "latency");
  f.window(latency, SampleOp::kObserve, 7);
  f.stage.adopt(test::compiled(
      "derive:\n  - {name: latency, where: 'true', value: took, emit: [max], window: 1h}\n", 2));
  f.next();
  f.window(latency, SampleOp::kObserve, 9);
  CHECK(metric_of(f, "latency.max") == Metric());
  for (int i = 0; i < 360; ++i) f.window(latency, SampleOp::kObserve, 9);
  CHECK(metric_of(f, "latency.max") == whole(9));
  f.stage.adopt(test::compiled("", 3));
  f.next();
  f.window(latency, SampleOp::kObserve, 11);
  CHECK(metric_of(f, "latency") == whole(11));
}

TEST_CASE("results tell the percentiles of the rule") {
  StageFixture f("derive:\n  - {name: latency, where: 'true', value: took, emit: [count, p95]}\n",
                 test::small_options(), "service = \"latency\"");
  f.window(identity(SeriesKind::kHistogram, "latency"), SampleOp::kObserve, 7);
  std::string all;
  for (const Record& record : f.results) all += record.value;
  CHECK(all.find("p95") != std::string::npos);
  CHECK(all.find("sum_squares") != std::string::npos);
}

TEST_CASE("the last window is told at the end, however long it would have lasted") {
  StageFixture f("derive:\n  - {name: latency, where: 'true', value: took, window: 1h}\n",
                 test::small_options(), "service = \"latency\"");
  f.lane().sample(identity(SeriesKind::kHistogram, "latency"), SampleOp::kObserve, 7);
  f.next();
  CHECK(f.results.empty());
  f.stage.finish();
  CHECK_FALSE(f.results.empty());
}

}  // namespace
}  // namespace tocsin::app
