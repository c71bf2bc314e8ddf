// Series for tests: values at equal distances in time.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "tocsin/detector.hpp"

namespace tocsin::detect::test {

// `values` with the last one at `end_s`, `step_s` apart.
struct Evenly {
  std::vector<double> values;
  std::vector<double> times_s;
  double end_s;

  explicit Evenly(std::vector<double> v, double step_s = 10, double end = 1.7e9)
      : values(std::move(v)), end_s(end) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      times_s.push_back(end - step_s * static_cast<double>(values.size() - 1 - i));
    }
  }
  [[nodiscard]] Window window() const { return {times_s, values, end_s}; }
};

using Rule = Vote (*)(const Window&, Scratch&);

inline Vote vote(Rule rule, const Evenly& series) {
  Scratch scratch;
  return rule(series.window(), scratch);
}

inline bool fires(Rule rule, const Evenly& series) {
  return vote(rule, series).fired;
}

// `n` points of 0, the last `spikes` of them `height`.
inline Evenly zeros_then(double height, std::size_t n, std::size_t spikes) {
  std::vector<double> values(n, 0);
  for (std::size_t i = n - spikes; i < n; ++i) values[i] = height;
  return Evenly(std::move(values));
}

}  // namespace tocsin::detect::test
