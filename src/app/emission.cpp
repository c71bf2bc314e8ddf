#include "src/app/emission.hpp"

#include <limits>

namespace tocsin::app {
namespace {

using What = rules::Emission::What;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double emission_value(const rules::Emission& emission, const series::ClosedWindow& window,
                      series::SeriesTable& table) {
  const bool counts = window.kind == SeriesKind::kCounter;
  if (counts && !window.value) return kNone;
  if (!counts && window.summary == nullptr) {
    const bool is_sum = emission.what == What::kCount || emission.what == What::kRate ||
                        emission.what == What::kSum;
    return is_sum && table.reports_idle() ? 0 : kNone;
  }
  const double count = counts ? *window.value : window.summary->count;
  switch (emission.what) {
    case What::kCount:
      return count;
    case What::kRate:
      return count / (table.step_s() * window.slots);
    case What::kSum:
      return counts ? count : window.summary->sum;
    case What::kMin:
      return counts ? kNone : window.summary->lower;
    case What::kMax:
      return counts ? kNone : window.summary->upper;
    case What::kMean:
      return counts ? kNone : window.summary->mean;
    case What::kPercentile:
      break;
  }
  return counts ? kNone : table.closing_quantile(window.series, emission.percentile / 100);
}

}  // namespace tocsin::app
