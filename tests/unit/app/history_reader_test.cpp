#include "src/app/history_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "src/series/history.hpp"

namespace tocsin::app {
namespace {

constexpr std::uint32_t kStep_s = 10;
constexpr std::uint32_t kSlots = 480;
constexpr std::int64_t kFirst = 170'000'003;

// A history whose oldest block is partly out of the window, with slots that have no point.
struct Kept {
  series::Arena arena{std::size_t{1} << 20};
  series::HistoryPool pool{arena, {kStep_s, kSlots}};
  series::History history{3};
  std::vector<double> times_s;
  std::vector<double> values;

  Kept() {
    for (std::int64_t i = 0; i < 1000; ++i) {
      if (i % 7 == 3 || (i > 700 && i < 830)) continue;
      REQUIRE(pool.append(history, kFirst + i, static_cast<double>(i % 50)) ==
              series::AppendStatus::kStored);
      if (i < 1000 - std::int64_t{kSlots}) continue;
      times_s.push_back(static_cast<double>((kFirst + i + 1) * kStep_s));
      values.push_back(static_cast<double>(i % 50));
    }
  }
  [[nodiscard]] series::HistoryView view() const { return {pool, history}; }
};

template <class T>
std::vector<T> copied(std::span<const T> values) {
  return {values.begin(), values.end()};
}

TEST_CASE("the whole window has every point that is in it, at the end of its slot") {
  const Kept kept;
  HistoryReader reader(kStep_s);
  const series::HistoryView view = kept.view();
  reader.open(view);
  const Window whole = reader.whole();
  CHECK(copied(whole.times_s) == kept.times_s);
  CHECK(copied(whole.values) == kept.values);
  CHECK(whole.now_s == kept.times_s.back());
  CHECK(reader.now_s() == kept.times_s.back());
  CHECK(reader.step_s() == kStep_s);
}

TEST_CASE("a part begins and ends where its time says") {
  const Kept kept;
  HistoryReader reader(kStep_s);
  const series::HistoryView view = kept.view();
  reader.open(view);
  for (const double offset_s : {-5000.0, -3600.0, -3595.0, -600.0, -0.5, 0.0, 10.0}) {
    CAPTURE(offset_s);
    const double time_s = reader.now_s() + offset_s;
    const auto split = std::lower_bound(kept.times_s.begin(), kept.times_s.end(), time_s);
    CHECK(copied(reader.before(time_s).times_s) == std::vector(kept.times_s.begin(), split));
    CHECK(copied(reader.from(time_s).times_s) == std::vector(split, kept.times_s.end()));
    CHECK(reader.from(time_s).now_s == reader.now_s());
  }
}

TEST_CASE("blocks hold all points, within the bounds that they say") {
  const Kept kept;
  HistoryReader reader(kStep_s);
  const series::HistoryView view = kept.view();
  reader.open(view);
  std::vector<double> all;
  const std::span<const detect::WindowReader::Block> blocks = reader.blocks();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const detect::WindowReader::Block& block = blocks[i];
    const std::span<const double> values = reader.values(i);
    REQUIRE(block.count == values.size());
    all.insert(all.end(), values.begin(), values.end());
    if (values.empty()) continue;
    CHECK(block.least == *std::min_element(values.begin(), values.end()));
    CHECK(block.largest == *std::max_element(values.begin(), values.end()));
  }
  CHECK(all == kept.values);
}

TEST_CASE("a reader may be opened again") {
  const Kept kept;
  HistoryReader reader(kStep_s);
  const series::HistoryView view = kept.view();
  reader.open(view);
  (void)reader.whole();
  series::Arena arena(std::size_t{1} << 20);
  series::HistoryPool pool(arena, {kStep_s, kSlots});
  series::History history;
  REQUIRE(pool.append(history, kFirst, 5) == series::AppendStatus::kStored);
  const series::HistoryView other(pool, history);
  reader.open(other);
  CHECK(copied(reader.whole().values) == std::vector{5.0});
  CHECK(reader.blocks().size() == 1);
}

}  // namespace
}  // namespace tocsin::app
