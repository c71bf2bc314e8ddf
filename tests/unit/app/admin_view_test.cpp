#include "src/app/admin_view.hpp"

#include "tests/unit/app/live_stages.hpp"

namespace tocsin::app {
namespace {

struct Fixture {
  test::LiveStages live{"watch:\n  - {where: service = \"t.upper\", critical: metric > 100}\n", 2};
  std::atomic<bool> healthy{true};
  ShardAdminView view{*live.shards,
                      [] {
                        return std::vector<statsd::NamedNumber>{{"uptime", 3}};
                      },
                      [] { return std::string("config\n"); }, healthy};
};

std::vector<std::string> names_of(const std::vector<statsd::NamedNumber>& numbers) {
  std::vector<std::string> names;
  for (const auto& number : numbers) names.push_back(number.name);
  return names;
}

TEST_CASE("the admin port sees the open windows of all shards, sorted by name") {
  Fixture f;
  f.live.sample(SeriesKind::kTimer, "t", SampleOp::kObserve, 1);
  f.live.tick(10);  // makes t.upper, which is no gauge of a user
  f.live.count("z", 1);
  f.live.count("a", 2);
  f.live.count("a", 3);
  f.live.sample(SeriesKind::kGauge, "g", SampleOp::kSetGauge, 7);
  f.live.sample(SeriesKind::kTimer, "t", SampleOp::kObserve, 20);
  f.live.sample(SeriesKind::kTimer, "t", SampleOp::kObserve, 30);
  f.live.tick(11);
  const auto counters = f.view.counters();
  CHECK(names_of(counters) == std::vector<std::string>{"a", "z"});
  CHECK(counters[0].value == 5);
  CHECK(names_of(f.view.gauges()) == std::vector<std::string>{"g"});
  const auto timers = f.view.timers();
  REQUIRE(timers.size() == 1);
  CHECK(timers[0].values == std::vector<double>{20, 30});
}

TEST_CASE("removing takes one name, or all that share a beginning") {
  Fixture f;
  for (const char* name : {"a.x", "a.y", "a", "b"}) f.live.count(name, 1);
  f.live.sample(SeriesKind::kGauge, "a.g", SampleOp::kSetGauge, 1);
  f.live.tick(1);
  CHECK(f.view.remove(SeriesKind::kCounter, "a.*") == std::vector<std::string>{"a.x", "a.y"});
  CHECK(f.view.remove(SeriesKind::kCounter, "b") == std::vector<std::string>{"b"});
  CHECK(f.view.remove(SeriesKind::kCounter, "b").empty());
  CHECK(names_of(f.view.counters()) == std::vector<std::string>{"a"});
  CHECK(names_of(f.view.gauges()) == std::vector<std::string>{"a.g"});
}

TEST_CASE("stats, config and health are passed on") {
  Fixture f;
  CHECK(f.view.stats()[0].name == "uptime");
  CHECK(f.view.config() == "config\n");
  CHECK(f.view.healthy());
  f.view.set_healthy(false);
  CHECK_FALSE(f.view.healthy());
  CHECK_FALSE(f.healthy.load());
}

}  // namespace
}  // namespace tocsin::app
