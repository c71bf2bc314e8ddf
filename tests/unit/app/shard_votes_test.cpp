// When a shard holds votes. What comes of them: shard_stage_test.cpp.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

#include "src/app/shard_stage.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using test::identity;
using test::StageFixture;

// A hundred series in each of three watches, in a shard whose clock goes by the step at every look.
struct BusyShard {
  explicit BusyShard(std::chrono::nanoseconds a_step)
      : step(a_step), f(kRules, options([this] { return now += step; })) {}

  static ShardOptions options(TimeBudget::Clock clock) {
    ShardOptions options = test::small_options();
    options.vote_time = std::chrono::milliseconds(100);
    options.clock = std::move(clock);
    return options;
  }
  void window() {
    for (int i = 0; i < 100; ++i) {
      for (const char* rank : {".high", ".normal", ".low"}) {
        f.lane().sample(identity(SeriesKind::kCounter, std::to_string(i) + rank), SampleOp::kAdd,
                        1);
      }
    }
    f.next();
  }
  [[nodiscard]] std::uint64_t waiting() const {
    return f.stage.progress().evaluations_waiting.get();
  }

  static constexpr const char* kRules = R"(
watch:
  - {where: service =~ "%.high", detect: [grubbs, ks_test], priority: high}
  - {where: service =~ "%.normal", detect: [grubbs, ks_test]}
  - {where: service =~ "%.low", detect: [grubbs, ks_test], priority: low}
)";
  std::chrono::nanoseconds step;
  std::chrono::nanoseconds now{0};
  StageFixture f;
};

TEST_CASE("votes that a tick has no time for are held in later ones, and every one is counted") {
  BusyShard shard(std::chrono::milliseconds(9));
  const ShardWork& work = shard.f.stage.progress();
  for (std::uint64_t w = 1; w <= 30; ++w) {
    shard.window();
    CHECK(work.evaluations.get() + work.evaluations_skipped.get() + shard.waiting() == 300 * w);
  }
  CHECK(work.evaluations.get() < 300 * 25);
  CHECK(work.evaluations.get() > 300 * 15);
  CHECK(work.evaluations_late.get() > 0);
  CHECK(work.longest_tick_ns.get() >= 100'000'000);
  const auto told = shard.f.ask("service = \"tocsin.votes.waiting\"");
  REQUIRE(told.size() == 1);
  CHECK(told[0].state == state::kWarning);
  // With time again what waited is held; that is said when a whole window was in time.
  shard.step = std::chrono::microseconds(1);
  shard.window();
  CHECK(shard.waiting() == 0);
  CHECK(shard.f.ask("service = \"tocsin.votes.waiting\"").front().state == state::kWarning);
  shard.window();
  shard.window();
  CHECK(shard.f.ask("service = \"tocsin.votes.waiting\"").front().state == state::kOk);
}

TEST_CASE("with time for all votes none waits and nothing is said") {
  BusyShard shard(std::chrono::microseconds(1));
  for (int w = 0; w < 5; ++w) shard.window();
  const ShardWork& work = shard.f.stage.progress();
  CHECK(work.evaluations.get() == 1500);
  CHECK(work.evaluations_late.get() == 0);
  CHECK(work.evaluations_skipped.get() == 0);
  CHECK(shard.waiting() == 0);
  CHECK(shard.f.ask("service = \"tocsin.votes.waiting\"").empty());
}

TEST_CASE("while an anomaly lasts its verdict is renewed once a minute") {
  StageFixture f("watch:\n  - {where: service = \"orders\", detect: skyline}\n");
  const Identity orders = identity(SeriesKind::kCounter, "orders");
  for (int i = 0; i < 90; ++i) f.window(orders, SampleOp::kAdd, 100 + i % 3);
  for (int i = 0; i < 6 && f.stage.progress().anomalies_open.get() == 0; ++i) {
    f.window(orders, SampleOp::kAdd, 1000);
  }
  REQUIRE(f.stage.progress().anomalies_open.get() == 1);
  f.results.clear();
  for (int i = 0; i < 12; ++i) f.window(orders, SampleOp::kAdd, 1000);
  REQUIRE(f.stage.progress().anomalies_open.get() == 1);
  CHECK(f.results.size() == 4);  // twice the verdict and its place among the anomalies
  // The end is told at once.
  f.results.clear();
  f.window(orders, SampleOp::kAdd, 101);
  CHECK(f.stage.progress().anomalies_open.get() == 0);
  CHECK(f.results.size() == 1);
}

}  // namespace
}  // namespace tocsin::app
