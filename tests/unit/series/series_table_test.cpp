#include "src/series/series_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "src/event/compact_form.hpp"
#include "tests/support/counting_new.hpp"

namespace tocsin::series {
namespace {

constexpr Slot kFirst = 170'000'000;

std::string bytes_of(const std::string& service, SeriesKind kind) {
  Identity identity;
  identity.kind = kind;
  identity.service = service;
  std::string bytes;
  event::append_identity(identity, bytes);
  return bytes;
}

// Keeps what it is told; the summary, which is the table's scratch, is copied.
class Recorder final : public WindowSink {
 public:
  struct Closed {
    ClosedWindow window;
    TimerSummary summary;
  };
  void closed(const ClosedWindow& window) override {
    closed_.push_back({window, window.summary != nullptr ? *window.summary : TimerSummary{}});
    closed_.back().window.summary = nullptr;
  }
  void expired(SeriesIndex series) override { expired_.push_back(series); }

  std::vector<Closed> take() { return std::exchange(closed_, {}); }
  std::vector<SeriesIndex> take_expired() { return std::exchange(expired_, {}); }

 private:
  std::vector<Closed> closed_;
  std::vector<SeriesIndex> expired_;
};

// Counts only, so that it asks nothing of the heap.
class Tally final : public WindowSink {
 public:
  void closed(const ClosedWindow& window) override {
    ++windows;
    sum += window.value.value_or(0);
  }
  void expired(SeriesIndex) override {}
  std::uint64_t windows = 0;
  double sum = 0;
};

TableOptions small_options() {
  TableOptions options;
  options.history_points = 120;
  options.max_series = 1000;
  options.max_bytes = 16 << 20;
  return options;
}

struct Fixture {
  explicit Fixture(const TableOptions& options = small_options()) : table(options, recorder) {
    table.begin_window(kFirst);
  }
  SeriesIndex make(const std::string& service, SeriesKind kind) {
    return table.intern(bytes_of(service, kind), kind);
  }
  // What the next window's sweep reports.
  std::vector<Recorder::Closed> next(Slot by = 1) {
    table.begin_window(table.slot() + by);
    while (table.sweep(1000)) {
    }
    return recorder.take();
  }
  // The same, of one series only.
  Recorder::Closed only(Slot by = 1) {
    auto closed = next(by);
    REQUIRE(closed.size() == 1);
    return closed.front();
  }
  Recorder recorder;
  SeriesTable table;
};

double member(std::uint64_t hash) {
  return std::bit_cast<double>(hash * 0x9e37'79b9'7f4a'7c15ULL);
}

TEST_CASE("a counter sums its samples by weight, and is zero in an idle window") {
  Fixture f;
  const SeriesIndex counter = f.make("hits", SeriesKind::kCounter);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 2, 1));
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 1, 10));
  CHECK(f.table.open_value(counter) == 12);
  auto closed = f.only();
  CHECK(closed.window.series == counter);
  CHECK(closed.window.slot == kFirst);
  CHECK_FALSE(closed.window.idle);
  CHECK(closed.window.value == 12);
  closed = f.only();
  CHECK(closed.window.idle);
  CHECK(closed.window.value == 0);
  CHECK(f.table.history(counter).size() == 2);
  CHECK(f.table.history(counter).last_slot() == kFirst + 1);
}

TEST_CASE("an idle counter or set without report_idle has no value") {
  TableOptions options = small_options();
  options.report_idle = false;
  Fixture f(options);
  const SeriesIndex counter = f.make("hits", SeriesKind::kCounter);
  const SeriesIndex set = f.make("users", SeriesKind::kSet);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 1, 1));
  REQUIRE(f.table.apply(set, SampleOp::kUnique, member(1), 1));
  CHECK(f.next().size() == 2);
  for (const auto& closed : f.next()) CHECK_FALSE(closed.window.value);
  CHECK(f.table.history(counter).size() == 1);
}

TEST_CASE("a gauge keeps its value over windows; a sign adjusts one that is not 0") {
  Fixture f;
  const SeriesIndex gauge = f.make("level", SeriesKind::kGauge);
  CHECK_FALSE(f.only().window.value);  // never set
  REQUIRE(f.table.apply(gauge, SampleOp::kAdjustGauge, -5, 1));
  CHECK(f.only().window.value == -5);  // did not exist: set
  REQUIRE(f.table.apply(gauge, SampleOp::kAdjustGauge, 7, 1));
  CHECK(f.only().window.value == 2);
  const auto idle = f.only();
  CHECK(idle.window.idle);
  CHECK(idle.window.value == 2);
  REQUIRE(f.table.apply(gauge, SampleOp::kSetGauge, 0, 1));
  REQUIRE(f.table.apply(gauge, SampleOp::kAdjustGauge, -3, 1));
  CHECK(f.only().window.value == -3);  // was 0: set
}

