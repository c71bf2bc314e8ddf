#include "src/app/shard_stage.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using service::Health;
using test::identity;
using test::StageFixture;

const Identity kOrders = identity(SeriesKind::kCounter, "orders");

constexpr const char* kShop = R"(
watch:
  - name: orders
    where: service = "orders"
    detect: {detectors: [stddev_from_average, mean_subtraction_cumulation], quorum: 2}
service:
  - {name: shop, business: [orders]}
)";

constexpr const char* kLimits = R"(
watch:
  - name: load
    where: service = "load"
    warning: metric > 5
    critical: metric > 8
service:
  - name: hosts
    members: {where: 'service = "load"', by: host}
)";

// Ten minutes of an even pace, a little uneven so that there is a deviation.
void calm(StageFixture& f) {
  for (int i = 0; i < 60; ++i) f.window(kOrders, SampleOp::kAdd, 100 + i % 3);
  REQUIRE(f.stage.progress().anomalies_open.get() == 0);
}

// A tenth of the orders, until that is found to be unusual: a few windows.
void shift(StageFixture& f) {
  for (int i = 0; i < 6 && f.stage.progress().anomalies_open.get() == 0; ++i) {
    f.take_signals();
    f.window(kOrders, SampleOp::kAdd, 10);
  }
  REQUIRE(f.stage.progress().anomalies_open.get() == 1);
}

// What the orders themselves say; a verdict on them is a series of its own.
std::vector<SignalMessage> of_orders(std::vector<SignalMessage> signals) {
  std::erase_if(signals, [](const SignalMessage& m) { return m.series != "orders"; });
  return signals;
}

TEST_CASE("samples become values of the index when their window has ended") {
  StageFixture f;
  f.lane().sample(kOrders, SampleOp::kAdd, 3, 2);
  f.lane().sample(identity(SeriesKind::kGauge, "load", "app-1"), SampleOp::kSetGauge, 1.5);
  f.next();
  const auto orders = f.ask("service = \"orders\"");
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].metric == Metric(std::int64_t{6}));
  CHECK(orders[0].time == test::at(10));
  CHECK(orders[0].attributes == std::vector<Attribute>{{"metric_type", "counter"}});
  const auto load = f.ask("host = \"app-1\"");
  REQUIRE(load.size() == 1);
  CHECK(load[0].metric == Metric(1.5));
  CHECK(f.processed() == 2);
  CHECK(f.reports == 2);
}

TEST_CASE("a query goes on where it stopped and keeps to its limit") {
  StageFixture f;
  for (int i = 0; i < 50; ++i) {
    f.lane().sample(identity(SeriesKind::kCounter, "c" + std::to_string(i)), SampleOp::kAdd, 1);
  }
  f.next();
  std::vector<Event> found;
  const auto all = test::predicate("service =~ \"c%\"");
  const series::SeriesIndex from = f.stage.query(all, 0, 20, 1000, found);
  CHECK(from == 20);
  CHECK(f.stage.query(all, from, 1000, 1000, found) == 0);
  CHECK(found.size() == 50);
  found.clear();
  CHECK(f.stage.query(all, 0, 1000, 7, found) == 0);
  CHECK(found.size() == 7);
}

