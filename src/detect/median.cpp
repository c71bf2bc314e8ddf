#include "src/detect/median.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace tocsin::detect {

double median_of(std::span<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  // Everything before the upper middle is not above it; the largest of that is the lower middle.
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

}  // namespace tocsin::detect
