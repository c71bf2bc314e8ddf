#include "src/app/event_values.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace tocsin::app {
namespace {

TEST_CASE("each health has the state word that inputs are mapped to") {
  CHECK(state_word(service::Health::kPassing) == "ok");
  CHECK(state_word(service::Health::kDegraded) == "warning");
  CHECK(state_word(service::Health::kFailing) == "critical");
  CHECK(state_word(service::Health::kUnknown) == "unknown");
}

TEST_CASE("whole numbers are integers as far as a double holds them exactly") {
  CHECK(as_metric(5.0) == Metric{std::int64_t{5}});
  CHECK(as_metric(-0.0) == Metric{std::int64_t{0}});
  CHECK(as_metric(0.5) == Metric{0.5});
  CHECK(as_metric(-9007199254740991.0) == Metric{std::int64_t{-9007199254740991}});
  CHECK(as_metric(9007199254740992.0) == Metric{9007199254740992.0});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CHECK(as_metric(kInfinity) == Metric{kInfinity});
}

}  // namespace
}  // namespace tocsin::app