TEST_CASE("a timer reports its mean and its summary, and nothing when idle") {
  Fixture f;
  const SeriesIndex timer = f.make("latency", SeriesKind::kTimer);
  for (int i = 1; i <= 10; ++i) REQUIRE(f.table.apply(timer, SampleOp::kObserve, i, 2));
  CHECK(f.table.open_values(timer).size() == 10);
  const auto closed = f.only();
  CHECK(closed.window.value == 5.5);
  CHECK(closed.summary.count == 20);
  CHECK(closed.summary.count_ps == 2);
  CHECK(closed.summary.upper == 10);
  REQUIRE(closed.summary.thresholds.size() == 1);
  CHECK(closed.summary.thresholds[0].boundary == 9);
  const auto idle = f.only();
  CHECK(idle.window.idle);
  CHECK_FALSE(idle.window.value);
  CHECK(f.table.open_values(timer).empty());
  CHECK(f.table.history(timer).size() == 1);
}

TEST_CASE("a set counts distinct members of its window") {
  Fixture f;
  const SeriesIndex set = f.make("users", SeriesKind::kSet);
  for (std::uint64_t i = 0; i < 30; ++i) {
    REQUIRE(f.table.apply(set, SampleOp::kUnique, member(i % 10), 1));
  }
  CHECK(f.only().window.value == 10);
  CHECK(f.only().window.value == 0);
}

TEST_CASE("an event's metric belongs to its own window; without one it is still heard") {
  TableOptions options = small_options();
  options.ttl_windows.fill(2);
  Fixture f(options);
  const SeriesIndex event = f.make("check", SeriesKind::kEvent);
  REQUIRE(f.table.apply(event, SampleOp::kSetGauge, 3, 1));
  CHECK(f.only().window.value == 3);
  for (int i = 0; i < 6; ++i) {
    f.table.touch(event);
    const auto closed = f.only();
    CHECK_FALSE(closed.window.idle);
    CHECK_FALSE(closed.window.value);
  }
  CHECK(f.table.live(event));
  CHECK(f.table.history(event).size() == 1);
}

TEST_CASE("a sample of a later slot closes the earlier window first, and the sweep not again") {
  Fixture f;
  const SeriesIndex early = f.make("early", SeriesKind::kCounter);
  const SeriesIndex late = f.make("late", SeriesKind::kCounter);
  REQUIRE(f.table.apply(early, SampleOp::kAdd, 1, 1));
  REQUIRE(f.table.apply(late, SampleOp::kAdd, 10, 1));
  f.table.begin_window(kFirst + 1);
  CHECK(f.recorder.take().empty());
  REQUIRE(f.table.apply(early, SampleOp::kAdd, 2, 1));
  auto closed = f.recorder.take();
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].window.series == early);
  CHECK(closed[0].window.slot == kFirst);
  CHECK(closed[0].window.value == 1);
  while (f.table.sweep(1)) {
  }
  closed = f.recorder.take();
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].window.series == late);
  CHECK(f.table.open_value(early) == 2);
  CHECK(f.next()[0].window.value == 2);
}

TEST_CASE("a sweep comes in pieces, and the next window waits for what it left") {
  Fixture f;
  for (int i = 0; i < 10; ++i) {
    const SeriesIndex series = f.make("c" + std::to_string(i), SeriesKind::kCounter);
    REQUIRE(f.table.apply(series, SampleOp::kAdd, i, 1));
  }
  f.table.begin_window(kFirst + 1);
  CHECK(f.table.sweep(4));
  CHECK(f.recorder.take().size() == 4);
  CHECK(f.table.sweep(4));
  f.table.begin_window(kFirst + 2);
  const auto rest = f.recorder.take();
  REQUIRE(rest.size() == 6);
  for (const auto& closed : rest) CHECK(closed.window.slot == kFirst);
  CHECK_FALSE(f.table.sweep(1000));
  const auto all = f.recorder.take();
  CHECK(all.size() == 10);
  for (const auto& closed : all) CHECK(closed.window.slot == kFirst + 1);
}

TEST_CASE("a window that ends several slots later carries the slot of its samples") {
  Fixture f;
  const SeriesIndex counter = f.make("hits", SeriesKind::kCounter);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 1, 1));
  CHECK(f.only(7).window.slot == kFirst);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 2, 1));
  const auto closed = f.only(1);
  CHECK(closed.window.slot == kFirst + 7);
  CHECK(closed.window.value == 2);
  CHECK(f.table.history(counter).size() == 2);
}