TEST_CASE("a level shift opens an anomaly that lasts until the value is back in range") {
  StageFixture f(kShop);
  calm(f);
  auto signals = of_orders(f.take_signals());
  REQUIRE_FALSE(signals.empty());
  CHECK(signals.back().signal.health == Health::kPassing);
  CHECK(signals.back().target.member_class == SignalTarget::kBusiness);
  CHECK(signals.back().name == "orders");
  CHECK(f.ask("tagged \"verdict\" and state = \"critical\"").empty());
  const std::uint64_t anomalies = f.stage.progress().anomalies.get();
  f.results.clear();
  shift(f);
  signals = of_orders(f.take_signals());
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].signal.health == Health::kFailing);
  CHECK_FALSE(signals[0].signal.reason.empty());
  auto verdicts = f.ask("tagged \"verdict\"");
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].state == state::kCritical);
  CHECK(verdicts[0].service == "orders");
  CHECK(verdicts[0].metric == Metric(std::int64_t{10}));
  CHECK(verdicts[0].description == signals[0].signal.reason);
  REQUIRE(f.results.size() == 2);
  CHECK(f.results[0].kind == Record::Kind::kValue);
  CHECK(f.results[0].key.find("verdict") != std::string::npos);
  CHECK(f.results[1].kind == Record::Kind::kMember);

  // The detectors get used to the new level; the service does not.
  for (int i = 0; i < 30; ++i) f.window(kOrders, SampleOp::kAdd, 10);
  CHECK(f.stage.progress().anomalies_open.get() == 1);
  CHECK(f.stage.progress().anomalies.get() == anomalies + 1);
  for (const SignalMessage& message : f.take_signals()) {
    CHECK(message.signal.health == Health::kFailing);
  }
}

// A rule by a detector that remembers, and one by both kinds.
std::string watch_by(const std::string& detect) {
  return "watch:\n  - {name: orders, where: service = \"orders\", detect: " + detect +
         "}\nservice:\n  - {name: shop, business: [orders]}\n";
}

void even_pace(StageFixture& f, int windows) {
  for (int i = 0; i < windows; ++i) f.window(kOrders, SampleOp::kAdd, 100 + i % 7);
}

TEST_CASE("a detector that remembers opens an anomaly, and says why") {
  StageFixture f(watch_by("consensus"));
  even_pace(f, 400);
  CHECK(f.stage.progress().detectors.get() == 1);
  CHECK(f.stage.progress().detector_bytes.get() > 1000);
  REQUIRE(f.stage.progress().anomalies.get() == 0);
  CHECK(f.stage.progress().evaluations.get() == 0);  // nothing had to be voted on
  f.take_signals();
  f.window(kOrders, SampleOp::kAdd, 5000);
  CHECK(f.stage.progress().anomalies_open.get() == 1);
  const auto signals = of_orders(f.take_signals());
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].signal.health == Health::kFailing);
  auto verdicts = f.ask("tagged \"verdict\"");
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].state == state::kCritical);
  CHECK(verdicts[0].description.starts_with("value 5000, expected 100..106"));
  CHECK(std::ranges::count(verdicts[0].attributes, Attribute{"voters", "consensus"}) == 1);

  // Told once while it lasts, and once when it is over.
  f.window(kOrders, SampleOp::kAdd, 9000);
  CHECK(f.ask("tagged \"verdict\"")[0].time == verdicts[0].time);
  f.window(kOrders, SampleOp::kAdd, 103);
  verdicts = f.ask("tagged \"verdict\"");
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].state == state::kOk);
  CHECK(verdicts[0].description.starts_with("recovered after 20 s; furthest out 9000 at "));
}

TEST_CASE("detectors of both kinds vote together") {
  StageFixture f(watch_by("{detectors: [consensus, stddev_from_average], quorum: 2}"));
  even_pace(f, 400);
  REQUIRE(f.stage.progress().anomalies.get() == 0);
  CHECK(f.stage.progress().evaluations.get() > 0);
  for (int i = 0; i < 4; ++i) f.window(kOrders, SampleOp::kAdd, 5000);
  CHECK(f.stage.progress().anomalies_open.get() == 1);
  const auto verdicts = f.ask("tagged \"verdict\"");
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].description.find("2 of 2 agree; value 5000, expected") != std::string::npos);
}

