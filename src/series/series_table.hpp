// All series of one shard: what their current window has collected, and what earlier windows left.
//
// A window is a slot of `step` seconds; slot n covers [n * step, (n + 1) * step). begin_window()
// only moves the number of the current slot. A series is closed - its window summed up, written to
// its history and reported - when its first sample of a later slot arrives, or when sweep() comes
// by, whichever is first. So a flush of a million series never stops the shard for long, and no
// sample lands in the wrong window.
//
// Memory: the counters of a series that every sample touches are 32 bytes, two series to a cache
//         line; all else is apart and untouched by samples. Records of max_series are reserved as
//         address space once and become memory only when used: nothing is copied while growing.
// Threads: one owner, the shard.
// Cost:    apply() touches one cache line for counters and gauges; no allocation in steady state.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "src/base/huge_pages.hpp"
#include "src/event/identity_hash.hpp"
#include "src/series/arena.hpp"
#include "src/series/distinct.hpp"
#include "src/series/distribution.hpp"
#include "src/series/history.hpp"
#include "src/series/history_view.hpp"
#include "tocsin/identity.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::series {

// Dense number of a series in its shard.
using SeriesIndex = std::uint32_t;
inline constexpr SeriesIndex kNoSeries = 0xffff'ffff;

// Slot number: seconds since the epoch divided by the step.
using Slot = std::int64_t;

struct TableOptions {
  std::uint32_t step_s = 10;
  std::uint32_t history_points = 8640;  // 24 h at 10 s
  std::size_t max_series = 1'000'000;
  std::size_t max_bytes = std::size_t{8} << 30;  // windows, history and identities together
  // Windows without a sample after which a series ends, by SeriesKind.
  std::array<std::uint32_t, 7> ttl_windows{360, 8640, 360, 360, 360, 360, 360};
  std::vector<double> percentiles{90};  // of timers; negative: of the top
  bool report_idle = true;              // counters and sets without samples are reported as 0
  std::uint64_t hash_seed = 0;
};

// A series as somebody outside of the table remembers it: when it has ended and its number serves
// another one, the handle says so.
struct SeriesHandle {
  SeriesIndex index = kNoSeries;
  std::uint16_t generation = 0;
};

// One series' window, at its end.
struct ClosedWindow {
  SeriesIndex series;
  SeriesKind kind;
  bool idle;  // no sample in it
  Slot slot;  // the last one of the window
  // The value the series is about, which went to its history; absent for an idle timer or event.
  //   counter: sum   gauge: last   timer and its kin: mean   set: distinct members
  //   event: last metric of the window
  std::optional<double> value;
  const TimerSummary* summary = nullptr;  // timers and their kin, not idle
  std::uint32_t slots = 1;                // that the window has
};

// An array of fixed size whose elements are made one by one, in order. Its address space is taken
// at once; memory follows as elements are made.
template <class T>
class LazyArray {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  explicit LazyArray(std::size_t size)
      : bytes_(size * sizeof(T)), elements_(static_cast<T*>(base::allocate_table(bytes_))) {}
  ~LazyArray() { base::free_table(elements_, bytes_); }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;

  // (Re)makes element `i`, which is `value` from then on.
  T& make(std::size_t i, const T& value) { return *new (elements_ + i) T(value); }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return elements_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return elements_[i]; }

 private:
  std::size_t bytes_;
  T* elements_;
};

class WindowSink {
 public:
  virtual ~WindowSink() = default;
  virtual void closed(const ClosedWindow& window) = 0;
  // A value at `slot` is about to go to the history of the series, which can only refuse it for want
  // of memory. What it pushes out of the window can still be read.
  virtual void appending(SeriesIndex /*series*/, Slot /*slot*/, double /*value*/) {}
  // The series has been idle beyond its ttl and is removed after this call.
  virtual void expired(SeriesIndex series) = 0;
};

class SeriesTable {
 public:
  explicit SeriesTable(const TableOptions& options, WindowSink& sink);
  ~SeriesTable();
  SeriesTable(const SeriesTable&) = delete;
  SeriesTable& operator=(const SeriesTable&) = delete;

  // The series of the canonical identity bytes (event/compact_form.hpp), made if it is new.
  // kNoSeries: a cap was reached.
  [[nodiscard]] SeriesIndex intern(std::string_view identity_bytes, SeriesKind kind);
  // The same without making one.
  [[nodiscard]] SeriesIndex find(const event::Hash128& id) const;
  // True: a further series would not be refused for their number.
  [[nodiscard]] bool has_room() const noexcept { return live_count_ < options_.max_series; }

