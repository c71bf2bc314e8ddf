// Votes from a history that is followed, against those of the straight code on all of its points.
#include "src/app/running_window.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "src/app/history_reader.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/running_ensemble.hpp"
#include "src/series/history.hpp"

namespace tocsin::app {
namespace {

constexpr std::uint32_t kStep_s = 30;
constexpr std::uint32_t kSlots = 2880;
constexpr std::int64_t kFirst = 1'700'000'000 / kStep_s;

// A series as a shard keeps it.
struct Followed {
  explicit Followed(std::size_t cap_bytes = std::size_t{1} << 24) : arena(cap_bytes) {}

  series::Arena arena;
  series::HistoryPool pool{arena, {kStep_s, kSlots}};
  series::History history{7};
  RunningWindow running;
  HistoryReader reader{kStep_s};
  Scratch scratch;

  [[nodiscard]] series::HistoryView view() const { return {pool, history}; }
  void append(std::int64_t slot, double value) {
    running.follow(view(), slot, value);
    REQUIRE(pool.append(history, slot, value) == series::AppendStatus::kStored);
  }
  [[nodiscard]] Window straight_window() {
    times_s.clear();
    values.clear();
    view().for_each([&](std::int64_t slot, double value) {
      times_s.push_back(static_cast<double>(slot + 1) * kStep_s);
      values.push_back(value);
    });
    return {times_s, values, times_s.back()};
  }

  std::vector<double> times_s;
  std::vector<double> values;
};

void check_same(Followed& followed) {
  static const detect::Ensemble ensemble;
  static const detect::RunningEnsemble running(ensemble);
  const series::HistoryView view = followed.view();
  followed.running.catch_up(view);
  followed.reader.open(view);
  detect::RunningSkyline& state = followed.running.state();
  const bool alarming = running.decide(state, followed.reader, followed.scratch);
  const detect::Verdict verdict = running.judge(state, followed.reader, followed.scratch);
  const detect::Verdict straight = ensemble.judge(followed.straight_window(), followed.scratch);
  CHECK(alarming == straight.alarming);
  CHECK(verdict.skip == straight.skip);
  for (std::size_t i = 0; i < straight.size; ++i) {
    INFO(ensemble.detectors()[i].name);
    CHECK(verdict.votes[i].fired == straight.votes[i].fired);
  }
}

TEST_CASE("a followed history votes as its points do") {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  Followed followed;
  for (std::int64_t i = 0; i < 5000; ++i) {
    const bool missing = random() % 5 == 0 || (i > 700 && i < 1000) || (i > 3300 && i < 3600);
    if (missing) continue;
    const double level = i > 2900 && i < 3000 ? 160 : 100;
    followed.append(kFirst + i, std::round(level + 10 * normal(random)));
    INFO("point ", i);
    // Points may come between votes.
    if (i % 7 == 0 || (i > 2895 && i < 2960)) check_same(followed);
  }
}

TEST_CASE("a gap longer than the window begins it anew") {
  Followed followed;
  for (std::int64_t i = 0; i < 300; ++i) followed.append(kFirst + i, static_cast<double>(i % 9));
  check_same(followed);
  for (std::int64_t i = 10'000; i < 10'300; ++i) {
    followed.append(kFirst + i, static_cast<double>(i % 7));
    if (i % 50 == 0) check_same(followed);
  }
  check_same(followed);
  CHECK(followed.running.state().count() == 300);
}

TEST_CASE("what was not followed is noticed") {
  Followed followed;
  for (std::int64_t i = 0; i < 500; ++i) followed.append(kFirst + i, static_cast<double>(i % 9));
  check_same(followed);
  // More than a window, unseen.
  for (std::int64_t i = 500; i < 4000; ++i) {
    REQUIRE(followed.pool.append(followed.history, kFirst + i, static_cast<double>(i % 11)) ==
            series::AppendStatus::kStored);
  }
  check_same(followed);
  CHECK(followed.running.state().count() == kSlots);
  followed.pool.release(followed.history);
  for (std::int64_t i = 4000; i < 4200; ++i)
    followed.append(kFirst + i, static_cast<double>(i % 5));
  check_same(followed);
  CHECK(followed.running.state().count() == 200);
}

TEST_CASE("as many other points at the same slots are noticed") {
  Followed followed;
  for (std::int64_t i = 0; i < 200; ++i) followed.append(kFirst + i, static_cast<double>(i % 9));
  check_same(followed);
  followed.pool.release(followed.history);
  for (std::int64_t i = 0; i < 200; ++i) {
    REQUIRE(followed.pool.append(followed.history, kFirst + i, static_cast<double>(i % 4)) ==
            series::AppendStatus::kStored);
  }
  check_same(followed);
  CHECK(followed.running.state().newest() == 199 % 4);
}

TEST_CASE("a point that the history had no memory for has not entered") {
  Followed followed(std::size_t{1} << 12);
  std::size_t refused = 0;
  for (std::int64_t i = 0; i < 4000; ++i) {
    const double value = 1.0 / static_cast<double>(i + 1);
    followed.running.follow(followed.view(), kFirst + i, value);
    refused +=
        followed.pool.append(followed.history, kFirst + i, value) != series::AppendStatus::kStored;
    if (i % 11 == 0) check_same(followed);
  }
  CHECK(refused > 0);
}

}  // namespace
}  // namespace tocsin::app