TEST_CASE("a series with a past teaches its detectors when a rule asks for them") {
  StageFixture f(kLimits);
  even_pace(f, 400);
  f.stage.adopt(test::compiled(watch_by("consensus"), 2));
  CHECK(f.stage.progress().detectors.get() == 0);
  f.window(kOrders, SampleOp::kAdd, 100);
  CHECK(f.stage.progress().detectors.get() == 1);
  f.window(kOrders, SampleOp::kAdd, 5000);
  CHECK(f.stage.progress().anomalies_open.get() == 1);  // no new detector would know that

  f.stage.adopt(
      test::compiled(watch_by("consensus") + "  - {name: other, business: [orders]}\n", 3));
  for (int i = 0; i < 3; ++i) f.window(kOrders, SampleOp::kAdd, 100);
  CHECK(f.stage.progress().detectors.get() == 1);
  f.window(kOrders, SampleOp::kAdd, 20000);
  CHECK(f.stage.progress().anomalies_open.get() == 1);
}

TEST_CASE("detectors beyond their memory are refused, counted and told of") {
  ShardOptions options = test::small_options();
  options.detector_bytes = 1;
  StageFixture f("watch: [{where: service =~ \"%.c\", detect: consensus}]", options);
  for (int i = 0; i < 5; ++i) {
    f.lane().sample(identity(SeriesKind::kCounter, std::to_string(i) + ".c"), SampleOp::kAdd, 1);
  }
  f.next();
  CHECK(f.stage.progress().detectors.get() == 1);
  CHECK(f.stage.progress().detectors_refused.get() == 4);
  const auto told = f.ask("service = \"tocsin.detectors.refused\"");
  REQUIRE(told.size() == 1);
  CHECK(told[0].state == state::kCritical);
  CHECK(told[0].metric == Metric(std::int64_t{4}));
  f.next();
  CHECK(f.stage.progress().detectors_refused.get() == 4);
}

TEST_CASE("an anomaly ends with the first value in the range that was expected") {
  StageFixture f(kShop);
  calm(f);
  shift(f);
  f.take_signals();
  f.window(kOrders, SampleOp::kAdd, 101);
  CHECK(f.stage.progress().anomalies_open.get() == 0);
  const auto signals = of_orders(f.take_signals());
  REQUIRE_FALSE(signals.empty());
  CHECK(signals.back().signal.health == Health::kPassing);
  const auto verdicts = f.ask("tagged \"verdict\"");
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].state == state::kOk);
}

TEST_CASE("thresholds make a member degraded, failing and well again, with the reason") {
  StageFixture f(kLimits);
  const Identity load = identity(SeriesKind::kGauge, "load", "app-1");
  const auto after = [&](double value) {
    f.window(load, SampleOp::kSetGauge, value);
    const auto signals = f.take_signals();
    REQUIRE(signals.size() == 1);
    CHECK(signals[0].target.member == "app-1");
    CHECK(signals[0].target.member_class == 0);
    return signals[0].signal;
  };
  CHECK(after(1).health == Health::kPassing);
  CHECK(after(6).health == Health::kDegraded);
  const service::Signal failing = after(9);
  CHECK(failing.health == Health::kFailing);
  CHECK(failing.reason == "metric 9, critical: metric > 8");
  CHECK(f.ask("service = \"load\"")[0].state == state::kCritical);
  CHECK(after(2).health == Health::kPassing);
  CHECK(f.ask("service = \"load\"")[0].state == state::kOk);
}

TEST_CASE("what has not changed is not signalled again") {
  StageFixture f(kLimits);
  const Identity load = identity(SeriesKind::kGauge, "load", "app-1");
  f.window(load, SampleOp::kSetGauge, 1);
  f.take_signals();
  f.window(load, SampleOp::kSetGauge, 2);
  f.window(load, SampleOp::kSetGauge, 3);
  CHECK(f.take_signals().empty());
}

