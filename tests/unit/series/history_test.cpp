#include "src/series/history.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <deque>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "src/series/history_view.hpp"
#include "tests/unit/series/series_families.hpp"

namespace tocsin::series {
namespace {

constexpr std::size_t kRoom = 64 << 20;
using Points = std::deque<std::pair<std::int64_t, double>>;

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

// The straight definition: all points, cut to the last `capacity` slots.
class Oracle {
 public:
  explicit Oracle(std::int64_t capacity) : capacity_(capacity) {}
  void append(std::int64_t slot, double value) {
    points.emplace_back(slot, value);
    while (points.front().first <= slot - capacity_) points.pop_front();
  }
  Points points;

 private:
  std::int64_t capacity_;
};

Points read(const HistoryView& view) {
  Points points;
  view.for_each([&](std::int64_t slot, double value) { points.emplace_back(slot, value); });
  return points;
}

bool equal(const Points& a, const Points& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].first != b[i].first || !same(a[i].second, b[i].second)) return false;
  }
  return true;
}

// Every way of reading must tell the oracle's story.
void check_against(const HistoryView& view, const Points& expected) {
  REQUIRE(view.size() == expected.size());
  REQUIRE(view.empty() == expected.empty());
  if (expected.empty()) return;
  CHECK(view.first_slot() == expected.front().first);
  CHECK(view.last_slot() == expected.back().first);
  CHECK(same(view.last_value(), expected.back().second));
  CHECK(equal(read(view), expected));

  std::vector<std::int64_t> slots(expected.size() / 2 + 1);
  std::vector<double> values(expected.size() / 2 + 1);
  const std::size_t copied = view.copy_to(slots, values);
  REQUIRE(copied == slots.size());
  bool newest = true;
  for (std::size_t i = 0; i < copied; ++i) {
    const auto& point = expected[expected.size() - copied + i];
    newest = newest && slots[i] == point.first && same(values[i], point.second);
  }
  CHECK(newest);

  const std::int64_t from = expected[expected.size() / 3].first;
  std::size_t later = 0;
  bool in_order = true;
  view.for_each_from(from, [&](std::int64_t slot, double value) {
    const auto& point = expected[expected.size() / 3 + later++];
    in_order = in_order && slot == point.first && same(value, point.second);
  });
  CHECK(in_order);
  CHECK(later == expected.size() - expected.size() / 3);

  std::vector<double> all;
  for (const auto& point : expected) all.push_back(point.second);
  const Aggregate direct = aggregate_of(all);
  const Aggregate merged = view.total();
  CHECK(merged.count == direct.count);
  CHECK(merged.min == direct.min);
  CHECK(merged.max == direct.max);
}

// What the window loses with a point at `slot` is what the oracle would drop.
void check_leaving(const HistoryView& view, std::int64_t slot, const Points& points,
                   std::int64_t capacity) {
  std::size_t left = 0;
  bool right = true;
  view.for_each_leaving(slot, [&](std::int64_t at, double value) {
    right = right && left < points.size() && points[left].first == at &&
            same(points[left].second, value);
    ++left;
  });
  CHECK(right);
  while (left < points.size() && points[left].first <= slot - capacity) right = false, ++left;
  CHECK(right);
}

TEST_CASE("every family comes back bit by bit from a window that has turned over") {
  Arena arena(kRoom);
  HistoryPool pool(arena, {.step_seconds = 10, .capacity = 1440});
  for (const FamilyName& family : kFamilies) {
    CAPTURE(family.name);
    History history(static_cast<std::uint32_t>(family.family) * 31);
    Oracle oracle(1440);
    std::int64_t slot = 176'000'000;
    for (const double value : make_family(family.family, 4000, 5)) {
      REQUIRE(pool.append(history, slot, value) == AppendStatus::kStored);
      oracle.append(slot++, value);
    }
    check_against(HistoryView(pool, history), oracle.points);
    pool.release(history);
    CHECK(history.empty());
  }
  CHECK(arena.bytes_in_use() == 0);
}

