// Mean and spread of values, careful about cancellation.
// The sums run over the distance from the first value, then a second time over the distance from
// the mean, whose own sum corrects the rounding of the first pass. So a large offset (a byte
// counter of 1e15) costs no digits, and a constant series has a spread of exactly 0.
// Cost:    two passes, no allocation.
// Source:  T. Chan, G. Golub, R. LeVeque, "Algorithms for computing the sample variance", 1983,
//          the corrected two-pass form.
#pragma once

#include <cstddef>
#include <span>

namespace tocsin::detect {

struct Moments {
  std::size_t count = 0;
  double mean = 0;     // NaN for no values
  double squares = 0;  // sum of squared distances from the mean

  // Standard deviation dividing by count - 1; NaN for fewer than two values.
  [[nodiscard]] double sample_deviation() const;
  // Standard deviation dividing by count; NaN for no values.
  [[nodiscard]] double population_deviation() const;
};

[[nodiscard]] Moments moments_of(std::span<const double> values);

// The sum of term(i) for i in [0, count). Four partial sums: they shorten the chain of dependent
// additions, which is what such a loop waits for, and round a little less.
template <class Term>
[[nodiscard]] double sum_of(std::size_t count, Term term) {
  double partial[4] = {0, 0, 0, 0};
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) partial[lane] += term(i + lane);
  }
  for (; i < count; ++i) partial[0] += term(i);
  return (partial[0] + partial[1]) + (partial[2] + partial[3]);
}

// What most rules judge in place of the newest value: the mean of the last three, added from the
// newest back; the newest alone when there are fewer. Precondition: not empty.
[[nodiscard]] double tail_of(std::span<const double> values);

}  // namespace tocsin::detect