TEST_CASE("a window of several slots ends with the last of them, wherever it was begun") {
  Fixture f;  // kFirst is no multiple of 7
  constexpr Slot kSlots = 7;
  const Slot last = kFirst / kSlots * kSlots + kSlots - 1;
  const SeriesIndex timer = f.make("t", SeriesKind::kTimer);
  const SeriesIndex counter = f.make("c", SeriesKind::kCounter);
  f.table.set_window(timer, kSlots);
  f.table.set_window(counter, kSlots);
  double sum = 0;
  while (f.table.slot() < last) {
    REQUIRE(
        f.table.apply(timer, SampleOp::kObserve, static_cast<double>(f.table.slot() - kFirst), 1));
    REQUIRE(f.table.apply(counter, SampleOp::kAdd, 2, 1));
    sum += 2;
    CHECK(f.next().empty());
  }
  const auto closed = f.next();
  REQUIRE(closed.size() == 2);
  for (const auto& one : closed) {
    CHECK(one.window.slot == last);
    CHECK(one.window.slots == kSlots);
    CHECK_FALSE(one.window.idle);
  }
  CHECK(closed[0].summary.count == sum / 2);
  CHECK(closed[0].summary.count_ps == doctest::Approx(sum / 2 / (kSlots * 10)));
  CHECK(closed[0].summary.upper == static_cast<double>(last - 1 - kFirst));
  CHECK(closed[1].window.value == sum);
  CHECK(f.table.history(counter).last_slot() == last);
  // The next one has all of its slots, and nobody speaks in it.
  for (Slot slot = 1; slot < kSlots; ++slot) CHECK(f.next().empty());
  const auto idle = f.next();
  REQUIRE(idle.size() == 2);
  CHECK(idle[1].window.idle);
  CHECK(idle[1].window.value == 0);
  CHECK(idle[1].window.slot == last + kSlots);
}

TEST_CASE("a window of several slots that is left alone for long carries its own last slot") {
  Fixture f;
  const Slot last = kFirst / 7 * 7 + 6;
  const SeriesIndex counter = f.make("c", SeriesKind::kCounter);
  f.table.set_window(counter, 7);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 1, 1));
  const auto closed = f.only(100);
  CHECK(closed.window.slot == last);
  CHECK(closed.window.value == 1);
}

TEST_CASE("a series that speaks in a long window does not end within it") {
  TableOptions options = small_options();
  options.ttl_windows.fill(3);
  Fixture f(options);
  const SeriesIndex counter = f.make("c", SeriesKind::kCounter);
  f.table.set_window(counter, 1000);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 1, 1));
  for (int i = 0; i < 20; ++i) CHECK(f.next().empty());
  CHECK(f.recorder.take_expired().empty());
}

TEST_CASE("at the end windows of several slots end too") {
  Fixture f;
  const SeriesIndex counter = f.make("c", SeriesKind::kCounter);
  f.table.set_window(counter, 1000);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 3, 1));
  CHECK(f.next().empty());
  f.table.end_windows();
  const auto closed = f.only();
  CHECK(closed.window.value == 3);
  CHECK(closed.window.slot == kFirst + 1);
}

TEST_CASE("series made before the time is known belong to the first window") {
  Recorder recorder;
  SeriesTable table(small_options(), recorder);
  const std::string bytes = bytes_of("early", SeriesKind::kCounter);
  const SeriesIndex heard = table.intern(bytes, SeriesKind::kCounter);
  const SeriesIndex silent =
      table.intern(bytes_of("silent", SeriesKind::kCounter), SeriesKind::kCounter);
  REQUIRE(table.apply(heard, SampleOp::kAdd, 4, 1));
  table.begin_window(kFirst);
  while (table.sweep(10)) {
  }
  CHECK(recorder.take().empty());
  CHECK(recorder.take_expired().empty());
  CHECK(table.live(silent));
  table.begin_window(kFirst + 1);
  while (table.sweep(10)) {
  }
  const auto closed = recorder.take();
  REQUIRE(closed.size() == 2);
  CHECK(closed[0].window.slot == kFirst);
  CHECK(closed[0].window.value == 4);
}

TEST_CASE("a handle says when its number has come to serve another series") {
  TableOptions options = small_options();
  options.ttl_windows.fill(2);
  Fixture f(options);
  const SeriesIndex first = f.make("first", SeriesKind::kCounter);
  const SeriesHandle handle = f.table.handle(first);
  CHECK(f.table.current(handle));
  for (int i = 0; i < 5; ++i) f.next();
  CHECK_FALSE(f.table.current(handle));
  REQUIRE(f.make("second", SeriesKind::kTimer) == first);
  CHECK_FALSE(f.table.current(handle));
  CHECK(f.table.current(f.table.handle(first)));
}

