#include "src/series/history_view.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "tests/unit/series/series_families.hpp"

namespace tocsin::series {
namespace {

constexpr std::size_t kRoom = 64 << 20;
using Slots = std::vector<std::int64_t>;

// A history whose value at each slot is the slot's number.
struct Numbered {
  Numbered(std::uint32_t capacity, std::uint32_t stagger)
      : pool(arena, {.step_seconds = 10, .capacity = capacity}), history(stagger) {}
  Numbered& append(std::int64_t from, std::int64_t to) {
    for (std::int64_t slot = from; slot <= to; ++slot) {
      REQUIRE(pool.append(history, slot, static_cast<double>(slot)) == AppendStatus::kStored);
    }
    return *this;
  }
  [[nodiscard]] HistoryView view() const { return HistoryView(pool, history); }

  Arena arena{kRoom};
  HistoryPool pool;
  History history;
};

Slots slots_from(const HistoryView& view, std::int64_t slot) {
  Slots slots;
  view.for_each_from(slot, [&](std::int64_t at, double value) {
    REQUIRE(value == static_cast<double>(at));
    slots.push_back(at);
  });
  return slots;
}

TEST_CASE("the aggregate of each block is that of its visible points") {
  Arena arena(kRoom);
  HistoryPool pool(arena, {.step_seconds = 10, .capacity = 600});
  History history(17);
  std::mt19937_64 random(18);
  std::int64_t slot = 0;
  for (const double value : make_family(Family::kGaugeTwoDecimals, 1500, 1)) {
    slot += random() % 20 == 0 ? 3 : 1;
    REQUIRE(pool.append(history, slot, value) == AppendStatus::kStored);
  }
  const HistoryView view(pool, history);
  for (std::size_t i = 0; i < view.block_count(); ++i) {
    HistoryBlock block;
    view.decode(i, block);
    const Aggregate direct = aggregate_of(std::span(block.values.data(), block.count));
    const Aggregate found = view.aggregate(i);
    CHECK(found.count == direct.count);
    CHECK(found.min == direct.min);
    CHECK(found.max == direct.max);
    CHECK(found.sum == doctest::Approx(direct.sum).epsilon(1e-14));
    CHECK(found.m2 == doctest::Approx(direct.m2).epsilon(1e-10));
  }
}

TEST_CASE("an empty history has no block, no point and the empty aggregate") {
  const Numbered n(240, 0);
  const HistoryView view = n.view();
  CHECK(view.empty());
  CHECK(view.size() == 0);
  CHECK(view.block_count() == 0);
  CHECK(slots_from(view, 0).empty());
  CHECK(view.total().count == 0);
  Slots slots(3);
  std::vector<double> values(3);
  CHECK(view.copy_to(slots, values) == 0);
}

TEST_CASE("a single point is a block of its own") {
  Numbered n(240, 0);
  const HistoryView view = n.append(500, 500).view();
  CHECK(view.size() == 1);
  CHECK(view.first_slot() == 500);
  CHECK(view.block_count() == 1);
  CHECK(view.block_slot(0) == 480);
  HistoryBlock block;
  view.decode(0, block);
  REQUIRE(block.count == 1);
  CHECK(block.slots[0] == 500);
  CHECK(block.values[0] == 500);
  CHECK(view.aggregate(0).sum == 500);
  CHECK(slots_from(view, 500) == Slots{500});
  CHECK(slots_from(view, 501).empty());
}

TEST_CASE("blocks begin where slot and stagger say, and reading starts inside any of them") {
  for (const std::uint32_t stagger : {0u, 1u, 119u}) {
    CAPTURE(stagger);
    Numbered n(360, stagger);
    const HistoryView view = n.append(1000, 1600).view();
    CHECK(view.first_slot() == 1241);
    CHECK(view.size() == 360);
    for (std::size_t i = 0; i < view.block_count(); ++i) {
      CHECK((view.block_slot(i) + stagger) % 120 == 0);
      if (i > 0) CHECK(view.block_slot(i) == view.block_slot(i - 1) + 120);
    }
    for (const std::int64_t from : {0, 1000, 1240, 1241, 1242, 1320, 1479, 1480, 1599, 1600}) {
      CAPTURE(from);
      const Slots slots = slots_from(view, from);
      REQUIRE(slots.size() ==
              static_cast<std::size_t>(1600 - std::max<std::int64_t>(from, 1241) + 1));
      CHECK(slots.front() == std::max<std::int64_t>(from, 1241));
      CHECK(slots.back() == 1600);
    }
    CHECK(slots_from(view, 1601).empty());
    CHECK(slots_from(view, kMaxSlot).empty());
  }
}

TEST_CASE("a block inside a long gap has no points, and reading passes over it") {
  Numbered n(1200, 0);
  const HistoryView view = n.append(130, 135).append(500, 502).view();
  REQUIRE(view.block_count() == 4);
  HistoryBlock block;
  for (const std::size_t inside : {1u, 2u}) {
    view.decode(inside, block);
    CHECK(block.count == 0);
    CHECK(view.aggregate(inside).count == 0);
  }
  CHECK(slots_from(view, 133) == Slots{133, 134, 135, 500, 501, 502});
  CHECK(slots_from(view, 136) == Slots{500, 501, 502});
  CHECK(view.total().count == 9);
  CHECK(view.total().min == 130);
  CHECK(view.total().max == 502);
}

TEST_CASE("points that the window has left are hidden though their block is still there") {
  Numbered n(120, 0);
  const HistoryView view = n.append(120, 300).view();  // the window is 181..300
  REQUIRE(view.block_count() == 2);
  CHECK(view.block_slot(0) == 120);
  HistoryBlock block;
  view.decode(0, block);
  CHECK(block.count == 59);
  CHECK(block.slots[0] == 181);
  CHECK(view.aggregate(0).count == 59);
  CHECK(view.aggregate(0).min == 181);
  CHECK(view.first_slot() == 181);
}

TEST_CASE("the newest points that fit are copied, oldest first, by the shorter span") {
  Numbered n(600, 7);
  const HistoryView view = n.append(1, 400).view();
  for (const std::size_t room : {0u, 1u, 2u, 119u, 120u, 121u, 399u, 400u, 1000u}) {
    CAPTURE(room);
    Slots slots(room, -1);
    std::vector<double> values(room + 3, -1);
    const std::size_t copied = view.copy_to(slots, values);
    const std::size_t expected = std::min<std::size_t>(room, 400);
    REQUIRE(copied == expected);
    bool right = true;
    for (std::size_t i = 0; i < copied; ++i) {
      const auto slot = static_cast<std::int64_t>(400 - copied + 1 + i);
      right = right && slots[i] == slot && values[i] == static_cast<double>(slot);
    }
    CHECK(right);
    CHECK(values[copied] == -1);  // and nothing behind them
  }
  std::vector<double> two(2);
  Slots many(50, -1);
  CHECK(view.copy_to(many, two) == 2);
  CHECK(many[1] == 400);
  CHECK(many[2] == -1);
}

}  // namespace
}  // namespace tocsin::series