TEST_CASE("random appends, gaps, late points and releases agree with a plain deque") {
  std::mt19937_64 random(16);
  for (const std::uint32_t capacity : {120u, 121u, 360u, 500u, 8640u}) {
    CAPTURE(capacity);
    Arena arena(kRoom);
    HistoryPool pool(arena, {.step_seconds = 10, .capacity = capacity});
    History history(static_cast<std::uint32_t>(random() % 1000));
    Oracle oracle(capacity);
    std::int64_t slot = static_cast<std::int64_t>(random() % 1000);
    std::vector<double> values;
    for (int step = 0; step < 30'000; ++step) {
      if (values.empty()) {
        const Family family = kFamilies[random() % std::size(kFamilies)].family;
        values = make_family(family, 1 + random() % 400, random());
      }
      const std::uint64_t dice = random() % 10'000;
      if (dice < 2) {
        slot += static_cast<std::int64_t>(random() % (3 * capacity));
      } else if (dice < 300) {
        slot += static_cast<std::int64_t>(random() % 200);
      } else if (dice < 2000) {
        slot += static_cast<std::int64_t>(random() % 4);
      } else if (dice < 2010 && !history.empty()) {
        const std::int64_t late = history.last_slot() - static_cast<std::int64_t>(random() % 50);
        if (late >= 0) CHECK(pool.append(history, late, 1) == AppendStatus::kLate);
      } else if (dice == 3000) {
        pool.release(history);
        oracle.points.clear();
      }
      ++slot;
      if (step % 3 == 0) check_leaving(HistoryView(pool, history), slot, oracle.points, capacity);
      REQUIRE(pool.append(history, slot, values.back()) == AppendStatus::kStored);
      oracle.append(slot, values.back());
      values.pop_back();
      if (dice % 500 == 7) check_against(HistoryView(pool, history), oracle.points);
    }
    check_against(HistoryView(pool, history), oracle.points);
    CHECK(arena.bytes_in_use() == pool.memory(history).total());
    pool.release(history);
    CHECK(arena.bytes_in_use() == 0);
  }
}

TEST_CASE("one point costs its handle, a few points little") {
  Arena arena(kRoom);
  HistoryPool pool(arena, {});
  History history;
  REQUIRE(pool.append(history, 1000, 1.5) == AppendStatus::kStored);
  CHECK(arena.bytes_in_use() == 0);
  check_against(HistoryView(pool, history), {{1000, 1.5}});
  REQUIRE(pool.append(history, 1001, 2.5) == AppendStatus::kStored);
  CHECK(arena.bytes_in_use() <= 96);
}

TEST_CASE("a gap longer than the window forgets everything before it, at no cost") {
  Arena arena(kRoom);
  HistoryPool pool(arena, {});
  History history;
  for (std::int64_t slot = 0; slot < 5000; ++slot) {
    REQUIRE(pool.append(history, slot, static_cast<double>(slot)) == AppendStatus::kStored);
  }
  REQUIRE(pool.append(history, kMaxSlot, 7) == AppendStatus::kStored);
  check_against(HistoryView(pool, history), {{kMaxSlot, 7}});
  CHECK(arena.bytes_in_use() <= 96);
}

TEST_CASE("a gap inside the window costs four bytes a block") {
  Arena arena(kRoom);
  HistoryPool pool(arena, {});
  History history;
  REQUIRE(pool.append(history, 0, 1) == AppendStatus::kStored);
  REQUIRE(pool.append(history, 8000, 2) == AppendStatus::kStored);
  check_against(HistoryView(pool, history), {{0, 1}, {8000, 2}});
  CHECK(arena.bytes_in_use() <= 96 + 73 * 4 + 32);
}

TEST_CASE("a gap may end anywhere from the next slot to beyond the window") {
  for (const std::int64_t capacity : {120, 240, 250, 600}) {
    Arena arena(kRoom);
    HistoryPool pool(arena, {.step_seconds = 10, .capacity = static_cast<std::uint32_t>(capacity)});
    for (std::int64_t gap = 1; gap<900; gap += gap % 120> 115 || gap % 120 < 3 ? 1 : 7) {
      CAPTURE(capacity);
      CAPTURE(gap);
      History history(static_cast<std::uint32_t>(gap * 31));
      Oracle oracle(capacity);
      std::int64_t slot = 1000;
      // Into a window that has not filled, one that has, and one that was just begun anew.
      for (const std::int64_t points : {70, 700, 90}) {
        for (std::int64_t i = 0; i < points; ++i, ++slot) {
          if (i % 11 == 5) continue;
          REQUIRE(pool.append(history, slot, static_cast<double>(slot % 50)) ==
                  AppendStatus::kStored);
          oracle.append(slot, static_cast<double>(slot % 50));
        }
        slot += gap - 1;
        check_leaving(HistoryView(pool, history), slot, oracle.points, capacity);
        REQUIRE(pool.append(history, slot, 7) == AppendStatus::kStored);
        oracle.append(slot, 7);
        check_against(HistoryView(pool, history), oracle.points);
        ++slot;
      }
      CHECK(arena.bytes_in_use() == pool.memory(history).total());
      pool.release(history);
      CHECK(arena.bytes_in_use() == 0);
    }
  }
}

