// What a shard promises at millions of samples a second: known series ask nothing of the heap.
#include <doctest/doctest.h>

#include "tests/support/counting_new.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

TEST_CASE(
    "batches of known series are taken without the heap, whether a rule concerns them or not") {
  test::StageFixture f("watch:\n  - {where: service = \"c1\", critical: metric > 1000000}\n");
  const auto fill = [&] {
    for (int i = 0; i < 200; ++i) {
      const std::string n = std::to_string(i % 20);
      f.lane().sample(test::identity(SeriesKind::kCounter, "c" + n), SampleOp::kAdd, i);
      f.lane().sample(test::identity(SeriesKind::kGauge, "g" + n), SampleOp::kSetGauge, i);
      f.lane().sample(test::identity(SeriesKind::kTimer, "t" + n), SampleOp::kObserve, i);
    }
  };
  for (int w = 0; w < 10; ++w) {
    fill();
    f.next();
  }
  fill();
  const pipeline::Batch& batch = f.lane().batch();
  REQUIRE(batch.definitions.empty());
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 5; ++i) f.stage.batch(0, batch);
  CHECK(tocsin::testing::heap_allocations() - before == 0);
}

}  // namespace
}  // namespace tocsin::app
