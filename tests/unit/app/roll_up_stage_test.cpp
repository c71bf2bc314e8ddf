#include "src/app/roll_up_stage.hpp"

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using service::Health;

constexpr const char* kShop = "service:\n  - {name: shop, business: [orders]}\n";

struct Fixture {
  explicit Fixture(std::size_t shards = 1, const std::string& yaml = kShop) {
    RollUpOptions options;
    options.shards = shards;
    options.forwarding.riemann = 1;
    options.on_transition = [this](const service::Transition& t) { transitions.push_back(t); };
    auto made = RollUpStage::make(options, test::compiled(yaml), [this](publish::BatchPtr batch) {
      batches.push_back(std::move(batch));
    });
    REQUIRE(made);
    stage = std::move(*made);
  }
  void report(std::size_t shard, std::int64_t seconds, std::optional<Health> health = {},
              std::uint64_t generation = 1, bool last = false) {
    auto report = std::make_unique<ShardReport>();
    report->tick = test::at(seconds);
    report->generation = generation;
    report->last = last;
    if (health) {
      report->signals.push_back({{0, SignalTarget::kBusiness, {}},
                                 "orders",
                                 "orders",
                                 {*health, "because of it", test::at(seconds), false}});
    }
    stage->report(shard, std::move(report));
  }
  void settle() {
    while (stage->poll()) {
    }
  }
  Health rolled(const std::string& name = "shop") {
    const service::ServiceView* view = stage->snapshot()->find(name);
    REQUIRE(view != nullptr);
    return view->rolled;
  }
  std::vector<service::Transition> transitions;
  std::vector<publish::BatchPtr> batches;
  std::unique_ptr<RollUpStage> stage;
};

TEST_CASE("a signal changes a service at the next tick, once, and leaves as results") {
  Fixture f;
  f.report(0, 1, Health::kPassing);
  f.settle();
  CHECK(f.rolled() == Health::kPassing);
  f.report(0, 2, Health::kFailing);
  f.settle();
  CHECK(f.rolled() == Health::kFailing);
  CHECK(f.stage->signals() == 2);
  REQUIRE_FALSE(f.transitions.empty());
  CHECK(f.transitions.back().to == Health::kFailing);
  REQUIRE(f.batches.size() == 2);
  CHECK(f.batches[1]->tick == test::at(2));
  CHECK(f.batches[1]->records.size() == 4);  // transition and health, each with its listing
  REQUIRE(f.batches[1]->events.size() == 1);
  CHECK(f.batches[1]->events[0].event.service == "shop health");
  CHECK(f.batches[1]->events[0].event.state == state::kCritical);
  f.report(0, 3);
  f.settle();
  CHECK(f.batches[2]->records.empty());
  CHECK(f.batches[2]->events.empty());
  f.report(0, 3600);
  f.settle();
  CHECK(f.batches[3]->records.size() == 2);  // written again before its ttl ends
}

TEST_CASE("before the first report its services can be asked for, and are unknown") {
  Fixture f;
  CHECK(f.rolled() == Health::kUnknown);
  CHECK(f.transitions.empty());
}

TEST_CASE("signals that the limits of the tree turn away are counted, also over a reload") {
  const std::string rules = "service:\n  - {name: shop, members: {where: service = \"up\"}}\n";
  Fixture f(1, rules);
  const auto members = [&](std::int64_t seconds, std::uint64_t generation) {
    auto report = std::make_unique<ShardReport>();
    report->tick = test::at(seconds);
    report->generation = generation;
    for (std::size_t i = 0; i < service::TreeLimits{}.members_per_class + 3; ++i) {
      report->signals.push_back({{0, 0, "host-" + std::to_string(i)},
                                 "up",
                                 "up",
                                 {Health::kPassing, "", test::at(seconds), false}});
    }
    f.stage->report(0, std::move(report));
    f.settle();
  };
  members(1, 1);
  CHECK(f.stage->signals_refused() == 3);
  REQUIRE(f.stage->adopt(test::compiled(rules, 2)));
  members(2, 2);
  CHECK(f.stage->signals_refused() == 6);
}

TEST_CASE("time goes on when the slowest shard does") {
  Fixture f(2);
  f.report(0, 5, Health::kPassing);
  f.settle();
  CHECK(f.stage->snapshot()->as_of < test::at(5));
  f.report(0, 6);
  f.report(1, 5);
  f.settle();
  CHECK(f.stage->snapshot()->as_of == test::at(5));
  f.report(1, 7);
  f.settle();
  CHECK(f.stage->snapshot()->as_of == test::at(6));
}

TEST_CASE("it ends after the last report of every shard") {
  Fixture f(2);
  f.report(0, 5, {}, 1, true);
  f.report(1, 5);
  f.settle();
  CHECK_FALSE(f.stage->ended());
  f.report(1, 6, Health::kFailing, 1, true);
  f.stage->run();
  CHECK(f.stage->ended());
  CHECK(f.rolled() == Health::kFailing);
}

TEST_CASE("signals of rules that are gone are ignored, those of new rules are not lost") {
  Fixture f;
  f.report(0, 1, Health::kPassing);
  f.settle();
  REQUIRE(f.stage->adopt(test::compiled("service:\n  - {name: store, business: [orders]}\n", 2)));
  f.report(0, 2, Health::kFailing, 1);
  f.report(0, 3, Health::kDegraded, 2);
  f.settle();
  CHECK(f.stage->snapshot()->find("shop") == nullptr);
  CHECK(f.rolled("store") == Health::kDegraded);
}

TEST_CASE("new rules go on with the old ones' state until every shard has spoken of them") {
  Fixture f(2);
  f.report(0, 1, Health::kPassing);
  f.report(1, 1);
  f.settle();
  CHECK(f.rolled() == Health::kPassing);
  const std::size_t transitions = f.transitions.size();
  REQUIRE(f.stage->adopt(test::compiled(kShop, 2)));
  f.report(0, 2, {}, 1);
  f.report(1, 2, {}, 2);  // the series is not of this shard
  f.settle();
  CHECK(f.rolled() == Health::kPassing);
  f.report(0, 3, Health::kPassing, 2);
  f.report(1, 3, {}, 2);
  f.settle();
  CHECK(f.rolled() == Health::kPassing);
  CHECK(f.transitions.size() == transitions);
}

TEST_CASE("what no shard says again after a reload has ended") {
  Fixture f(2);
  f.report(0, 1, Health::kPassing);
  f.report(1, 1);
  f.settle();
  REQUIRE(f.stage->adopt(test::compiled(kShop, 2)));
  for (const std::size_t shard : {0u, 1u}) f.report(shard, 2, {}, 2);
  f.settle();
  CHECK(f.rolled() == Health::kFailing);
}

}  // namespace
}  // namespace tocsin::app
