#include "bench/votes/fleet.hpp"

#include <time.h>

#include <algorithm>

#include "src/base/prefetch.hpp"

namespace tocsin::bench {
namespace {

constexpr double kDay_s = 86400;
constexpr std::int64_t kFirstSlot = 170'000'000;
constexpr std::size_t kAhead = 8;

double now_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// What reading the clock twice adds to what is timed.
double clock_ns() {
  std::vector<double> all;
  for (int i = 0; i < 1001; ++i) {
    const double begin = now_ns(CLOCK_MONOTONIC);
    all.push_back(now_ns(CLOCK_MONOTONIC) - begin);
  }
  std::nth_element(all.begin(), all.begin() + 500, all.end());
  return all[500];
}

}  // namespace

double cpu_s() {
  return now_ns(CLOCK_THREAD_CPUTIME_ID) * 1e-9;
}

Fleet::Fleet(std::size_t count, const std::vector<Points>& values, std::uint32_t slots)
    : values_(values),
      step_s_(kDay_s / slots),
      pool_(arena_, {static_cast<std::uint32_t>(step_s_), slots}),
      series_(count),
      reader_(step_s_) {
  for (std::size_t i = 0; i < count; ++i) {
    series_[i].history = series::History(static_cast<std::uint32_t>(i));
  }
}

void Fleet::append(std::size_t i) {
  const double value = values_[i % values_.size()][static_cast<std::size_t>(next_)];
  (void)pool_.append(series_[i].history, kFirstSlot + next_, value);
}

void Fleet::fill() {
  for (std::uint32_t k = 0; k < pool_.config().capacity; ++k, ++next_) {
    for (std::size_t i = 0; i < series_.size(); ++i) append(i);
  }
  for (std::size_t i = 0; i < series_.size(); ++i) {
    // Who has the same points has the same state.
    if (i < values_.size()) {
      series_[i].running.catch_up(view(series_[i]));
    } else {
      series_[i].running = series_[i - values_.size()].running;
    }
  }
}

void Fleet::follow_and_append(std::size_t i) {
  const double value = values_[i % values_.size()][static_cast<std::size_t>(next_)];
  series_[i].running.follow(view(series_[i]), kFirstSlot + next_, value);
  append(i);
}

bool Fleet::decide(std::size_t i) {
  Watched& watched = series_[i];
  const series::HistoryView history = view(watched);
  watched.running.catch_up(history);
  reader_.open(history);
  return running_.decide(watched.running.state(), reader_, scratch_);
}

void Fleet::fetch_for_append(std::size_t i) const {
  if (i + 2 * kAhead < series_.size()) {
    base::prefetch(&series_[i + 2 * kAhead], sizeof(Watched));
  }
  if (i + kAhead < series_.size()) pool_.prefetch(series_[i + kAhead].history);
}

void Fleet::fetch_for_vote(std::size_t i) const {
  if (i + kAhead < series_.size()) base::prefetch(&series_[i + kAhead], sizeof(Watched));
}

std::size_t Fleet::tick() {
  for (std::size_t i = 0; i < series_.size(); ++i) {
    fetch_for_append(i);
    follow_and_append(i);
  }
  ++next_;
  std::size_t alarms = 0;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    fetch_for_vote(i);
    alarms += decide(i);
  }
  return alarms;
}

std::size_t Fleet::timed_tick(std::size_t nth, std::vector<float>& each_ns) {
  static const double kClock_ns = clock_ns();
  const auto time = [&](std::size_t i, std::size_t place, auto&& work) {
    if (i % nth != 0) return work();
    const double begin = now_ns(CLOCK_MONOTONIC);
    work();
    const double passed = now_ns(CLOCK_MONOTONIC) - begin - kClock_ns;
    each_ns[place + i / nth] += static_cast<float>(std::max(passed, 0.0));
  };
  const std::size_t place = each_ns.size();
  each_ns.resize(place + (series_.size() + nth - 1) / nth);
  for (std::size_t i = 0; i < series_.size(); ++i) {
    fetch_for_append(i);
    time(i, place, [&] { follow_and_append(i); });
  }
  ++next_;
  std::size_t alarms = 0;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    fetch_for_vote(i);
    time(i, place, [&] { alarms += decide(i); });
  }
  return alarms;
}

bool Fleet::agrees(std::size_t i, double& straight_s) {
  times_s_.clear();
  window_.clear();
  view(series_[i]).for_each([&](std::int64_t slot, double value) {
    times_s_.push_back(static_cast<double>(slot + 1) * step_s_);
    window_.push_back(value);
  });
  const double begin = cpu_s();
  const detect::Verdict verdict = ensemble_.judge({times_s_, window_, times_s_.back()}, scratch_);
  straight_s += cpu_s() - begin;
  return decide(i) == verdict.alarming;
}

}  // namespace tocsin::bench