TEST_CASE("values with their own time keep a series alive, also those that are refused") {
  TableOptions options = small_options();
  options.ttl_windows.fill(2);
  Fixture f(options);
  const SeriesIndex gauge = f.make("ahead", SeriesKind::kGauge);
  for (int i = 0; i < 6; ++i) {
    CHECK(f.table.record_at(gauge, f.table.slot() + 100, 1) == AppendStatus::kBadSlot);
    f.next();
  }
  CHECK(f.table.live(gauge));
}

TEST_CASE("samples of a derived series' name do not make it immortal") {
  TableOptions options = small_options();
  options.ttl_windows.fill(2);
  Fixture f(options);
  const SeriesIndex derived = f.table.intern_derived(bytes_of("p90", SeriesKind::kGauge));
  REQUIRE(f.make("p90", SeriesKind::kGauge) == derived);
  REQUIRE(f.table.apply(derived, SampleOp::kSetGauge, 5, 1));
  for (int i = 0; i < 6; ++i) f.next();
  CHECK_FALSE(f.table.live(derived));
}

TEST_CASE("a series ends after the ttl of its kind and may come back") {
  TableOptions options = small_options();
  options.ttl_windows.fill(2);
  options.ttl_windows[static_cast<std::size_t>(SeriesKind::kGauge)] = 5;
  Fixture f(options);
  const SeriesIndex counter = f.make("hits", SeriesKind::kCounter);
  const SeriesIndex gauge = f.make("level", SeriesKind::kGauge);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 1, 1));
  REQUIRE(f.table.apply(gauge, SampleOp::kSetGauge, 1, 1));
  const event::Hash128 id = f.table.id(counter);
  CHECK(f.table.find(id) == counter);
  f.next();
  f.next();
  CHECK(f.recorder.take_expired().empty());
  f.next();
  CHECK(f.recorder.take_expired() == std::vector<SeriesIndex>{counter});
  CHECK_FALSE(f.table.live(counter));
  CHECK(f.table.find(id) == kNoSeries);
  CHECK(f.table.live(gauge));
  CHECK(f.table.size() == 1);
  const SeriesIndex again = f.make("hits", SeriesKind::kCounter);
  CHECK(again == counter);  // the number is used again
  CHECK(f.table.id(again) == id);
  CHECK(f.table.history(again).empty());
  CHECK(f.table.identity(again).service == "hits");
  f.next();
  f.next();
  f.next();
  CHECK(f.recorder.take_expired() == std::vector<SeriesIndex>{counter, gauge});
}

TEST_CASE("max_series refuses new series and leaves those that are there") {
  TableOptions options = small_options();
  options.max_series = 2;
  Fixture f(options);
  const SeriesIndex a = f.make("a", SeriesKind::kCounter);
  CHECK(f.make("b", SeriesKind::kCounter) != kNoSeries);
  CHECK(f.make("c", SeriesKind::kCounter) == kNoSeries);
  CHECK(f.make("a", SeriesKind::kCounter) == a);
  CHECK(f.table.refused() == 1);
  REQUIRE(f.table.apply(a, SampleOp::kAdd, 1, 1));
  CHECK(f.next()[0].window.value == 1);
}

TEST_CASE("max_bytes refuses new series, and observations of a timer that cannot grow") {
  TableOptions options = small_options();
  options.max_series = 100'000;
  options.max_bytes = 1 << 20;
  Fixture f(options);
  const SeriesIndex timer = f.make("latency", SeriesKind::kTimer);
  const SeriesIndex counter = f.make("hits", SeriesKind::kCounter);
  SeriesIndex last = 0;
  for (int i = 0; i < 50'000 && last != kNoSeries; ++i) {
    last = f.make(std::string(200, 'x') + std::to_string(i), SeriesKind::kCounter);
  }
  CHECK(last == kNoSeries);
  CHECK(f.table.refused() > 0);
  bool refused = false;
  for (int i = 0; i < 2000 && !refused; ++i) {
    refused = !f.table.apply(timer, SampleOp::kObserve, i, 1);
  }
  CHECK(refused);
  REQUIRE(f.table.apply(counter, SampleOp::kAdd, 3, 1));
  CHECK(f.table.open_value(counter) == 3);
}