TEST_CASE("a series that is expected and falls silent is told of, and its return too") {
  StageFixture f(R"(
watch:
  - {name: beat, where: service = "orders", expect: {every: 30s}}
service:
  - {name: shop, business: [orders]}
)");
  f.window(kOrders, SampleOp::kAdd, 1);
  f.take_signals();
  f.next();
  f.next();
  f.next();
  CHECK(f.ask("tagged \"silence\"").empty());
  f.next();
  auto silence = f.ask("tagged \"silence\"");
  REQUIRE(silence.size() == 1);
  CHECK(silence[0].state == state::kExpired);
  auto signals = of_orders(f.take_signals());
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].signal.silent);
  f.window(kOrders, SampleOp::kAdd, 1);
  silence = f.ask("tagged \"silence\"");
  REQUIRE(silence.size() == 1);
  CHECK(silence[0].state == state::kOk);
  signals = of_orders(f.take_signals());
  REQUIRE_FALSE(signals.empty());
  CHECK_FALSE(signals.back().signal.silent);
}

TEST_CASE("a statistic that a rule names becomes a series of its own") {
  StageFixture f(R"(
watch:
  - {name: slow, where: service = "latency.upper_90", critical: metric > 100}
service:
  - {name: shop, business: [latency.upper_90]}
)");
  const Identity latency = identity(SeriesKind::kTimer, "latency");
  for (int i = 1; i <= 10; ++i) f.lane().sample(latency, SampleOp::kObserve, i * 20);
  f.next();
  const auto derived = f.ask("service = \"latency.upper_90\"");
  REQUIRE(derived.size() == 1);
  CHECK(derived[0].metric == Metric(std::int64_t{180}));
  CHECK(derived[0].state == state::kCritical);
  const auto signals = f.take_signals();
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].name == "latency.upper_90");
  CHECK(signals[0].signal.health == Health::kFailing);
  CHECK(f.ask("service = \"latency.upper\"").empty());
}

TEST_CASE("a pattern that covers a timer's name makes no series of its statistics") {
  StageFixture f("watch:\n  - {where: service =~ \"l%\", critical: metric > 100}\n");
  f.window(identity(SeriesKind::kTimer, "latency"), SampleOp::kObserve, 20);
  const auto found = f.ask("service =~ \"l%\"");
  REQUIRE(found.size() == 1);
  CHECK(found[0].service == "latency");
}

TEST_CASE("a statistic that ended before its timer comes back with the next value") {
  ShardOptions options = test::small_options();
  options.table.ttl_windows.fill(50);
  options.table.ttl_windows[static_cast<std::size_t>(SeriesKind::kGauge)] = 2;
  StageFixture f("watch:\n  - {where: service = \"latency.upper\", critical: metric > 100}\n",
                 options);
  const Identity latency = identity(SeriesKind::kTimer, "latency");
  f.window(latency, SampleOp::kObserve, 20);
  CHECK(f.ask("service = \"latency.upper\"").size() == 1);
  for (int i = 0; i < 5; ++i) f.next();
  CHECK(f.ask("service = \"latency.upper\"").empty());
  // Its number may belong to somebody else by now.
  f.window(identity(SeriesKind::kCounter, "other"), SampleOp::kAdd, 1);
  f.window(latency, SampleOp::kObserve, 30);
  const auto derived = f.ask("service = \"latency.upper\"");
  REQUIRE(derived.size() == 1);
  CHECK(derived[0].metric == Metric(std::int64_t{30}));
  CHECK(f.ask("service = \"other\"")[0].metric == Metric(std::int64_t{0}));
}

TEST_CASE("events are kept as they came, are judged by their state, and end by their ttl") {
  StageFixture f("service:\n  - {name: jobs, business: [backup]}\n");
  Event event;
  event.time = test::at(3);
  event.host = "db-1";
  event.service = "backup";
  event.state = "critical";
  event.description = "disk full";
  event.ttl = std::chrono::seconds(60);
  f.lane().event(event);
  f.next();
  const auto found = f.ask("service = \"backup\"");
  REQUIRE(found.size() == 1);
  CHECK(found[0] == event);
  auto signals = f.take_signals();
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].signal.health == Health::kFailing);
  CHECK(signals[0].signal.reason == "disk full");
  for (int i = 0; i < 7; ++i) f.next();
  CHECK(f.ask("service = \"backup\"")[0].state == state::kExpired);
  signals = f.take_signals();
  REQUIRE(signals.size() == 1);
  CHECK(signals[0].signal.silent);
}

