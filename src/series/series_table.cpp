#include "src/series/series_table.hpp"

#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>
#include <utility>

#include "src/event/compact_form.hpp"

namespace tocsin::series {
namespace {

constexpr double kSketchError = 0.01;
// A slot that a sender names may lie this far ahead of ours: clocks differ.
constexpr Slot kFutureSlots = 1;
constexpr std::size_t kSweepAtOnce = 4096;
constexpr SeriesIndex kFetchAhead = 8;

std::uint32_t low(Slot slot) noexcept {
  return static_cast<std::uint32_t>(slot);
}

}  // namespace

// Series by id. Only numbers are stored; ids are read from the cold records.
struct SeriesTable::Index {
  struct Hash {
    using is_transparent = void;
    const SeriesTable* table;
    std::size_t operator()(const event::Hash128& id) const noexcept { return id.low; }
    std::size_t operator()(SeriesIndex series) const noexcept {
      return table->cold_[series].id.low;
    }
  };
  struct Equal {
    using is_transparent = void;
    const SeriesTable* table;
    bool operator()(SeriesIndex a, SeriesIndex b) const noexcept { return a == b; }
    bool operator()(SeriesIndex a, const event::Hash128& b) const noexcept {
      return table->cold_[a].id == b;
    }
    bool operator()(const event::Hash128& a, SeriesIndex b) const noexcept {
      return table->cold_[b].id == a;
    }
  };

  explicit Index(const SeriesTable& table) : set(0, Hash{&table}, Equal{&table}) {}

