// Quantiles of a stream within a relative error, in bounded memory, mergeable.
// Bound:   |quantile(q) - x| <= relative_error * |x|, x the exact quantile (rank floor(q (n - 1)),
//          counted from 0), as long as x lies in the largest 2048 buckets of its sign: at the
//          default of 1 % that is 17 decades below the largest magnitude, at 0.1 % not even 2.
//          Beyond, the smallest magnitudes share one bucket. count, min and max are exact; sum to
//          rounding.
// Merge:   the buckets after merge(a, b) equal those of one sketch that saw a's and b's values, in
//          whatever order; so do count, min and max.
// Weights: positive and finite; a value of weight w counts w times.
// Memory:  buckets are arena blocks of 32 to 2048 doubles a sign, covering the range in use; none
//          while empty. RAII: they go back when the sketch is cleared or dies.
// Threads: one owner, that of the arena.
// Source:  C. Masson, J. Rim, H. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
//          Relative-Error Guarantees", PVLDB 12(12), 2019.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "src/series/arena.hpp"
#include "src/series/compensated_sum.hpp"
#include "src/series/log_buckets.hpp"
#include "tocsin/result.hpp"

namespace tocsin::series {

// Weights by bucket index, for one sign: a dense window [origin, origin + room) that follows the
// data. Knows its arena only by argument, to stay small.
class BucketWeights {
 public:
  static constexpr std::int32_t kMaxBuckets = 2048;

  // Makes buckets low..high addressable without a further refusal. False: no memory, unchanged.
  [[nodiscard]] bool reach(Arena& arena, std::int32_t low, std::int32_t high) noexcept;
  // Precondition: reach(index, index) held, or a wider one. Too low an index lands in the lowest
  // bucket.
  void add(Arena& arena, std::int32_t index, double weight) noexcept {
    const std::int32_t at = index < low_ ? low_ : index;
    arena.as<double>(cells_)[at - origin_] += weight;
  }
  // The bucket in use that is nearest to `index`. Precondition: not empty.
  [[nodiscard]] std::int32_t nearest(std::int32_t index) const noexcept {
    return index < low_ ? low_ : index > high_ ? high_ : index;
  }
  [[nodiscard]] bool covers(std::int32_t index) const noexcept {
    return index >= low_ && index <= high_;
  }
  void release(Arena& arena) noexcept;

  [[nodiscard]] bool empty() const noexcept { return low_ > high_; }
  [[nodiscard]] std::int32_t low() const noexcept { return low_; }    // of the range in use;
  [[nodiscard]] std::int32_t high() const noexcept { return high_; }  // low > high when empty
  [[nodiscard]] double at(const Arena& arena, std::int32_t index) const noexcept {
    return arena.as<double>(cells_)[index - origin_];
  }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  [[nodiscard]] bool move_window(Arena& arena, std::int32_t low, std::int32_t high) noexcept;

  Arena::Ref cells_ = Arena::kNone;
  std::int32_t room_ = 0;
  std::int32_t origin_ = 0;
  std::int32_t low_ = 0;
  std::int32_t high_ = -1;
};

class DdSketch {
 public:
  static constexpr double kDefaultRelativeError = 0.01;

  // Borrows `arena`, which must outlive the sketch.
  explicit DdSketch(Arena& arena, double relative_error = kDefaultRelativeError) noexcept;
  ~DdSketch() { clear(); }
  DdSketch(DdSketch&& other) noexcept;
  DdSketch& operator=(DdSketch&& other) noexcept;

  // False, and nothing changed: value or weight is not finite, weight is not positive, or no
  // memory.
  [[nodiscard]] bool add(double value) noexcept { return add(value, 1); }
  [[nodiscard]] bool add(double value, double weight) noexcept;
  // Each value once. False, and no value was added: one is not finite, or no memory.
  [[nodiscard]] bool add(std::span<const double> values) noexcept;
  // The same without asking for memory: what lies outside the buckets in use counts in the nearest
  // one, so its rank is only roughly right. Precondition: finite values.
  void add_nearest(std::span<const double> values) noexcept;
  // Precondition: the same relative error. False, and no weight was added, when there is no memory.
  [[nodiscard]] bool merge(const DdSketch& other) noexcept;
  void clear() noexcept;

  [[nodiscard]] double count() const noexcept { return totals_.count; }  // sum of weights
  [[nodiscard]] double sum() const noexcept { return totals_.sum.value(); }
  // +inf and -inf when empty.
  [[nodiscard]] double min() const noexcept { return totals_.min; }
  [[nodiscard]] double max() const noexcept { return totals_.max; }
  // q is clamped to 0..1; NaN when empty.
  [[nodiscard]] double quantile(double q) const noexcept;
  // The value at a rank, counted by weight from 0; NaN when empty.
  [[nodiscard]] double value_at_rank(double rank) const noexcept;
  [[nodiscard]] double relative_error() const noexcept { return mapping_.relative_error(); }

  // Calls visit(value, weight) for each bucket in use, in ascending or descending order of value,
  // until it returns false.
  template <class Visit>
  void visit_ascending(Visit&& visit) const;
  template <class Visit>
  void visit_descending(Visit&& visit) const;

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return positive_.memory_bytes() + negative_.memory_bytes();
  }

  // A compact form that parse() reads back (docs in ddsketch_bytes.cpp); appended to `out`.
  void append_bytes(std::vector<std::byte>& out) const;
  // Refuses anything append_bytes could not have written; bounded work and memory.
  [[nodiscard]] static Result<DdSketch> parse(std::span<const std::byte> bytes, Arena& arena);

  // Same buckets, count, min and max.
  [[nodiscard]] bool same_distribution(const DdSketch& other) const noexcept;

 private:
  [[nodiscard]] double within_range(double value) const noexcept {
    return value < totals_.min ? totals_.min : value > totals_.max ? totals_.max : value;
  }
  [[nodiscard]] bool has_consistent_range() const noexcept;
  // What is known of the values without their buckets.
  struct Totals {
    double count = 0;
    CompensatedSum sum;
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();

    void add(double value, double weight) noexcept {
      count += weight;
      sum.add(value * weight);
      min = value < min ? value : min;
      max = value > max ? value : max;
    }
  };

  template <class Visit>
  [[nodiscard]] bool visit_side(const BucketWeights& side, double sign, bool upwards,
                                Visit& visit) const;

  Arena* arena_;
  LogBuckets mapping_;
  BucketWeights positive_;
  BucketWeights negative_;  // by magnitude
  double zeros_ = 0;
  Totals totals_;
};

template <class Visit>
bool DdSketch::visit_side(const BucketWeights& side, double sign, bool upwards,
                          Visit& visit) const {
  const std::int32_t step = upwards ? 1 : -1;
  std::int32_t index = upwards ? side.low() : side.high();
  for (std::int32_t left = side.high() - side.low() + 1; left > 0; --left, index += step) {
    const double weight = side.at(*arena_, index);
    if (weight > 0 && !visit(within_range(sign * mapping_.middle(index)), weight)) return false;
  }
  return true;
}

template <class Visit>
void DdSketch::visit_ascending(Visit&& visit) const {
  if (!visit_side(negative_, -1, false, visit)) return;
  if (zeros_ > 0 && !visit(0.0, zeros_)) return;
  static_cast<void>(visit_side(positive_, 1, true, visit));
}

template <class Visit>
void DdSketch::visit_descending(Visit&& visit) const {
  if (!visit_side(positive_, 1, false, visit)) return;
  if (zeros_ > 0 && !visit(0.0, zeros_)) return;
  static_cast<void>(visit_side(negative_, -1, true, visit));
}

}  // namespace tocsin::series
