// The values of one timer in one window, and the statistics that Etsy's statsd flushes for them. Up
// to 256 values are kept as they came, so the answers are exact; beyond that they go into a
// DdSketch: count, sum, sum_squares, min, max, mean and std stay exact, ranks (median, thresholds)
// carry its relative error. A sketch is some kilobytes in cold memory, so values wait for it in a
// short row and go in together: a sample touches the row's end and nothing else.
// Weight:  a sampled value (@0.1) counts 1 / rate times in `count`, and once in everything else:
//          that is what statsd does.
// Memory:  a handle of 24 bytes, the first value inline; blocks come from the arena and return to
//          it when the window is cleared, to be used by the next one.
// Threads: one owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "src/series/arena.hpp"
#include "src/series/compensated_sum.hpp"
#include "src/series/ddsketch.hpp"

namespace tocsin::series {

// The part of the values that one threshold selects. P > 0: the lowest P percent; P <= 0: the
// highest |P| percent.
struct ThresholdSummary {
  double threshold = 0;  // P, as given
  double count = 0;      // round(|P| / 100 * values), half up
  double mean = 0;
  double boundary = 0;  // upper_P for P > 0, else lower_topP
  double sum = 0;
  double sum_squares = 0;
};

struct TimerSummary {
  double count = 0;  // sum of weights
  double count_ps = 0;
  std::uint64_t values = 0;  // as received; with 0 only count and count_ps mean something
  double lower = 0;
  double upper = 0;
  double sum = 0;
  double sum_squares = 0;
  double mean = 0;
  double median = 0;
  double std = 0;  // of the population
  // Those that select at least one value, in the order asked for.
  std::vector<ThresholdSummary> thresholds;
};

// A handle. Plain data, as History.
class Distribution {
 public:
  [[nodiscard]] bool empty() const noexcept { return values_ == 0 && !sketched_; }
  [[nodiscard]] double weight() const noexcept { return weight_; }
  [[nodiscard]] bool is_sketched() const noexcept { return sketched_; }

 private:
  friend class DistributionPool;

  double weight_ = 0;
  double first_ = 0;                 // the only value, while there is one
  Arena::Ref block_ = Arena::kNone;  // 2^room_log2_ doubles, or a SketchedWindow
  std::uint16_t values_ = 0;         // kept singly: all of them, or those waiting for the sketch
  std::uint8_t room_log2_ = 0;
  bool sketched_ = false;
};
static_assert(sizeof(Distribution) == 24);

class DistributionPool {
 public:
  static constexpr std::size_t kMaxExactValues = 256;

  // Borrows `arena`, which must outlive the pool and its distributions.
  DistributionPool(Arena& arena, double relative_error) noexcept;
  DistributionPool(const DistributionPool&) = delete;
  DistributionPool& operator=(const DistributionPool&) = delete;

  // False, and nothing changed: value or weight not finite, weight not positive, or no memory.
  [[nodiscard]] bool add(Distribution& window, double value, double weight) noexcept;
  // Empties the window.
  void clear(Distribution& window) noexcept;

  // Fills `out`, reusing its vector. Sorts the kept values, hence not const.
  // `window_seconds` > 0 is the divisor of count_ps.
  void summarise(Distribution& window, std::span<const double> thresholds, double window_seconds,
                 TimerSummary& out);
  // Value of rank floor(q (n - 1)), q clamped to 0..1; NaN when empty.
  [[nodiscard]] double quantile(Distribution& window, double q) noexcept;

  // Values below `bound`; from a sketch those whose bucket's middle is below it. Precondition:
  // summarise() came after the last add().
  [[nodiscard]] double values_below(const Distribution& window, double bound) const noexcept;

  // The values themselves, in no particular order; empty once the window is a sketch. Valid until
  // the window changes.
  [[nodiscard]] std::span<const double> values(const Distribution& window) const noexcept;

  [[nodiscard]] std::size_t memory_bytes(const Distribution& window) const noexcept;

 private:
  static constexpr std::size_t kMaxWaiting = 64;

  // A window that outgrew the exact form.
  struct SketchedWindow {
    DdSketch sketch;
    CompensatedSum squares;
    double mean = 0;  // with m2, the running variance; of the values in the sketch, as all above
    double m2 = 0;
    std::uint64_t values = 0;
    std::array<double, kMaxWaiting> waiting;  // the first Distribution::values_ of it

    SketchedWindow(Arena& arena, double relative_error) noexcept : sketch(arena, relative_error) {}
    // False, and nothing changed: no memory.
    [[nodiscard]] bool add(std::span<const double> more) noexcept;
    // What does not fit the buckets there are counts in the nearest one.
    void add_nearest(std::span<const double> more) noexcept;

   private:
    void add_moments(std::span<const double> more) noexcept;
  };

  [[nodiscard]] bool keep(Distribution& window, double value) noexcept;
  [[nodiscard]] bool keep_waiting(Distribution& window, double value) noexcept;
  [[nodiscard]] bool become_sketch(Distribution& window) noexcept;
  // The sketch of a sketched window, nothing waiting any more.
  [[nodiscard]] const SketchedWindow& settled(Distribution& window) noexcept;
  [[nodiscard]] std::span<double> sorted_values(Distribution& window) noexcept;
  void release_block(Distribution& window) noexcept;
  static void summarise_exact(std::span<const double> sorted, std::span<const double> thresholds,
                              TimerSummary& out);
  static void summarise_sketch(const SketchedWindow& window, std::span<const double> thresholds,
                               TimerSummary& out);

  Arena& arena_;
  double relative_error_;
};

}  // namespace tocsin::series
