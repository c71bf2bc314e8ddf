// Positive doubles in buckets whose edges grow by a fixed ratio: the index mapping of a DDSketch.
// Any value of a bucket, replaced by the bucket's middle(), is off by at most `relative_error`.
// Idea:    the logarithm is only needed to be monotone and never flatter than promised. Between two
//          powers of two it is replaced by the cubic 6/35 s^3 - 3/5 s^2 + 10/7 s of the mantissa
//          s = 0..1, read from the bit pattern. Its slope in ln(x) is at least 10/7, where that of
//          log2 is 1/ln 2 = 1.4427: the promise costs 1 % more buckets and no call of log().
// Source:  C. Masson, J. Rim, H. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
//          Relative-Error Guarantees", PVLDB 12(12), 2019, sections 2 and 4.1 for the mapping.
// Bound:   holds for magnitudes from 2.3e-308; below that doubles themselves are coarser.
#pragma once

#include <bit>
#include <cstdint>

namespace tocsin::series {

class LogBuckets {
 public:
  static constexpr double kLeastError = 1e-4;
  static constexpr double kGreatestError = 0.5;

  // `relative_error` is clamped to kLeastError..kGreatestError.
  explicit LogBuckets(double relative_error) noexcept;

  // `magnitude` > 0 and finite. Within +-2^24 for every permitted error.
  [[nodiscard]] std::int32_t index(double magnitude) const noexcept {
    constexpr double kLeastNormal = 0x1p-1022;
    std::int32_t exponent = -1023;
    if (magnitude < kLeastNormal) {
      magnitude *= 0x1p54;
      exponent -= 54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(magnitude);
    exponent += static_cast<std::int32_t>(bits >> 52);
    const double s = std::bit_cast<double>((bits & kMantissa) | kOne) - 1;
    const double position = (exponent + ((kCubic * s + kSquare) * s + kLinear) * s) * per_octave_;
    const auto truncated = static_cast<std::int32_t>(position);
    return truncated - (position < truncated ? 1 : 0);
  }
  // The value that stands for bucket `index`; may be infinite in the very last one.
  [[nodiscard]] double middle(std::int32_t index) const noexcept;

  [[nodiscard]] double relative_error() const noexcept { return relative_error_; }

 private:
  static constexpr double kCubic = 6.0 / 35;
  static constexpr double kSquare = -3.0 / 5;
  static constexpr double kLinear = 10.0 / 7;
  static constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52) - 1;
  static constexpr std::uint64_t kOne = std::uint64_t{1023} << 52;

  double relative_error_;
  double per_octave_;  // buckets per power of two
};

}  // namespace tocsin::series