  // Precondition: a live series.
  [[nodiscard]] SeriesHandle handle(SeriesIndex series) const noexcept {
    return {series, hot_[series].generation};
  }
  // Whether it still is the series that the handle was made for. Precondition: not kNoSeries.
  [[nodiscard]] bool current(SeriesHandle handle) const noexcept {
    return hot_[handle.index].generation == handle.generation;
  }

  void prefetch(SeriesIndex series) const noexcept { __builtin_prefetch(&hot_[series], 1); }
  // Precondition: a live series of a kind that fits `op`. False: its window could not grow
  // (max_bytes); the sample is not counted in it.
  [[nodiscard]] bool apply(SeriesIndex series, SampleOp op, double value, double weight) {
    Hot& hot = hot_[series];
    if (hot.slot_low != current_low_) [[unlikely]]
      close(series, hot);
    hot.flags |= kTouched;
    switch (op) {
      case SampleOp::kAdd:
        hot.sum += value * weight;
        return true;
      case SampleOp::kSetGauge:
        hot.sum = value;
        hot.flags |= kSet;
        return true;
      case SampleOp::kAdjustGauge:
        // Etsy: a sign adjusts a gauge that exists and is not 0; otherwise it sets.
        hot.sum = (hot.flags & kSet) != 0 && hot.sum != 0 ? hot.sum + value : value;
        hot.flags |= kSet;
        return true;
      case SampleOp::kObserve:
        return distributions_.add(hot.distribution, value, weight);
      case SampleOp::kUnique:
        return distincts_.add(hot.distinct, std::bit_cast<std::uint64_t>(value));
    }
    return true;
  }
  // The series was heard of without a value: an event that has no metric.
  void touch(SeriesIndex series) {
    Hot& hot = hot_[series];
    if (hot.slot_low != current_low_) close(series, hot);
    hot.flags |= kTouched;
  }
  // A value with its own time, past the window (DogStatsD `|T`): goes to history only, if its slot
  // is newer than what history has (else kLate) and not in the future (kBadSlot). Keeps the series
  // alive in any case.
  [[nodiscard]] AppendStatus record_at(SeriesIndex series, Slot slot, double value);

  // The value of rank floor(q (n - 1)) of the window that is being closed. As
  // closing_values_below().
  [[nodiscard]] double closing_quantile(SeriesIndex series, double q) noexcept {
    return distributions_.quantile(hot_[series].distribution, q);
  }
  // How many values of the window that is being closed lie below `bound`, within the sketch's
  // relative error of it. Only from within WindowSink::closed, for the series of its window, when
  // that has a summary.
  [[nodiscard]] double closing_values_below(SeriesIndex series, double bound) const noexcept {
    return distributions_.values_below(hot_[series].distribution, bound);
  }

  // The current slot from now on. Precondition: not before the last one. What the sweep of the
  // former slot left is done first.
  void begin_window(Slot slot);
  // Closes at most `count` series that still hold an earlier slot. False: none is left.
  bool sweep(std::size_t count);

  // From now on a window of the series has so many slots, and begins where the slot is a multiple
  // of them. Precondition: at least 1.
  void set_window(SeriesIndex series, std::uint32_t slots) noexcept {
    cold_[series].window_slots = slots;
  }
  // Windows end from now on with the slot that they are in: for the last sweep.
  void end_windows() noexcept { ending_ = true; }

  // A series whose value someone else computes (a statistic of a timer): not swept, no samples.
  [[nodiscard]] SeriesIndex intern_derived(std::string_view identity_bytes);
  void record_derived(SeriesIndex series, Slot slot, double value);

