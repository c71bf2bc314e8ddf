// A fleet of watched series, kept as a shard keeps them: histories in one arena, each with the
// running state beside it; in every tick all points are appended and followed, and then voted on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/votes/sources.hpp"
#include "src/app/history_reader.hpp"
#include "src/app/running_window.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/running_ensemble.hpp"
#include "src/series/history.hpp"

namespace tocsin::bench {

// CPU time of this thread.
[[nodiscard]] double cpu_s();

class Fleet {
 public:
  // Series i has the values of values[i % values.size()]; `values` must outlive the fleet. A window
  // of `slots` points is a day.
  Fleet(std::size_t count, const std::vector<Points>& values, std::uint32_t slots);

  // Gives every series a window of points, and the running state that goes with them.
  void fill();
  // A point for every series, and a vote on it; returns how many alarm.
  std::size_t tick();
  // The same; of every `nth` series, how long its point took, by the clock on the wall.
  std::size_t timed_tick(std::size_t nth, std::vector<float>& each_ns);
  // The decision of series `i` about its newest point, in both ways; the CPU of the straight one.
  [[nodiscard]] bool agrees(std::size_t i, double& straight_s);

  [[nodiscard]] std::size_t size() const { return series_.size(); }
  [[nodiscard]] double history_bytes() const {
    return static_cast<double>(arena_.bytes_in_use() + series_.size() * sizeof(series::History));
  }

 private:
  struct Watched {
    series::History history;
    app::RunningWindow running;
  };

  [[nodiscard]] series::HistoryView view(const Watched& watched) const {
    return {pool_, watched.history};
  }
  void append(std::size_t i);
  void follow_and_append(std::size_t i);
  [[nodiscard]] bool decide(std::size_t i);
  // What the series some places after `i` will need.
  void fetch_for_append(std::size_t i) const;
  void fetch_for_vote(std::size_t i) const;

  const std::vector<Points>& values_;
  double step_s_;
  series::Arena arena_{series::Arena::kMaxCapBytes};
  series::HistoryPool pool_;
  std::vector<Watched> series_;
  std::int64_t next_ = 0;
  detect::Ensemble ensemble_;
  detect::RunningEnsemble running_{ensemble_};
  app::HistoryReader reader_;
  Scratch scratch_;
  std::vector<double> times_s_;
  std::vector<double> window_;
};

}  // namespace tocsin::bench
