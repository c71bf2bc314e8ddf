#include "ingest/collectd/rate.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/unit/ingest/collectd/packet.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"

namespace tocsin::collectd::testing {
namespace {

using std::chrono::seconds;

RateTable::Reading reading(const Value& value, std::int64_t second) {
  RateTable::Reading reading;
  take_over(reading, value, at_second(second), {1, 2});
  return reading;
}

double rate(const Value& before, const Value& now) {
  return make_rate(now, reading(before, kNow), at_second(kNow + 2), seconds(10));
}

TEST_CASE("a rate is the step by the time that it took") {
  CHECK(rate(counter(5), counter(9)) == 2);
  CHECK(rate(derive(9), derive(5)) == -2);
  CHECK(rate(absolute(9), absolute(5)) == 2.5);
}

TEST_CASE("without a reading of the same type before, only an absolute has a rate") {
  CHECK(std::isnan(rate(counter(5), derive(9))));
  CHECK(rate(counter(5), absolute(30)) == 3);
  CHECK(std::isnan(make_rate(counter(9), {}, at_second(kNow), seconds(10))));
  CHECK(std::isnan(make_rate(counter(9), reading(counter(5), kNow), at_second(kNow), seconds(10))));
}

TEST_CASE("a counter wraps at 2^32 or at 2^64, and a derive does not") {
  CHECK(counter_step(4'294'967'290, 4) == 10);
  CHECK(counter_step(std::numeric_limits<std::uint64_t>::max(), 4) == 5);
  CHECK(derive_step(std::numeric_limits<std::int64_t>::min(),
                    std::numeric_limits<std::int64_t>::max()) == 18446744073709551615.0);
}

TEST_CASE("a rate outside of the bounds is none") {
  const DataSource source{"value", DsType::kDerive, 0, 10};
  CHECK(within_bounds(0, source) == 0);
  CHECK(within_bounds(10, source) == 10);
  CHECK(std::isnan(within_bounds(-1, source)));
  CHECK(std::isnan(within_bounds(11, source)));
  CHECK(std::isnan(within_bounds(kNoMetric, source)));
}

TEST_CASE("a value that is taken over is known until its lease ends") {
  const RateTable::Reading taken = reading(derive(7), kNow);
  CHECK(taken.is_known);
  CHECK(taken.bits == 7);
  CHECK(taken.type == DsType::kDerive);
  CHECK(taken.time == at_second(kNow));
  CHECK(taken.expires == 2);
}

}  // namespace
}  // namespace tocsin::collectd::testing