TEST_CASE("an event without a metric keeps its series alive") {
  ShardOptions options = test::small_options();
  options.table.ttl_windows.fill(2);
  StageFixture f("", options);
  for (int i = 0; i < 8; ++i) {
    Event event;
    event.time = test::at(f.now_s);
    event.service = "beat";
    event.state = "ok";
    f.lane().event(event);
    f.next();
  }
  CHECK(f.stage.progress().series_expired.get() == 0);
}

TEST_CASE("a series limit drops with a cause, and is announced even much later") {
  ShardOptions options = test::small_options();
  options.table.max_series = 3;  // one is the announcement's own
  options.table.ttl_windows.fill(4);
  StageFixture f("", options);
  for (int i = 0; i < 10; ++i) f.next();
  for (const char* name : {"a", "b", "c"}) {
    f.lane().sample(identity(SeriesKind::kCounter, name), SampleOp::kAdd, 1);
  }
  f.next();
  CHECK(f.dropped(pipeline::DropCause::kSeriesLimit) == 1);
  CHECK(f.processed() == 2);
  CHECK(f.stage.progress().series_refused.get() == 1);
  const auto announced = f.ask("service = \"tocsin.series.refused\"");
  REQUIRE(announced.size() == 1);
  CHECK(announced[0].state == state::kCritical);
  CHECK(announced[0].metric == Metric(std::int64_t{1}));
}

TEST_CASE("numbers whose series was refused are asked for again once there is room") {
  ShardOptions options = test::small_options();
  options.table.max_series = 2;  // one is the announcement's own
  options.table.ttl_windows.fill(4);
  StageFixture f("", options);
  const Identity late = identity(SeriesKind::kCounter, "late");
  f.lane().sample(identity(SeriesKind::kCounter, "flood"), SampleOp::kAdd, 1);
  f.lane().sample(late, SampleOp::kAdd, 1);
  f.next();
  CHECK(f.dropped(pipeline::DropCause::kSeriesLimit) == 1);
  CHECK(f.asked_to_define == 0);  // no room yet
  for (int i = 0; i < 60; ++i) f.next();
  CHECK(f.asked_to_define == 1);  // the flood has ended
}

TEST_CASE("a number whose series has ended is dropped with a cause, and asked for again") {
  ShardOptions options = test::small_options();
  options.table.ttl_windows.fill(2);
  StageFixture f("", options);
  const Identity brief = identity(SeriesKind::kCounter, "brief");
  f.lane().sample(brief, SampleOp::kAdd, 1);
  for (int i = 0; i < 40; ++i) f.next();
  // The number of the ended series serves another one by now.
  f.lane().sample(identity(SeriesKind::kTimer, "other"), SampleOp::kObserve, 1);
  f.lane().sample(brief, SampleOp::kAdd, 5);
  f.next();
  CHECK(f.dropped(pipeline::DropCause::kEnded) == 1);
  CHECK(f.processed() == 2);
  f.next();
  CHECK(f.asked_to_define == 1);
}

TEST_CASE("the bytes of events count against max_bytes") {
  ShardOptions options = test::small_options();
  options.table.max_bytes = 1 << 20;
  StageFixture f("", options);
  Event event;
  event.time = test::at(0);
  event.description = std::string(8000, 'x');
  for (int i = 0; i < 200; ++i) {
    event.service = "e" + std::to_string(i);
    f.lane().event(event);
    f.send();
  }
  const auto lost =
      f.dropped(pipeline::DropCause::kMemory) + f.dropped(pipeline::DropCause::kSeriesLimit);
  CHECK(lost > 0);
  CHECK(f.processed() + lost == 200);
  const std::vector<Event> found = f.ask("service =~ \"e%\"");
  const auto kept = std::count_if(found.begin(), found.end(), [&](const Event& one) {
    return one.description == event.description;
  });
  CHECK(kept == static_cast<std::ptrdiff_t>(f.processed()));
}