  absl::flat_hash_set<SeriesIndex, Hash, Equal> set;
};

SeriesTable::Hot::Hot(SeriesKind kind_in) noexcept : kind(kind_in) {
  switch (kind) {
    case SeriesKind::kTimer:
    case SeriesKind::kHistogram:
    case SeriesKind::kDistribution:
      new (&distribution) Distribution();
      break;
    case SeriesKind::kSet:
      new (&distinct) Distinct();
      break;
    case SeriesKind::kCounter:
    case SeriesKind::kGauge:
    case SeriesKind::kEvent:
      sum = 0;
      break;
  }
}

SeriesTable::SeriesTable(const TableOptions& options, WindowSink& sink)
    : options_(options),
      sink_(&sink),
      arena_(options.max_bytes),
      distributions_(arena_, kSketchError),
      distincts_(arena_),
      histories_(arena_, {options.step_s, options.history_points}),
      hot_(options.max_series),
      cold_(options.max_series),
      index_(std::make_unique<Index>(*this)) {}

SeriesTable::~SeriesTable() = default;

SeriesIndex SeriesTable::find(const event::Hash128& id) const {
  const auto it = index_->set.find(id);
  return it == index_->set.end() ? kNoSeries : *it;
}

SeriesIndex SeriesTable::intern(std::string_view identity_bytes, SeriesKind kind) {
  const event::Hash128 id = event::hash_bytes(identity_bytes, options_.hash_seed);
  const SeriesIndex known = find(id);
  return known != kNoSeries ? known : make(identity_bytes, id, kind, 0);
}

SeriesIndex SeriesTable::intern_derived(std::string_view identity_bytes) {
  const event::Hash128 id = event::hash_bytes(identity_bytes, options_.hash_seed);
  const SeriesIndex known = find(id);
  return known != kNoSeries ? known : make(identity_bytes, id, SeriesKind::kGauge, kDerived);
}

SeriesIndex SeriesTable::make(std::string_view identity_bytes, const event::Hash128& id,
                              SeriesKind kind, std::uint8_t flags) {
  Arena::Ref identity = Arena::kNone;
  if (live_count_ < options_.max_series && identity_bytes.size() <= Arena::kMaxBlockBytes) {
    identity = arena_.allocate(identity_bytes.size());
  }
  if (identity == Arena::kNone) {
    ++refused_;
    return kNoSeries;
  }
  std::memcpy(arena_.at(identity), identity_bytes.data(), identity_bytes.size());
  SeriesIndex series = used_;
  std::uint16_t generation = 0;
  if (free_.empty()) {
    ++used_;
  } else {
    series = free_.back();
    free_.pop_back();
    generation = hot_[series].generation;
  }
  Cold cold;
  cold.id = id;
  cold.history = History(series);
  cold.identity = identity;
  cold.identity_length = static_cast<std::uint32_t>(identity_bytes.size());
  cold.last_touched = current_low_;
  cold_.make(series, cold);
  Hot& hot = hot_.make(series, Hot(kind));
  hot.slot_low = current_low_;
  hot.flags = static_cast<std::uint8_t>(kLive | flags);
  hot.generation = generation;
  index_->set.insert(series);
  ++live_count_;
  return series;
}

void SeriesTable::clear_window(Hot& hot) {
  switch (hot.kind) {
    case SeriesKind::kTimer:
    case SeriesKind::kHistogram:
    case SeriesKind::kDistribution:
      distributions_.clear(hot.distribution);
      break;
    case SeriesKind::kSet:
      distincts_.clear(hot.distinct);
      break;
    case SeriesKind::kCounter:
    case SeriesKind::kGauge:
    case SeriesKind::kEvent:
      hot.sum = 0;
      break;
  }
}

void SeriesTable::remove(SeriesIndex series) {
  Hot& hot = hot_[series];
  Cold& cold = cold_[series];
  assert((hot.flags & kLive) != 0);
  index_->set.erase(series);
  clear_window(hot);
  histories_.release(cold.history);
  arena_.release(cold.identity, cold.identity_length);
  hot.flags = 0;
  ++hot.generation;
  free_.push_back(series);
  --live_count_;
}

void SeriesTable::forget(SeriesIndex series) {
  Hot& hot = hot_[series];
  clear_window(hot);
  histories_.release(cold_[series].history);
  hot.flags = static_cast<std::uint8_t>((hot.flags & ~(kTouched | kSet)) | kDormant);
}

AppendStatus SeriesTable::append(SeriesIndex series, Slot slot, double value) {
  History& history = cold_[series].history;
  const AppendStatus status = HistoryPool::check(history, slot, value);
  if (status != AppendStatus::kStored) return status;
  sink_->appending(series, slot, value);
  return histories_.append(history, slot, value);
}

void SeriesTable::close(SeriesIndex series, Hot& hot) {
  Cold& cold = cold_[series];
  const std::uint32_t slots = cold.window_slots;
  ClosedWindow window{series,  hot.kind, (hot.flags & kTouched) == 0, slot_of(hot), {},
                      nullptr, slots};
  hot.slot_low = current_low_;
  if (goes_on(window.slot, slots)) {
    if (!window.idle) cold.last_touched = low(window.slot);
    return;
  }
  if (!ending_) window.slot = window.slot / slots * slots + slots - 1;
  if (window.idle && (hot.flags & kDormant) != 0) return;
  hot.flags = static_cast<std::uint8_t>(hot.flags & ~(kTouched | kDormant));
  if (!window.idle) cold.last_touched = low(window.slot);
  switch (hot.kind) {
    case SeriesKind::kCounter:
      if (!window.idle || options_.report_idle) window.value = hot.sum;
      hot.sum = 0;
      break;
    case SeriesKind::kGauge:
      if ((hot.flags & kSet) != 0) window.value = hot.sum;
      break;
    case SeriesKind::kEvent:
      if ((hot.flags & kSet) != 0) window.value = hot.sum;
      hot.flags = static_cast<std::uint8_t>(hot.flags & ~kSet);
      break;
    case SeriesKind::kSet:
      if (!window.idle || options_.report_idle) window.value = distincts_.estimate(hot.distinct);
      distincts_.clear(hot.distinct);
      break;
    case SeriesKind::kTimer:
    case SeriesKind::kHistogram:
    case SeriesKind::kDistribution:
      if (!window.idle) {
        distributions_.summarise(hot.distribution, options_.percentiles, options_.step_s * slots,
                                 summary_);
        window.summary = &summary_;
        window.value = summary_.mean;
      }
      break;
  }
  // Refusals need no handling here: a slot that a sender's own time stamp reached first keeps that
  // value, and a full arena has counted the request.
  if (window.value) (void)append(series, window.slot, *window.value);
  sink_->closed(window);
  if (window.summary != nullptr) distributions_.clear(hot.distribution);
}

AppendStatus SeriesTable::record_at(SeriesIndex series, Slot slot, double value) {
  cold_[series].last_touched = current_low_;
  if (slot > current_ + kFutureSlots) return AppendStatus::kBadSlot;
  return append(series, slot, value);
}

void SeriesTable::record_derived(SeriesIndex series, Slot slot, double value) {
  cold_[series].last_touched = low(slot);
  Hot& hot = hot_[series];
  hot.sum = value;
  hot.flags = static_cast<std::uint8_t>(hot.flags & ~kDormant);
  (void)append(series, slot, value);  // as in close()
}

void SeriesTable::begin_window(Slot slot) {
  assert(slot >= current_);
  if (slot == current_) return;
  while (sweep(kSweepAtOnce)) {
  }
  // The first window ever: series that were made before the time was known belong to it.
  if (current_ == 0) {
    for (SeriesIndex series = 0; series < used_; ++series) {
      hot_[series].slot_low = low(slot);
      cold_[series].last_touched = low(slot);
    }
  }
  current_ = slot;
  current_low_ = low(slot);
  sweep_next_ = 0;
  sweep_end_ = used_;
}

bool SeriesTable::sweep(std::size_t count) {
  // Everything below sweep_next_ holds the current slot or is not live.
  for (; count > 0 && sweep_next_ < sweep_end_; --count, ++sweep_next_) {
    const SeriesIndex series = sweep_next_;
    if (series + kFetchAhead < sweep_end_) histories_.prefetch(cold_[series + kFetchAhead].history);
    Hot& hot = hot_[series];
    if ((hot.flags & kLive) == 0) continue;
    if (hot.slot_low != current_low_) {
      if ((hot.flags & kDerived) == 0) {
        close(series, hot);
      } else {
        // A sample of the same name reached it; its values are somebody else's.
        hot.slot_low = current_low_;
        hot.flags = static_cast<std::uint8_t>(hot.flags & ~kTouched);
      }
    }
    const std::uint32_t idle = current_low_ - cold_[series].last_touched;
    if ((hot.flags & (kLive | kTouched)) == kLive &&
        idle > options_.ttl_windows[static_cast<std::size_t>(hot.kind)]) {
      sink_->expired(series);
      remove(series);
    }
  }
  return sweep_next_ < sweep_end_;
}

const event::Hash128& SeriesTable::id(SeriesIndex series) const noexcept {
  return cold_[series].id;
}

Identity SeriesTable::identity(SeriesIndex series) const {
  const Cold& cold = cold_[series];
  auto identity = event::parse_identity(
      {reinterpret_cast<const char*>(arena_.at(cold.identity)), cold.identity_length});
  assert(identity.has_value());  // intern() was given what append_identity wrote
  return std::move(*identity);
}

HistoryView SeriesTable::history(SeriesIndex series) const noexcept {
  return {histories_, cold_[series].history};
}

std::size_t SeriesTable::memory_bytes() const noexcept {
  return arena_.bytes_reserved() + used_ * (sizeof(Hot) + sizeof(Cold)) +
         index_->set.capacity() * (sizeof(SeriesIndex) + 1);
}

}  // namespace tocsin::series
