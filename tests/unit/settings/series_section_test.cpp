#include "src/settings/sections.hpp"

#include <doctest/doctest.h>

#include "tests/unit/settings/loaded.hpp"

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;
using tests::loaded;

TEST_CASE("histogram bins end in infinity or not") {
  const Settings settings =
      loaded("statsd: {histogram: [{metric: '', bins: [-1, 2.5, .inf]}, {metric: b, bins: [1]}]}");
  REQUIRE(settings.statsd.histogram.size() == 2);
  CHECK(settings.statsd.histogram[0].bounds.size() == 3);
  CHECK(settings.statsd.histogram[1].metric == "b");
}

TEST_CASE("no percentiles is a choice") {
  CHECK(loaded("statsd: {percentiles: []}").statsd.percentiles.empty());
  CHECK(loaded("statsd: {percentiles: 99.9}").statsd.percentiles == std::vector<double>{99.9});
}

TEST_CASE("a ttl is measured by the interval of the same file, wherever that stands") {
  const Settings settings = loaded("series: {ttl: {counter: 6s}, interval: 2s, history: 1h}");
  CHECK(settings.series.ttl.counter == 6s);
  CHECK(settings.series.history == 1h);
}

}  // namespace
}  // namespace tocsin::settings
