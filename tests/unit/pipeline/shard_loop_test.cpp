#include "src/pipeline/shard_loop.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>

namespace tocsin::pipeline {
namespace {

using std::chrono::seconds;

struct Recorder final : ShardConsumer {
  void batch(std::size_t lane, const Batch& batch) override {
    log += std::to_string(lane) + ":" + std::to_string(batch.samples.size()) + " ";
  }
  void tick(TimePoint now) override {
    log += "t" +
           std::to_string(std::chrono::duration_cast<seconds>(now.time_since_epoch()).count()) +
           " ";
  }
  bool work() override { return work_left > 0 && work_left-- > 0; }
  void finish() override { log += "end"; }
  std::string log;
  int work_left = 0;
};

void send(Lane& lane, std::size_t samples, int tick_s, bool last = false) {
  Batch* batch = lane.take();
  REQUIRE(batch != nullptr);
  batch->samples.resize(samples);
  if (tick_s > 0) batch->tick = TimePoint(seconds(tick_s));
  batch->last = last;
  lane.send(batch);
}

TEST_CASE("a lane that is ahead waits until the others have said the same tick") {
  Doorbell bell;
  Lane a(8, 16, bell);
  Lane b(8, 16, bell);
  Recorder seen;
  ShardLoop loop({&a, &b}, bell, seen);
  send(a, 1, 1);
  send(a, 2, 2);
  while (loop.poll()) {
  }
  CHECK(seen.log == "0:1 ");
  send(b, 3, 1);
  while (loop.poll()) {
  }
  CHECK(seen.log == "0:1 1:3 t1 0:2 ");
  send(b, 4, 2);
  while (loop.poll()) {
  }
  CHECK(seen.log == "0:1 1:3 t1 0:2 1:4 t2 ");
}

TEST_CASE("the loop ends when every lane has ended, after its last batch") {
  Doorbell bell;
  Lane a(8, 16, bell);
  Lane b(8, 16, bell);
  Recorder seen;
  ShardLoop loop({&a, &b}, bell, seen);
  send(a, 1, 0, true);
  while (loop.poll()) {
  }
  CHECK_FALSE(loop.ended());
  send(b, 2, 5, true);
  while (!loop.ended()) REQUIRE(loop.poll());
  CHECK(seen.log == "0:1 1:2 t5 end");
}

TEST_CASE("a task runs on the shard thread even while nothing arrives") {
  Doorbell bell;
  Lane a(8, 16, bell);
  Recorder seen;
  ShardLoop loop({&a}, bell, seen);
  std::thread shard([&] { loop.run(); });
  std::atomic<bool> right_thread{false};
  const std::thread::id id = shard.get_id();
  CHECK(loop.post([&] {
    right_thread = std::this_thread::get_id() == id;
    send(a, 0, 0, true);
  }));
  shard.join();
  CHECK(right_thread);
  CHECK_FALSE(loop.post([] {}));
}

TEST_CASE("what waits for a loop that ends is let go before the consumer's last work") {
  struct LastWork final : ShardConsumer {
    void batch(std::size_t /*lane*/, const Batch& /*batch*/) override {}
    void tick(TimePoint /*now*/) override {}
    bool work() override { return false; }
    void finish() override {
      let_go_before = waiting.expired() && !loop->post([] {});
    }
    std::weak_ptr<int> waiting;
    ShardLoop* loop = nullptr;
    bool let_go_before = false;
  };
  Doorbell bell;
  Lane a(8, 16, bell);
  LastWork consumer;
  ShardLoop loop({&a}, bell, consumer);
  consumer.loop = &loop;
  auto owner = std::make_shared<int>(1);
  consumer.waiting = owner;
  // Posted by a task, so that it waits when the last batch comes.
  CHECK(loop.post([&] { CHECK(loop.post([held = std::move(owner)] { FAIL("ran"); })); }));
  send(a, 0, 0, true);
  loop.run();
  CHECK(consumer.let_go_before);
}

}  // namespace
}  // namespace tocsin::pipeline
