// VoteQueue: the series whose newest point awaits a vote, and whose turn it is.
// Order:   high priority, then normal, then low; but every fourth turn goes to who has waited nearly
//          a minute, the longest first. Of equals the one that waits longest. So an important
//          series is late only when the important ones alone are too many, and no other is
//          forgotten (docs/decisions/0021).
// Waiting: a series waits once, however many of its points have come since, at the highest priority
//          that it was given.
// Threads: one owner.
// Cost:    amortised constant.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "src/rules/rule_set.hpp"
#include "src/series/series_table.hpp"

namespace tocsin::app {

class VoteQueue {
 public:
  // `step_s`: seconds of a window.
  explicit VoteQueue(std::uint32_t step_s);

  struct Turn {
    series::SeriesIndex series;
    series::Slot since;  // the window in which it began to wait
  };

  // `window`: the present one. False: it waited already.
  bool push(series::SeriesIndex series, rules::Priority priority, series::Slot window);
  // Whose vote is to be held now; it waits no longer.
  [[nodiscard]] std::optional<Turn> next(series::Slot window);
  // Whether it waited. It does not any more.
  bool forget(series::SeriesIndex series);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  // Each entry has a number of its own. It is void when that is not the one its series waits by.
  using Ticket = std::uint64_t;
  static constexpr Ticket kNone = 0;

  struct Entry {
    Turn turn;
    Ticket ticket;
  };
  struct Place {
    Ticket ticket = kNone;  // kNone: it does not wait
    series::Slot since = 0;
    rules::Priority priority{};
  };
  using Line = std::deque<Entry>;
  static constexpr std::size_t kLines = 3;  // by priority

  void enter(series::SeriesIndex series, Place& place, rules::Priority priority);
  [[nodiscard]] Line* overdue(series::Slot window);
  // Null: nobody waits.
  [[nodiscard]] Line* choose(series::Slot window);

  series::Slot patience_;
  std::array<Line, kLines> lines_;
  std::vector<Place> places_;  // by series
  std::size_t size_ = 0;       // series that wait
  Ticket last_ticket_ = kNone;
  std::uint32_t turns_ = 0;
};

}  // namespace tocsin::app