TEST_CASE("changes are counted: of what is stored and released, not of what is refused") {
  Arena arena(kRoom);
  HistoryPool pool(arena, {});
  History history;
  CHECK(history.changes() == 0);
  REQUIRE(pool.append(history, 10, 1) == AppendStatus::kStored);
  CHECK(history.changes() == 1);
  CHECK(pool.append(history, 10, 1) == AppendStatus::kLate);
  CHECK(history.changes() == 1);
  pool.release(history);
  CHECK(history.changes() == 2);
}

TEST_CASE("what cannot be stored is refused by name and changes nothing") {
  Arena arena(kRoom);
  HistoryPool pool(arena, {});
  History history;
  REQUIRE(pool.append(history, 10, 1) == AppendStatus::kStored);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CHECK(pool.append(history, 10, 2) == AppendStatus::kLate);
  CHECK(pool.append(history, 9, 2) == AppendStatus::kLate);
  CHECK(pool.append(history, 11, std::nan("")) == AppendStatus::kNotFinite);
  CHECK(pool.append(history, 11, kInfinity) == AppendStatus::kNotFinite);
  CHECK(pool.append(history, -1, 2) == AppendStatus::kBadSlot);
  CHECK(pool.append(history, kMaxSlot + 1, 2) == AppendStatus::kBadSlot);
  check_against(HistoryView(pool, history), {{10, 1}});
}

TEST_CASE(
    "at the arena's cap points are refused, nothing stored is lost, and others' release helps") {
  Arena arena(64 << 10);
  HistoryPool pool(arena, {});
  std::vector<History> all(40);
  std::vector<Points> stored(all.size());
  const std::vector<double> noise = make_family(Family::kNoise, 500, 1);
  std::size_t refused = 0;
  for (std::int64_t slot = 0; slot < 500; ++slot) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double value = noise[static_cast<std::size_t>(slot)] + static_cast<double>(i);
      const AppendStatus status = pool.append(all[i], slot, value);
      if (status == AppendStatus::kStored) {
        stored[i].emplace_back(slot, value);
      } else {
        CHECK(status == AppendStatus::kNoMemory);
        ++refused;
      }
    }
  }
  CHECK(refused > 0);
  CHECK(arena.refused() >= refused);
  CHECK(arena.bytes_reserved() <= 64 << 10);
  for (std::size_t i = 0; i < all.size(); ++i) check_against(HistoryView(pool, all[i]), stored[i]);
  for (std::size_t i = 1; i < all.size(); ++i) pool.release(all[i]);
  CHECK(pool.append(all[0], 600, 1) == AppendStatus::kStored);
}

TEST_CASE("a full window at the cap goes on, because the oldest block makes room for the newest") {
  Arena arena(40 << 10);
  HistoryPool pool(arena, {.step_seconds = 10, .capacity = 1200});
  History history;
  Oracle oracle(1200);
  const std::vector<double> counts = make_family(Family::kCountRate100, 1200, 1);
  std::int64_t slot = 0;
  for (; slot < 1400; ++slot) {
    const double value = counts[static_cast<std::size_t>(slot % 1200)];
    REQUIRE(pool.append(history, slot, value) == AppendStatus::kStored);
    oracle.append(slot, value);
  }
  std::vector<Arena::Ref> hoard;
  for (std::size_t bytes = 65536; bytes >= 8; bytes /= 2) {
    while (arena.allocate(bytes) != Arena::kNone) {
    }
  }
  std::size_t refused = 0;
  for (; slot < 20'000; ++slot) {
    // Noise is larger than what it replaces.
    const bool noisy = slot % 2400 > 2100;
    const double value = counts[static_cast<std::size_t>(slot % 1200)] / (noisy ? 7 : 1);
    if (pool.append(history, slot, value) == AppendStatus::kStored) {
      oracle.append(slot, value);
    } else {
      ++refused;
    }
    if (slot % 64 != 0) continue;
    // Refusals are allowed, the story told must stay true.
    Points points = oracle.points;
    const std::int64_t first = HistoryView(pool, history).first_slot();
    while (!points.empty() && points.front().first < first) points.pop_front();
    check_against(HistoryView(pool, history), points);
  }
  CHECK(refused > 0);
  CHECK(HistoryView(pool, history).size() > 100);
}

}  // namespace
}  // namespace tocsin::series
