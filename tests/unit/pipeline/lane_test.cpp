#include "src/pipeline/lane.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>
#include <vector>

namespace tocsin::pipeline {
namespace {

Sample numbered(std::uint32_t wire) {
  return {.wire = wire, .op = SampleOp::kAdd, .input = 0, .reserved = 0, .value = 1, .weight = 1};
}

TEST_CASE("a lane hands out each of its batches once, then it is full") {
  Doorbell bell;
  Lane lane(4, 8, bell);
  CHECK(lane.capacity() == 4);
  std::set<Batch*> taken;
  for (int i = 0; i < 4; ++i) {
    Batch* const batch = lane.take();
    REQUIRE(batch != nullptr);
    CHECK(batch->empty());
    CHECK(batch->samples.capacity() >= 8);
    taken.insert(batch);
  }
  CHECK(taken.size() == 4);
  CHECK(lane.take() == nullptr);
}

TEST_CASE("batches arrive in the order they were sent, as they were filled") {
  Doorbell bell;
  Lane lane(4, 8, bell);
  CHECK(lane.receive() == nullptr);
  for (std::uint32_t i = 0; i < 3; ++i) {
    Batch* const batch = lane.take();
    batch->samples.push_back(numbered(i));
    lane.send(batch);
    CHECK(lane.depth_guess() == i + 1);
  }
  for (std::uint32_t i = 0; i < 3; ++i) {
    Batch* const batch = lane.receive();
    REQUIRE(batch != nullptr);
    REQUIRE(batch->samples.size() == 1);
    CHECK(batch->samples[0].wire == i);
    lane.give_back(batch);
  }
  CHECK(lane.receive() == nullptr);
  CHECK(lane.depth_guess() == 0);
}

TEST_CASE("a batch that was given back is empty, keeps its room and is the next to be taken") {
  Doorbell bell;
  Lane lane(3, 8, bell);
  Batch* const first = lane.take();
  Batch* const second = lane.take();
  first->samples.push_back(numbered(1));
  first->definitions.push_back({.wire = 1, .length = 2});
  first->definition_bytes = "id";
  first->events.push_back({.wire = 0, .input = 0, .length = 1});
  first->event_bytes = "e";
  first->timed.push_back({numbered(2), 5});
  first->records[3] = 2;
  first->tick = TimePoint(std::chrono::seconds(9));
  first->last = true;
  lane.send(first);
  lane.send(second);
  lane.give_back(lane.receive());
  CHECK(lane.take() == first);  // not the third, which nobody has touched: it is not in the caches
  CHECK(first->empty());
  CHECK(first->definition_bytes.empty());
  CHECK(first->event_bytes.empty());
  CHECK(first->records[3] == 0);
  CHECK(first->tick == TimePoint{});
  CHECK_FALSE(first->last);
  CHECK(first->samples.capacity() >= 8);
}

TEST_CASE("each sending rings the bell") {
  Doorbell bell;
  Lane lane(2, 1, bell);
  const std::uint32_t heard = bell.heard();
  lane.send(lane.take());
  CHECK(bell.heard() == heard + 1);
  bell.wait(heard);  // returns at once
}

TEST_CASE("a lane of few batches carries everything between two threads, in order") {
  constexpr std::uint32_t kBatches = 20'000;
  Doorbell bell;
  Lane lane(3, 1, bell);
  std::thread ingest([&] {
    for (std::uint32_t i = 0; i < kBatches;) {
      Batch* const batch = lane.take();
      if (batch == nullptr) {
        std::this_thread::yield();
        continue;
      }
      batch->samples.push_back(numbered(i++));
      batch->last = i == kBatches;
      lane.send(batch);
    }
  });
  std::uint32_t next = 0;
  bool in_order = true;
  for (bool last = false; !last;) {
    const std::uint32_t heard = bell.heard();
    Batch* const batch = lane.receive();
    if (batch == nullptr) {
      bell.wait(heard);
      continue;
    }
    in_order = in_order && batch->samples.size() == 1 && batch->samples[0].wire == next++;
    last = batch->last;
    lane.give_back(batch);
  }
  ingest.join();
  CHECK(in_order);
  CHECK(next == kBatches);
}

}  // namespace
}  // namespace tocsin::pipeline