TEST_CASE("a forgotten series is silent until its next sample, and keeps its number") {
  Fixture f;
  const SeriesIndex gauge = f.make("level", SeriesKind::kGauge);
  REQUIRE(f.table.apply(gauge, SampleOp::kSetGauge, 9, 1));
  f.next();
  f.table.forget(gauge);
  CHECK_FALSE(f.table.live(gauge));
  CHECK(f.table.history(gauge).empty());
  CHECK(f.next().empty());
  CHECK(f.make("level", SeriesKind::kGauge) == gauge);
  REQUIRE(f.table.apply(gauge, SampleOp::kAdjustGauge, -1, 1));
  CHECK(f.table.live(gauge));
  CHECK(f.only().window.value == -1);  // nothing was left to adjust
  CHECK(f.only().window.value == -1);
}

TEST_CASE("a derived series takes values from outside and is not swept") {
  TableOptions options = small_options();
  options.ttl_windows.fill(2);
  Fixture f(options);
  const SeriesIndex derived =
      f.table.intern_derived(bytes_of("latency.upper_90", SeriesKind::kGauge));
  CHECK(f.table.derived(derived));
  f.table.record_derived(derived, kFirst, 90);
  f.table.record_derived(derived, kFirst + 1, 91);
  CHECK(f.table.history(derived).size() == 2);
  CHECK(f.table.history(derived).last_value() == 91);
  CHECK(f.next().empty());
  SUBCASE("it ends by its ttl") {
    for (int i = 0; i < 3; ++i) f.next();
    CHECK(f.recorder.take_expired() == std::vector<SeriesIndex>{derived});
  }
  SUBCASE("a value wakes it after it was forgotten") {
    f.table.forget(derived);
    CHECK_FALSE(f.table.live(derived));
    f.table.record_derived(derived, kFirst + 2, 92);
    CHECK(f.table.live(derived));
    CHECK(f.table.history(derived).size() == 1);
  }
}

TEST_CASE("a value with its own time goes to history, unless it is late or far ahead") {
  Fixture f;
  const SeriesIndex gauge = f.make("level", SeriesKind::kGauge);
  CHECK(f.table.record_at(gauge, kFirst - 5, 1) == AppendStatus::kStored);
  CHECK(f.table.record_at(gauge, kFirst - 3, 2) == AppendStatus::kStored);
  CHECK(f.table.record_at(gauge, kFirst - 3, 3) == AppendStatus::kLate);
  CHECK(f.table.record_at(gauge, kFirst - 4, 3) == AppendStatus::kLate);
  CHECK(f.table.record_at(gauge, kFirst + 1, 4) == AppendStatus::kStored);
  CHECK(f.table.record_at(gauge, kFirst + 2, 5) == AppendStatus::kBadSlot);
  CHECK(f.table.record_at(gauge, -1, 5) == AppendStatus::kBadSlot);
  CHECK(f.table.history(gauge).size() == 3);
  CHECK(f.table.history(gauge).last_value() == 4);
}

TEST_CASE("samples and windows ask nothing of the heap in steady state") {
  Tally tally;
  SeriesTable table(small_options(), tally);
  table.begin_window(kFirst);
  std::vector<std::pair<SeriesIndex, SampleOp>> all;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "s" + std::to_string(i);
    const auto add = [&](SeriesKind kind, SampleOp op) {
      all.emplace_back(table.intern(bytes_of(name, kind), kind), op);
    };
    add(SeriesKind::kCounter, SampleOp::kAdd);
    add(SeriesKind::kGauge, SampleOp::kSetGauge);
    add(SeriesKind::kTimer, SampleOp::kObserve);
    add(SeriesKind::kSet, SampleOp::kUnique);
  }
  const auto run_windows = [&](int windows) {
    bool taken = true;
    for (int w = 0; w < windows; ++w) {
      for (std::uint64_t i = 0; i < 100; ++i) {
        for (const auto& [series, op] : all) {
          const double value = op == SampleOp::kUnique ? member(i) : static_cast<double>(i % 17);
          taken = table.apply(series, op, value, 1) && taken;
        }
      }
      table.begin_window(table.slot() + 1);
      while (table.sweep(16)) {
      }
    }
    return taken;
  };
  REQUIRE(run_windows(400));  // until every history has gone round
  const std::uint64_t windows = tally.windows;
  const std::uint64_t before = tocsin::testing::heap_allocations();
  const bool taken = run_windows(50);
  const std::uint64_t asked = tocsin::testing::heap_allocations() - before;
  CHECK(taken);
  CHECK(asked == 0);
  CHECK(tally.windows - windows == 50 * all.size());
}

}  // namespace
}  // namespace tocsin::series
