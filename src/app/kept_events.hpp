// KeptEvents: the last event of each series that has one, and when its ttl runs out.
// Memory:  its bytes lie in the arena of the series and count towards its limit.
// Threads: one owner.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string_view>
#include <vector>

#include "src/series/arena.hpp"
#include "src/series/series_table.hpp"
#include "tocsin/event.hpp"

namespace tocsin::app {

class KeptEvents {
 public:
  // Which outlives this.
  explicit KeptEvents(series::Arena& arena) : arena_(arena) {}

  // In place of the one before. `bytes`: as event/compact_form.hpp writes it. False: no memory.
  bool keep(series::SeriesIndex series, std::string_view bytes);
  // Its bytes, valid until the next call; empty: there is none.
  [[nodiscard]] std::string_view find(series::SeriesIndex series) const;
  void forget(series::SeriesIndex series);

  // Calls visit(series, bytes) for events whose ttl ended before `now`, each once unless it is kept
  // anew; visit() may keep events. Looks at no more than `most`; false when none are left.
  template <class Visit>
  bool expire(TimePoint now, std::size_t most, Visit&& visit) {
    for (std::size_t looked = 0; looked < most; ++looked) {
      if (!is_due(now)) return false;
      const series::SeriesIndex series = deadlines_.top().series;
      if (pass_deadline(now)) visit(series, find(series));
    }
    return true;
  }

 private:
  struct Kept {
    series::Arena::Ref block = series::Arena::kNone;
    std::uint32_t length = 0;
    TimePoint deadline{};  // as it stands in deadlines_; zero: not there
  };
  // When to look whether an event's ttl has run out. The event may have been replaced since by one
  // that lives longer; entries that are not its series' deadline any more are passed over.
  struct Deadline {
    TimePoint at;
    series::SeriesIndex series;
    friend bool operator>(const Deadline& a, const Deadline& b) noexcept { return a.at > b.at; }
  };

  [[nodiscard]] bool is_due(TimePoint now) const {
    return !deadlines_.empty() && deadlines_.top().at < now;
  }
  // Takes the first deadline. Whether its event has ended.
  bool pass_deadline(TimePoint now);

  series::Arena& arena_;
  absl::flat_hash_map<series::SeriesIndex, Kept> events_;
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
};

}  // namespace tocsin::app
