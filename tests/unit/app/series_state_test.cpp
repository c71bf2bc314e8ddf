#include "src/app/series_state.hpp"

#include <limits>

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

TEST_CASE("an anomaly is over when the value is in range again, or has become the normal") {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  using State = OpenAnomaly::State;
  OpenAnomaly anomaly{test::at(0), 10, 20, {}, 21, test::at(0)};
  CHECK(anomaly.follow(9.9, test::at(60)) == State::kOpen);
  CHECK(anomaly.follow(20.1, test::at(60)) == State::kOpen);
  CHECK(anomaly.follow(10, test::at(60)) == State::kRecovered);
  CHECK(anomaly.follow(20, test::at(60)) == State::kRecovered);
  CHECK(anomaly.follow(0, test::at(3599)) == State::kOpen);
  CHECK(anomaly.follow(0, test::at(3600)) == State::kNewNormal);
  anomaly.low = kUnknown;
  CHECK(anomaly.follow(-1e9, test::at(60)) == State::kRecovered);
  CHECK(anomaly.follow(21, test::at(60)) == State::kOpen);
}

TEST_CASE("an anomaly knows its peak, and tells of it when it is over") {
  using State = OpenAnomaly::State;
  OpenAnomaly anomaly{test::at(0), 10, 20, {}, 25, test::at(0)};
  (void)anomaly.follow(4, test::at(10));  // six below: further out than five above
  (void)anomaly.follow(25.5, test::at(20));
  CHECK(anomaly.peak == 4);
  CHECK(anomaly.peak_time == test::at(10));
  CHECK(anomaly.farewell(State::kRecovered, test::at(130)) ==
        "recovered after 2 min 10 s; furthest out 4 at 2023-11-14T22:13:30Z");
  CHECK(anomaly.farewell(State::kNewNormal, test::at(3600)) ==
        "taken for normal after 1 h; furthest out 4 at 2023-11-14T22:13:30Z");
}

TEST_CASE("the range of an anomaly is what was expected and what was reached") {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  OpenAnomaly anomaly{test::at(0), 10, 20, {}, 25, test::at(0)};
  CHECK(anomaly.range() == ValueRange{10, 25});
  (void)anomaly.follow(30, test::at(10));
  (void)anomaly.follow(4, test::at(20));
  CHECK(anomaly.range() == ValueRange{4, 30});
  const OpenAnomaly unbounded{test::at(0), kUnknown, kUnknown, {}, 25, test::at(0)};
  CHECK(unbounded.range() == ValueRange{25, 25});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  OpenAnomaly endless{test::at(0), -kInfinity, kInfinity, {}, 25, test::at(0)};
  CHECK(endless.range() == ValueRange{25, 25});
  (void)endless.follow(-kInfinity, test::at(10));
  (void)endless.follow(30, test::at(20));
  CHECK(endless.range() == ValueRange{25, 30});
}

TEST_CASE("an anomaly that is ended leaves its range, its farewell and when that was") {
  WatchState watch;
  watch.anomaly = OpenAnomaly{test::at(0), 10, 20, {}, 25, test::at(0)};
  watch.end_anomaly(watch.anomaly->farewell("noise by ann,", test::at(60)), test::at(60));
  CHECK_FALSE(watch.anomaly.has_value());
  CHECK(watch.farewell == "noise by ann, after 1 min; furthest out 25 at 2023-11-14T22:13:20Z");
  CHECK(watch.last_range == ValueRange{10, 25});
  CHECK(watch.quiet_since == test::at(60));
}

TEST_CASE("thresholds: critical wins, and only where the watch looks") {
  WatchState watch;
  watch.watch.where = test::predicate("state != \"off\"");
  watch.watch.warning = test::predicate("metric > 5");
  watch.watch.critical = test::predicate("metric > 8");
  Event event;
  event.metric = std::int64_t{9};
  watch.hold(event);
  CHECK(watch.threshold == service::Health::kFailing);
  event.metric = 5.5;
  watch.hold(event);
  CHECK(watch.threshold == service::Health::kDegraded);
  rules::Watch rule;
  rule.warning = rules::Condition{"metric > 5", {}, {}};
  CHECK(watch.threshold_text(rule, event) == "metric 5.5, warning: metric > 5");
  event.state = "off";
  watch.hold(event);
  CHECK(watch.threshold == service::Health::kPassing);
}

}  // namespace
}  // namespace tocsin::app
