// Whom a lesson is given, and when. What a shard makes of it: shard_stage_test.cpp.
#include "src/app/lessons.hpp"

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPlenty = std::size_t{1} << 30;

struct Pupil {
  explicit Pupil(Lessons& lessons) {
    WatchState& watch = state.watches.emplace_back();
    watch.watch.where = test::predicate("metric >= 0");
    watch.memories = Memories(ensemble, lessons.account());
    state.event.service = "s";
  }
  void append(std::int64_t slot, double value) {
    REQUIRE(pool.append(history, slot, value) == series::AppendStatus::kStored);
    state.event.time = TimePoint(std::chrono::seconds((slot + 1) * test::kStep));
    state.event.metric = value;
  }
  [[nodiscard]] series::HistoryView view() const { return {pool, history}; }
  [[nodiscard]] bool fired() const { return state.watches[0].memories.any_fired(); }
  [[nodiscard]] bool ready() const { return state.watches[0].memories.ready(); }

  detect::Ensemble ensemble =
      *detect::Ensemble::make({*detect::find_voter("consensus")}, 1, detect::Consensus::kQuorum);
  series::Arena arena{std::size_t{4} << 20};
  series::HistoryPool pool{arena, {test::kStep, 8640}};
  series::History history;
  SeriesState state;
};

TEST_CASE("a series is heard from its first point on") {
  Lessons lessons(kPlenty, test::kStep);
  TimeBudget time(1h);
  Pupil pupil(lessons);
  for (int i = 0; i < 400; ++i) {
    pupil.append(i, 100 + i % 7);
    lessons.hear(0, pupil.state, pupil.view());
  }
  CHECK(pupil.ready());
  lessons.begin_tick();
  time.begin_tick();
  CHECK_FALSE(lessons.next(time));
  pupil.append(400, 5000);
  lessons.hear(0, pupil.state, pupil.view());
  CHECK(pupil.fired());
}

TEST_CASE("a series with a past waits for its lesson, and knows all of it afterwards") {
  Lessons lessons(kPlenty, test::kStep);
  TimeBudget time(1h);
  Pupil pupil(lessons);
  for (int i = 0; i < 400; ++i) pupil.append(i, 100 + i % 7);
  lessons.hear(7, pupil.state, pupil.view());
  pupil.append(400, 103);
  lessons.hear(7, pupil.state, pupil.view());
  CHECK_FALSE(pupil.ready());
  CHECK_FALSE(lessons.next(time));  // not before a tick has begun
  lessons.begin_tick();
  time.begin_tick();
  CHECK(lessons.next(time) == series::SeriesIndex{7});
  CHECK_FALSE(lessons.next(time));
  lessons.teach(pupil.state, pupil.view());
  CHECK(pupil.ready());
  CHECK_FALSE(pupil.fired());
  pupil.append(401, 5000);
  lessons.hear(7, pupil.state, pupil.view());
  CHECK(pupil.fired());
}

TEST_CASE("what the watch does not look at is not learned, neither live nor from the past") {
  Lessons lessons(kPlenty, test::kStep);
  TimeBudget time(1h);
  Pupil pupil(lessons);
  for (int i = 0; i < 400; ++i) pupil.append(i, i % 2 == 0 ? -1e6 * (1 + i % 3) : 100 + i % 7);
  lessons.hear(0, pupil.state, pupil.view());
  lessons.begin_tick();
  time.begin_tick();
  REQUIRE(lessons.next(time));
  lessons.teach(pupil.state, pupil.view());
  pupil.append(400, -5e9);
  lessons.hear(0, pupil.state, pupil.view());
  CHECK_FALSE(pupil.fired());
  pupil.append(401, 5000);
  lessons.hear(0, pupil.state, pupil.view());
  CHECK(pupil.fired());
}

TEST_CASE("a tick gives lessons while there is time, at least one, in the order of asking") {
  Lessons lessons(kPlenty, test::kStep);
  std::vector<std::unique_ptr<Pupil>> pupils;
  for (series::SeriesIndex i = 0; i < 100; ++i) {
    Pupil& pupil = *pupils.emplace_back(std::make_unique<Pupil>(lessons));
    pupil.append(0, 1);
    pupil.append(1, 1);
    lessons.hear(i, pupil.state, pupil.view());
  }
  std::chrono::nanoseconds now{0};
  TimeBudget time(10ms, [&] { return now; });
  time.begin_tick();
  lessons.begin_tick();
  series::SeriesIndex given = 0;
  for (; const auto next = lessons.next(time); ++given) {
    CHECK(*next == given);
    now += 1ms;
  }
  CHECK(given >= 10);
  CHECK(given < 40);
  time.begin_tick();
  now += 10ms;  // gone before the lessons
  lessons.begin_tick();
  CHECK(lessons.next(time) == given);
  CHECK_FALSE(lessons.next(time));
}

TEST_CASE("without room there is no detector, until there is") {
  Lessons lessons(1, test::kStep);
  TimeBudget time(1h);
  Pupil first(lessons);
  first.append(0, 1);
  lessons.hear(0, first.state, first.view());
  CHECK(first.ready());
  Pupil second(lessons);
  for (int i = 0; i < 3; ++i) {
    second.append(i, 1);
    lessons.hear(1, second.state, second.view());
  }
  CHECK_FALSE(second.ready());
  CHECK(lessons.refused() == 1);
  first.state.watches.clear();
  second.append(3, 1);
  lessons.hear(1, second.state, second.view());
  lessons.begin_tick();
  time.begin_tick();
  REQUIRE(lessons.next(time));
  lessons.teach(second.state, second.view());
  CHECK(second.ready());
}

}  // namespace
}  // namespace tocsin::app
