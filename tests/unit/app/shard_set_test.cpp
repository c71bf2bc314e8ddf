#include "src/app/shard_set.hpp"

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "tests/unit/app/live_stages.hpp"

namespace tocsin::app {
namespace {

using test::LiveStages;
using test::predicate;

TEST_CASE("a question reaches the series of all shards and keeps to its limit") {
  LiveStages live("", 2);
  std::set<std::string> names;
  for (int i = 0; i < 60; ++i) {
    names.insert("c" + std::to_string(i));
    live.count("c" + std::to_string(i), 1);
  }
  live.tick(10);
  const auto found = live.shards->query(predicate("service =~ \"c%\""), 1000);
  REQUIRE(found);
  std::set<std::string> told;
  for (const Event& event : *found) told.insert(event.service);
  CHECK(told == names);
  for (std::size_t shard = 0; shard < 2; ++shard) {
    CHECK(live.shards->stage(shard).progress().series.get() > 10);
  }
  const auto some = live.shards->query(predicate("service =~ \"c%\""), 45);
  REQUIRE(some);
  CHECK(some->size() == 45);
}

TEST_CASE("a task runs on every shard") {
  LiveStages live("", 3);
  auto visited = std::make_shared<std::set<const ShardStage*>>();
  REQUIRE(live.shards->on_each([visited](ShardStage& stage) { visited->insert(&stage); }));
  CHECK(visited->size() == 3);
}

TEST_CASE("new rules reach every shard") {
  LiveStages live("", 2);
  for (int i = 0; i < 20; ++i) live.count(std::to_string(i) + ".c", 1);
  live.tick(10);
  const auto rules =
      test::compiled("watch:\n  - {where: service =~ \"%.c\", critical: metric > 1}\n", 2);
  REQUIRE(live.roll_up->adopt(rules));
  live.shards->adopt(rules);
  REQUIRE(live.shards->on_each([](ShardStage&) {}));  // comes after it
  live.tick(20);
  std::uint64_t plans = 0;
  for (std::size_t shard = 0; shard < 2; ++shard) {
    plans += live.shards->stage(shard).progress().plans.get();
  }
  CHECK(plans == 20);
}

TEST_CASE("a question that is under way when the shards stop is let go at once") {
  LiveStages live("", 1, 4000);
  // More than are looked at in one step.
  for (int i = 0; i < 3000; ++i) live.count("c" + std::to_string(i), 1);
  live.tick(10);
  std::atomic<bool> held{false};
  std::atomic<bool> released{false};
  std::thread holder([&] {
    CHECK(live.shards->on_each([&](ShardStage&) {
      held = true;
      while (!released) std::this_thread::yield();
    }));
  });
  while (!held) std::this_thread::yield();
  Result<std::vector<Event>> found = std::vector<Event>{};
  std::chrono::steady_clock::duration took{};
  std::thread asker([&] {
    const auto asked = std::chrono::steady_clock::now();
    found = live.shards->query(predicate("true"), 10'000);
    took = std::chrono::steady_clock::now() - asked;
  });
  std::thread stopper([&] { live.stop(); });
  // Time to ask and to close the lanes. Where it does not suffice the question is refused instead.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  released = true;
  for (std::thread* thread : {&holder, &asker, &stopper}) thread->join();
  REQUIRE_FALSE(found);
  CHECK(found.error().text.find("stopping") != std::string::npos);
  CHECK(took < std::chrono::seconds(3));
}

TEST_CASE("after the end nobody answers, and says so at once") {
  LiveStages live;
  live.stop();
  const auto found = live.shards->query(predicate("true"), 10);
  REQUIRE_FALSE(found);
  CHECK(found.error().code == Errc::kUnavailable);
  CHECK_FALSE(live.shards->on_each([](ShardStage&) {}));
}

}  // namespace
}  // namespace tocsin::app