TEST_CASE("an event lives as long as the ttl of the last one given") {
  StageFixture f("", test::small_options());
  Event event;
  event.service = "beat";
  event.state = "ok";
  const auto say = [&](std::int64_t ttl_s) {
    event.time = test::at(f.now_s);
    event.ttl = std::chrono::seconds(ttl_s);
    f.lane().event(event);
    f.next();
  };
  const auto state = [&] { return f.ask("service = \"beat\"").at(0).state; };
  say(30);
  say(30);
  say(30);
  say(30);  // each moves the end on
  CHECK(state() == "ok");
  say(5);  // and a shorter one brings it nearer
  CHECK(state() == "expired");
  say(30);
  CHECK(state() == "ok");
  for (int i = 0; i < 4; ++i) f.next();
  CHECK(state() == "expired");
}

TEST_CASE("late samples, and windows that cannot grow, are dropped with a cause") {
  ShardOptions options = test::small_options();
  options.table.max_bytes = 1 << 18;
  StageFixture f("", options);
  const Identity gauge = identity(SeriesKind::kGauge, "g");
  f.lane().timed(gauge, SampleOp::kSetGauge, 1, test::kStart - 100);
  f.lane().timed(gauge, SampleOp::kSetGauge, 2, test::kStart - 100);
  f.send();
  CHECK(f.dropped(pipeline::DropCause::kLate) == 1);
  for (int t = 0; t < 300; ++t) {
    const Identity timer = identity(SeriesKind::kTimer, "t" + std::to_string(t));
    for (int i = 0; i < 100; ++i) f.lane().sample(timer, SampleOp::kObserve, i);
    f.send();
  }
  CHECK(f.dropped(pipeline::DropCause::kMemory) > 0);
  CHECK(f.processed() + f.dropped(pipeline::DropCause::kMemory) +
            f.dropped(pipeline::DropCause::kLate) + f.dropped(pipeline::DropCause::kSeriesLimit) ==
        2 + 300 * 100);
}

TEST_CASE("new rules take over what the old ones had found") {
  StageFixture f(kShop);
  calm(f);
  shift(f);
  f.take_signals();
  const std::uint64_t plans = f.stage.progress().plans.get();
  SUBCASE("a watch of the same name keeps its anomaly, and the new services are told at once") {
    f.stage.adopt(test::compiled(std::string(kShop) + "  - {name: also, business: [orders]}\n", 2));
    f.tick(f.now_s + 1);
    CHECK(f.generation == 2);
    CHECK(f.stage.progress().plans.get() == plans);
    CHECK(f.stage.progress().anomalies_open.get() == 1);
    const auto signals = of_orders(f.take_signals());
    REQUIRE(signals.size() == 2);
    CHECK(signals[0].signal.health == Health::kFailing);
    CHECK(signals[1].target.service == 1);
    f.window(kOrders, SampleOp::kAdd, 101);
    CHECK(f.stage.progress().anomalies_open.get() == 0);
    CHECK(f.ask("tagged \"verdict\"")[0].state == state::kOk);
  }
  SUBCASE("without the watch the anomaly is gone") {
    f.stage.adopt(test::compiled("", 2));
    f.next();
    CHECK(f.stage.progress().anomalies_open.get() == 0);
    CHECK(f.stage.progress().plans.get() == 0);
    CHECK(f.take_signals().empty());
  }
}

TEST_CASE("an event between new rules and the next tick speaks for the new services only") {
  StageFixture f("service:\n  - {name: a, business: [x]}\n  - {name: b, business: [job]}\n");
  Event event;
  event.service = "job";
  event.state = "critical";
  f.lane().event(event);
  f.next();
  f.lane().event(event);
  f.send();  // an old signal may still wait for its report
  f.take_signals();
  f.stage.adopt(test::compiled("service:\n  - {name: b, business: [job]}\n", 2));
  event.state = "ok";
  f.lane().event(event);
  f.next();
  const auto signals = f.take_signals();
  REQUIRE_FALSE(signals.empty());
  for (const SignalMessage& message : signals) CHECK(message.target.service == 0);
  CHECK(signals.back().signal.health == Health::kPassing);
}

