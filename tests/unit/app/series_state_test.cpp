#include "src/app/series_state.hpp"

#include <limits>

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

TEST_CASE("an anomaly is over when the value is in range again, or has become the normal") {
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  OpenAnomaly anomaly{test::at(0), 10, 20, {}};
  CHECK_FALSE(anomaly.over(9.9, test::at(60)));
  CHECK_FALSE(anomaly.over(20.1, test::at(60)));
  CHECK(anomaly.over(10, test::at(60)));
  CHECK(anomaly.over(20, test::at(60)));
  CHECK_FALSE(anomaly.over(0, test::at(3599)));
  CHECK(anomaly.over(0, test::at(3600)));
  anomaly.low = kUnknown;
  CHECK(anomaly.over(-1e9, test::at(60)));
  CHECK_FALSE(anomaly.over(21, test::at(60)));
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
