#include "ingest/statsd/options.hpp"

#include <doctest/doctest.h>

namespace tocsin::statsd {
namespace {

TEST_CASE("a sign on a gauge means what its dialect says, unless it is said otherwise") {
  struct Row {
    Dialect dialect;
    GaugeSign sign;
  };
  for (const Row& row :
       {Row{Dialect::kStatsd, GaugeSign::kDelta}, Row{Dialect::kEtsyStrict, GaugeSign::kDelta},
        Row{Dialect::kDogstatsd, GaugeSign::kAbsolute}}) {
    Options options;
    options.dialect = row.dialect;
    CHECK(gauge_sign(options) == row.sign);
    for (const GaugeSign said : {GaugeSign::kDelta, GaugeSign::kAbsolute}) {
      options.gauge_sign = said;
      CHECK(gauge_sign(options) == said);
    }
  }
}

TEST_CASE("by default the dialect is Etsy's with extensions, and nothing is refused by prefix") {
  const Options options;
  CHECK(options.dialect == Dialect::kStatsd);
  CHECK(gauge_sign(options) == GaugeSign::kDelta);
  CHECK(options.container == Container::kIgnore);
  CHECK(options.telemetry_prefix.empty());
}

}  // namespace
}  // namespace tocsin::statsd