  [[nodiscard]] bool live(SeriesIndex series) const noexcept {
    if (series >= used_) return false;
    const std::uint8_t flags = hot_[series].flags;
    // A sample wakes a forgotten series at once, not only when its window is closed.
    return (flags & kLive) != 0 && (flags & (kDormant | kTouched)) != kDormant;
  }
  // Of live series only.
  [[nodiscard]] SeriesKind kind(SeriesIndex series) const noexcept { return hot_[series].kind; }
  [[nodiscard]] const event::Hash128& id(SeriesIndex series) const noexcept;
  [[nodiscard]] Identity identity(SeriesIndex series) const;
  // Valid until the next append to the series.
  [[nodiscard]] HistoryView history(SeriesIndex series) const noexcept;
  // What the open window holds so far, for the admin port: a counter's sum, a gauge's value.
  [[nodiscard]] double open_value(SeriesIndex series) const noexcept { return hot_[series].sum; }
  // The same for a timer: its values, as long as they are kept singly.
  [[nodiscard]] std::vector<double> open_values(SeriesIndex series) const {
    const auto values = distributions_.values(hot_[series].distribution);
    return {values.begin(), values.end()};
  }
  // Whether it was made by intern_derived().
  [[nodiscard]] bool derived(SeriesIndex series) const noexcept {
    return (hot_[series].flags & kDerived) != 0;
  }
  // Forgets what the series has collected and remembers. It is silent, and not live(), until its
  // next sample; if none comes it ends by its ttl. (It keeps its number: ingest threads know it.)
  void forget(SeriesIndex series);
  // One past the largest index in use; for walking all series with live().
  [[nodiscard]] SeriesIndex end() const noexcept { return used_; }

  [[nodiscard]] Slot slot() const noexcept { return current_; }
  [[nodiscard]] std::uint32_t step_s() const noexcept { return options_.step_s; }
  [[nodiscard]] bool reports_idle() const noexcept { return options_.report_idle; }
  [[nodiscard]] std::size_t size() const noexcept { return live_count_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;
  // Series that were turned away by max_series or max_bytes.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
  // For what else is kept about series, so that max_bytes covers it.
  [[nodiscard]] Arena& arena() noexcept { return arena_; }
  [[nodiscard]] const Arena& arena() const noexcept { return arena_; }

 private:
  enum Flag : std::uint8_t {
    kLive = 1,
    kTouched = 2,  // a sample in the current window
    kSet = 4,      // gauge: has a value; event: a metric in the current window
    kDerived = 8,
    kDormant = 16,  // forgotten, and no sample since
  };
  // What a sample touches.
  struct Hot {
    union {
      double sum;  // counter: of this window; gauge: its value
      Distribution distribution;
      Distinct distinct;
    };
    std::uint32_t slot_low = 0;  // the slot that this window belongs to, lower 32 bits
    SeriesKind kind = SeriesKind::kCounter;
    std::uint8_t flags = 0;
    std::uint16_t generation = 0;  // counts the series that had this number

    explicit Hot(SeriesKind kind_in) noexcept;
  };
  static_assert(sizeof(Hot) == 32);
  // What only windows and questions touch.
  struct Cold {
    event::Hash128 id;
    History history;
    Arena::Ref identity = Arena::kNone;
    std::uint32_t identity_length = 0;
    std::uint32_t last_touched = 0;  // slot of the last sample, lower 32 bits
    std::uint32_t window_slots = 1;
  };
  struct Index;

  void close(SeriesIndex series, Hot& hot);
  // Whether the window that `slot` belongs to lasts beyond the current slot.
  [[nodiscard]] bool goes_on(Slot slot, std::uint32_t window_slots) const noexcept {
    return window_slots > 1 && !ending_ && slot / window_slots == current_ / window_slots;
  }
  AppendStatus append(SeriesIndex series, Slot slot, double value);
  void clear_window(Hot& hot);
  void remove(SeriesIndex series);
  [[nodiscard]] Slot slot_of(const Hot& hot) const noexcept {
    return current_ - static_cast<std::int32_t>(current_low_ - hot.slot_low);
  }
  SeriesIndex make(std::string_view identity_bytes, const event::Hash128& id, SeriesKind kind,
                   std::uint8_t flags);

  TableOptions options_;
  WindowSink* sink_;
  Arena arena_;
  DistributionPool distributions_;
  DistinctPool distincts_;
  HistoryPool histories_;
  LazyArray<Hot> hot_;
  LazyArray<Cold> cold_;
  std::unique_ptr<Index> index_;  // id -> series
  std::vector<SeriesIndex> free_;
  TimerSummary summary_;  // scratch of close()
  SeriesIndex used_ = 0;
  std::size_t live_count_ = 0;
  std::uint64_t refused_ = 0;
  Slot current_ = 0;
  std::uint32_t current_low_ = 0;
  bool ending_ = false;
  SeriesIndex sweep_next_ = 0;
  SeriesIndex sweep_end_ = 0;
};

}  // namespace tocsin::series