TEST_CASE("one lane or two: the outcome is the same") {
  const auto run = [](std::size_t lanes) {
    ShardOptions options = test::small_options();
    options.lanes = lanes;
    StageFixture f(kShop, options, "true");
    std::size_t turn = 0;
    for (int w = 0; w < 80; ++w) {
      for (int i = 0; i < 4; ++i) {
        f.lane(turn++ % lanes).sample(kOrders, SampleOp::kAdd, w < 70 ? 25 + w % 2 : 2);
        f.lane(turn++ % lanes)
            .sample(identity(SeriesKind::kTimer, "latency"), SampleOp::kObserve, i + w);
      }
      f.next();
    }
    return std::make_pair(f.ask("true"), std::move(f.results));
  };
  const auto one = run(1);
  const auto two = run(2);
  CHECK(one.first.size() > 2);
  CHECK(one.first == two.first);
  CHECK(one.second == two.second);
}

TEST_CASE("published series leave as results, each with its listing") {
  StageFixture f("", test::small_options(), "service = \"orders\"");
  f.lane().sample(kOrders, SampleOp::kAdd, 3);
  f.lane().sample(identity(SeriesKind::kCounter, "other"), SampleOp::kAdd, 3);
  f.next();
  REQUIRE(f.results.size() == 2);
  CHECK(f.results[0].kind == Record::Kind::kValue);
  CHECK(f.results[1].kind == Record::Kind::kMember);
}

TEST_CASE("each destination gets the series it wants, whether they are results or not") {
  ShardOptions options = test::small_options();
  options.forwarding.graphite = 1;
  options.forwarding.riemann = 2;
  StageFixture f("", options, "false",
                 {test::predicate("true"), test::predicate("service = \"orders\"")});
  f.lane().sample(kOrders, SampleOp::kAdd, 30);
  f.lane().sample(identity(SeriesKind::kGauge, "level"), SampleOp::kSetGauge, 2.5);
  f.next();
  CHECK(f.results.empty());
  std::map<std::string, double> points;
  for (const publish::ForwardedPoint& point : f.points) {
    CHECK(point.to == 1);
    CHECK(point.time == test::at(10));
    points[point.name] = point.value;
  }
  points.erase("tocsin.series.refused");  // the stage's own
  CHECK(points ==
        std::map<std::string, double>{{"orders", 30}, {"orders.rate", 3}, {"level", 2.5}});
  REQUIRE(f.events.size() == 2);
  CHECK(f.events[0].to == 2);
  CHECK(f.events[0].event.service == "orders");
  CHECK(f.events[1].event.service == "orders.rate");
}

TEST_CASE("a predicate on the value is asked of each point") {
  ShardOptions options = test::small_options();
  options.forwarding.graphite = 1;
  StageFixture f("", options, "false", {test::predicate("service = \"level\" and metric > 5")});
  const Identity level = identity(SeriesKind::kGauge, "level");
  f.window(level, SampleOp::kSetGauge, 4);
  f.window(level, SampleOp::kSetGauge, 6);
  REQUIRE(f.points.size() == 1);
  CHECK(f.points[0].value == 6);
}

TEST_CASE("many points of one window leave in pieces") {
  ShardOptions options = test::small_options();
  options.table.max_series = 4000;
  options.forwarding.graphite = 1;
  StageFixture f("", options, "false", {test::predicate("service =~ \"g%\"")});
  for (int i = 0; i < 3000; ++i) {
    f.lane().sample(identity(SeriesKind::kGauge, "g" + std::to_string(i)), SampleOp::kSetGauge, i);
  }
  f.next();
  CHECK(f.points.size() == 3000);
  CHECK(f.batches == 3);
}

