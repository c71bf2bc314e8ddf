// What a run of points adds up to, in a form that stays accurate when merged.
// Squares are kept as deviations from the run's own mean (`m2`), not as a raw sum of squares: for
// 1e9 + small noise the raw form has no correct digit left, this one keeps them all.
// Source:  T. Chan, G. Golub, R. LeVeque, "Updating formulae and a pairwise algorithm for computing
//          sample variances" (1979).
#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace tocsin::series {

struct Aggregate {
  std::uint32_t count = 0;
  double min = std::numeric_limits<double>::infinity();   // +inf when count == 0
  double max = -std::numeric_limits<double>::infinity();  // -inf when count == 0
  double sum = 0;
  double m2 = 0;  // sum of (x - mean)^2

  [[nodiscard]] double mean() const noexcept { return count == 0 ? 0 : sum / count; }
  // Sum of x^2: for display and for other systems; compute with m2.
  [[nodiscard]] double sum_squares() const noexcept { return m2 + sum * mean(); }
  [[nodiscard]] double population_variance() const noexcept { return count == 0 ? 0 : m2 / count; }

  // As if the points of `other` had been here from the start.
  void merge(const Aggregate& other) noexcept;
};

// Two passes over finite values; an empty span gives the empty aggregate.
[[nodiscard]] Aggregate aggregate_of(std::span<const double> values) noexcept;

}  // namespace tocsin::series
