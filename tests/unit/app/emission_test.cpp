#include "src/app/emission.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "src/event/compact_form.hpp"

namespace tocsin::app {
namespace {

using What = rules::Emission::What;

// Asks for every emission of each window that closes.
class Sink final : public series::WindowSink {
 public:
  void closed(const series::ClosedWindow& window) override {
    values.clear();
    for (const What what :
         {What::kCount, What::kRate, What::kSum, What::kMin, What::kMax, What::kMean}) {
      values.push_back(emission_value({"", what, 0}, window, *table));
    }
    for (const double percentile : {50.0, 95.0, 100.0}) {
      values.push_back(emission_value({"", What::kPercentile, percentile}, window, *table));
    }
  }
  void expired(series::SeriesIndex) override {}

  series::SeriesTable* table = nullptr;
  std::vector<double> values;
};

// The emissions of a window of 20 s, of a series of this kind with these samples.
std::vector<double> emissions(SeriesKind kind, const std::vector<double>& samples,
                              bool report_idle = true) {
  Sink sink;
  series::TableOptions options;
  options.max_series = 10;
  options.max_bytes = 16 << 20;
  options.history_points = 120;
  options.report_idle = report_idle;
  series::SeriesTable table(options, sink);
  sink.table = &table;
  table.begin_window(1000);
  std::string bytes;
  event::append_identity({kind, "", "s", {}, {}}, bytes);
  const series::SeriesIndex index = table.intern(bytes, kind);
  table.set_window(index, 2);
  for (const double value : samples) {
    REQUIRE(table.apply(index, kind == SeriesKind::kCounter ? SampleOp::kAdd : SampleOp::kObserve,
                        value, 1));
  }
  table.begin_window(1002);
  while (table.sweep(100)) {
  }
  return sink.values;
}

void check_equal(const std::vector<double>& values, const std::vector<double>& expected) {
  REQUIRE(values.size() == expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CAPTURE(i);
    if (std::isnan(expected[i])) {
      CHECK(std::isnan(values[i]));
    } else {
      CHECK(values[i] == doctest::Approx(expected[i]));
    }
  }
}

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("what was measured has all statistics") {
  std::vector<double> samples;
  for (int i = 100; i >= 1; --i) samples.push_back(i);
  check_equal(emissions(SeriesKind::kHistogram, samples),
              {100, 5, 5050, 1, 100, 50.5, 50, 95, 100});
  check_equal(emissions(SeriesKind::kHistogram, {7}), {1, 0.05, 7, 7, 7, 7, 7, 7, 7});
}

TEST_CASE("percentiles of many values are within the sketch's error") {
  std::vector<double> samples;
  for (int i = 1; i <= 10'000; ++i) samples.push_back(i);
  const auto values = emissions(SeriesKind::kHistogram, samples);
  CHECK(values[6] == doctest::Approx(5000).epsilon(0.011));
  CHECK(values[7] == doctest::Approx(9500).epsilon(0.011));
}

TEST_CASE("what was counted has a count, its rate, and nothing of values") {
  check_equal(emissions(SeriesKind::kCounter, {1, 1, 1, 1}),
              {4, 0.2, 4, kNone, kNone, kNone, kNone, kNone, kNone});
}

TEST_CASE("an idle window counts nothing, where that is told at all") {
  check_equal(emissions(SeriesKind::kHistogram, {}),
              {0, 0, 0, kNone, kNone, kNone, kNone, kNone, kNone});
  check_equal(emissions(SeriesKind::kHistogram, {}, false), std::vector<double>(9, kNone));
  check_equal(emissions(SeriesKind::kCounter, {}, false), std::vector<double>(9, kNone));
}

}  // namespace
}  // namespace tocsin::app
