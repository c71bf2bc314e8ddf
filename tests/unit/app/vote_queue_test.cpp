// Whose vote is held when. What a shard makes of it: shard_stage_test.cpp.
#include "src/app/vote_queue.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <vector>

namespace tocsin::app {
namespace {

using rules::Priority;
using series::SeriesIndex;

constexpr std::uint32_t kStep = 10;

// The series whose turns come in `window`, at most so many.
std::vector<SeriesIndex> turns(VoteQueue& queue, series::Slot window, std::size_t most = SIZE_MAX) {
  std::vector<SeriesIndex> series;
  while (series.size() < most) {
    const auto turn = queue.next(window);
    if (!turn) break;
    series.push_back(turn->series);
  }
  return series;
}

TEST_CASE("equals come in the order in which they began to wait") {
  VoteQueue queue(kStep);
  for (const SeriesIndex series : {5U, 3U, 9U}) CHECK(queue.push(series, Priority::kNormal, 100));
  CHECK(queue.size() == 3);
  CHECK(turns(queue, 100) == std::vector<SeriesIndex>{5, 3, 9});
  CHECK(queue.size() == 0);
}

TEST_CASE("priorities come before arrival") {
  VoteQueue queue(kStep);
  queue.push(1, Priority::kLow, 100);
  queue.push(2, Priority::kNormal, 100);
  queue.push(3, Priority::kHigh, 100);
  queue.push(4, Priority::kNormal, 100);
  CHECK(turns(queue, 100) == std::vector<SeriesIndex>{3, 2, 4, 1});
}

TEST_CASE("a series waits once, since its first point") {
  VoteQueue queue(kStep);
  CHECK(queue.push(1, Priority::kNormal, 100));
  CHECK_FALSE(queue.push(1, Priority::kNormal, 102));
  CHECK(queue.size() == 1);
  const auto turn = queue.next(103);
  REQUIRE(turn);
  CHECK(turn->since == 100);
  CHECK_FALSE(queue.next(103));
}

TEST_CASE("who becomes more important goes ahead, and its first place is void") {
  VoteQueue queue(kStep);
  queue.push(1, Priority::kNormal, 100);
  queue.push(2, Priority::kNormal, 100);
  queue.push(2, Priority::kHigh, 101);
  CHECK(queue.size() == 2);
  const auto turn = queue.next(101);
  REQUIRE(turn);
  CHECK(turn->series == 2);
  CHECK(turn->since == 100);
  // It waits anew while its void place is still there, behind another.
  queue.push(2, Priority::kNormal, 102);
  CHECK(turns(queue, 102, 1) == std::vector<SeriesIndex>{1});
  const auto again = queue.next(102);
  REQUIRE(again);
  CHECK(again->series == 2);
  CHECK(again->since == 102);
  CHECK(queue.size() == 0);
}

TEST_CASE("who is less important now keeps its place") {
  VoteQueue queue(kStep);
  queue.push(1, Priority::kHigh, 100);
  queue.push(2, Priority::kNormal, 100);
  queue.push(1, Priority::kLow, 101);
  CHECK(turns(queue, 101) == std::vector<SeriesIndex>{1, 2});
}

TEST_CASE("who is forgotten has no turn") {
  VoteQueue queue(kStep);
  queue.push(1, Priority::kNormal, 100);
  CHECK(queue.forget(1));
  CHECK_FALSE(queue.forget(1));
  CHECK_FALSE(queue.forget(1000));
  CHECK(queue.size() == 0);
  CHECK_FALSE(queue.next(100));
  CHECK(queue.push(1, Priority::kNormal, 107));
  CHECK(queue.next(107)->since == 107);
}

TEST_CASE("what has waited nearly a minute comes before what is not important") {
  VoteQueue queue(kStep);
  queue.push(1, Priority::kLow, 100);
  for (series::Slot window = 101; window <= 105; ++window) {
    queue.push(static_cast<SeriesIndex>(window), Priority::kNormal, window);
    if (window < 105) {
      CHECK(turns(queue, window, 1) == std::vector<SeriesIndex>{static_cast<SeriesIndex>(window)});
    }
  }
  CHECK(turns(queue, 105) == std::vector<SeriesIndex>{1, 105});
}

TEST_CASE("every fourth turn is not taken by the important from those that are overdue") {
  VoteQueue queue(kStep);
  for (SeriesIndex series = 0; series < 4; ++series) queue.push(series, Priority::kLow, 100);
  for (SeriesIndex series = 10; series < 20; ++series) queue.push(series, Priority::kHigh, 110);
  CHECK(turns(queue, 110) ==
        std::vector<SeriesIndex>{0, 10, 11, 12, 1, 13, 14, 15, 2, 16, 17, 18, 3, 19});
}

TEST_CASE("of two that have waited too long the longer one comes first") {
  VoteQueue queue(kStep);
  queue.push(1, Priority::kNormal, 99);
  queue.push(2, Priority::kLow, 100);
  queue.push(3, Priority::kNormal, 101);
  CHECK(turns(queue, 110) == std::vector<SeriesIndex>{1, 2, 3});
}

TEST_CASE("with long windows one window is long enough") {
  VoteQueue queue(300);
  queue.push(1, Priority::kLow, 100);
  queue.push(2, Priority::kNormal, 101);
  CHECK(turns(queue, 101) == std::vector<SeriesIndex>{1, 2});
}

// Whoever is promoted, forgotten and served: each that waits has exactly one turn.
TEST_CASE("the size is the number of turns that are left") {
  VoteQueue queue(kStep);
  std::mt19937 random(5);
  std::set<SeriesIndex> waiting;
  for (series::Slot step = 0; step < 20'000; ++step) {
    const auto series = static_cast<SeriesIndex>(random() % 50);
    switch (random() % 4) {
      case 0:
      case 1:
        CHECK(queue.push(series, static_cast<Priority>(random() % 3), step / 100) ==
              waiting.insert(series).second);
        break;
      case 2:
        CHECK(queue.forget(series) == (waiting.erase(series) == 1));
        break;
      default:
        if (const auto turn = queue.next(step / 100)) CHECK(waiting.erase(turn->series) == 1);
        break;
    }
    REQUIRE(queue.size() == waiting.size());
  }
  const std::vector<SeriesIndex> left = turns(queue, 1000);
  CHECK(std::set<SeriesIndex>(left.begin(), left.end()) == waiting);
  CHECK(left.size() == waiting.size());
}

}  // namespace
}  // namespace tocsin::app