TEST_CASE("a verdict is forwarded once, when it is said, and not as a series") {
  ShardOptions options = test::small_options();
  options.forwarding.graphite = 1;
  options.forwarding.riemann = 2;
  StageFixture f(kShop, options, "false", {test::predicate("true"), test::predicate("true")});
  calm(f);
  f.events.clear();
  f.points.clear();
  shift(f);
  const auto verdicts = std::count_if(f.events.begin(), f.events.end(), [](const auto& forwarded) {
    return forwarded.event.service == "orders verdict" && forwarded.event.state == state::kCritical;
  });
  CHECK(verdicts == 1);
  f.next();
  CHECK(std::none_of(f.points.begin(), f.points.end(), [](const auto& point) {
    return point.name.find("verdict") != std::string::npos;
  }));
}

// The figure that a record in MessagePack tells under `name`: a float 64 behind the text.
std::optional<double> told(const Record& record, const std::string& name) {
  const std::size_t at = record.value.find(static_cast<char>(0xa0 + name.size()) + name);
  const std::size_t figure = at + 1 + name.size();
  if (at == std::string::npos || record.value.at(figure) != '\xcb') return std::nullopt;
  std::uint64_t bits = 0;
  for (const char byte : record.value.substr(figure + 1, 8)) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
  }
  return std::bit_cast<double>(bits);
}

TEST_CASE(
    "results tell the bins of a timer whose name has the metric in it, under the style's names") {
  const Identity wait = identity(SeriesKind::kTimer, "checkout.wait");
  ShardOptions options = test::small_options();
  options.histogram = {{"checkout", {10, 100, std::numeric_limits<double>::infinity()}}, {"", {1}}};
  SUBCASE("plain") {
    StageFixture f("", options, "service = \"checkout.wait\"");
    for (const double value : {3.0, 9.9, 10.0, 50.0, 99.0, 5000.0}) {
      f.lane().sample(wait, SampleOp::kObserve, value);
    }
    f.next();
    REQUIRE(f.results.size() == 2);
    CHECK(told(f.results[0], "count") == 6);
    CHECK(told(f.results[0], "histogram.bin_10") == 2);
    CHECK(told(f.results[0], "histogram.bin_100") == 3);
    CHECK(told(f.results[0], "histogram.bin_inf") == 1);
    CHECK_FALSE(told(f.results[0], "histogram.bin_1"));
  }
  SUBCASE("current") {
    options.names = statsd::NamingStyle::kCurrent;
    options.histogram = {{"", {10}}};
    StageFixture f("", options, "service = \"a.b\"");
    f.lane().sample(identity(SeriesKind::kTimer, "a.b"), SampleOp::kObserve, 3);
    f.next();
    REQUIRE(f.results.size() == 2);
    CHECK(told(f.results[0], "stats.timers.a.b.mean") == 3);
    CHECK_FALSE(told(f.results[0], "value"));
  }
}

TEST_CASE("the end publishes the open window and does not judge it") {
  StageFixture f(kShop, test::small_options(), "service = \"orders\"");
  calm(f);
  f.results.clear();
  f.lane().sample(kOrders, SampleOp::kAdd, 1);
  f.send();
  f.stage.finish();
  CHECK(f.last_report);
  CHECK(f.results.size() == 2);
  CHECK(f.stage.progress().anomalies.get() == 0);
}

TEST_CASE("forgotten series are named, and gone from the index until their next sample") {
  StageFixture f;
  f.window(kOrders, SampleOp::kAdd, 1);
  const auto gone = f.stage.forget_if(
      [](SeriesKind kind, const Identity&) { return kind == SeriesKind::kCounter; });
  CHECK(gone == std::vector<std::string>{"orders"});
  CHECK(f.ask("service = \"orders\"").empty());
  f.window(kOrders, SampleOp::kAdd, 5);
  CHECK(f.ask("service = \"orders\"")[0].metric == Metric(std::int64_t{5}));
}

}  // namespace
}  // namespace tocsin::app
