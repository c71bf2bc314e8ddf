#include "ingest/statsd/sample_batch.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::statsd {
namespace {

struct NoResolver final : IdentityResolver {
  [[nodiscard]] Result<Identity> resolve(const RawSample&) const override { return Identity{}; }
  [[nodiscard]] std::uint64_t seed() const noexcept override { return 0; }
};

void add(SampleBatch& batch, std::string_view name, double value) {
  batch.begin_sample(name).value = value;
  batch.commit();
}

// Hands over everything; returns the values in the order they arrived.
std::vector<double> handed_over(SampleBatch& batch) {
  testing::RecordingIntake intake;
  CHECK(batch.hand_over(intake, NoResolver{}));
  std::vector<double> values;
  for (const auto& sample : intake.kept) values.push_back(sample.value);
  return values;
}

TEST_CASE("a sample begins as a counter of 0, whatever its slot held before") {
  SampleBatch batch;
  RawSample& first = batch.begin_sample("a");
  first.tags = "x";
  first.member = "m";
  first.value = 5;
  first.weight = 10;
  first.timestamp_s = 7;
  first.kind = SeriesKind::kTimer;
  first.op = SampleOp::kObserve;
  batch.commit();
  batch.cut(0);
  const RawSample& again = batch.begin_sample("b");
  CHECK(again.name == "b");
  CHECK(again.tags.empty());
  CHECK(again.member.empty());
  CHECK(again.value == 0);
  CHECK(again.weight == 1);
  CHECK(again.timestamp_s == 0);
  CHECK(again.kind == SeriesKind::kCounter);
  CHECK(again.op == SampleOp::kAdd);
}

TEST_CASE("a sample that is left alone is not part of the batch") {
  SampleBatch batch;
  batch.begin_sample("a").value = 1;
  CHECK(batch.empty());
  batch.begin_sample("b").value = 2;
  batch.commit();
  batch.begin_sample("c").value = 3;
  CHECK(batch.size() == 1);
  CHECK(handed_over(batch) == std::vector<double>{2});
}

TEST_CASE("the samples of a line can be completed or forgotten together") {
  SampleBatch batch;
  add(batch, "kept", 1);
  const std::size_t line = batch.size();
  add(batch, "packed", 2);
  add(batch, "packed", 3);
  REQUIRE(batch.since(line).size() == 2);
  for (RawSample& sample : batch.since(line)) sample.weight = 4;
  CHECK(batch.since(0)[0].weight == 1);
  CHECK(batch.since(0)[2].weight == 4);
  CHECK(batch.since(3).empty());
  batch.cut(line);
  CHECK(handed_over(batch) == std::vector<double>{1});
}

TEST_CASE("a batch is full at 256 samples, and a packed line may still take it beyond") {
  SampleBatch batch;
  for (std::size_t i = 0; i < SampleBatch::kFull; ++i) {
    REQUIRE_FALSE(batch.full());
    add(batch, "a", static_cast<double>(i));
  }
  CHECK(batch.full());
  for (std::size_t i = SampleBatch::kFull; i < 3000; ++i) add(batch, "a", static_cast<double>(i));
  const std::vector<double> values = handed_over(batch);
  REQUIRE(values.size() == 3000);
  for (std::size_t i = 0; i < values.size(); ++i) REQUIRE(values[i] == static_cast<double>(i));
  CHECK(batch.empty());
}

TEST_CASE("what an intake does not take stays, in order, and more can follow it") {
  SampleBatch batch;
  for (int i = 0; i < 10; ++i) add(batch, "a", i);
  testing::RecordingIntake intake;
  intake.samples_per_call = 4;
  CHECK_FALSE(batch.hand_over(intake, NoResolver{}));
  CHECK(batch.size() == 6);
  intake.samples_per_call = 0;
  CHECK_FALSE(batch.hand_over(intake, NoResolver{}));
  CHECK(batch.size() == 6);
  add(batch, "a", 10);
  intake.samples_per_call = testing::RecordingIntake::kNoLimit;
  CHECK(batch.hand_over(intake, NoResolver{}));
  REQUIRE(intake.kept.size() == 11);
  for (std::size_t i = 0; i < 11; ++i) CHECK(intake.kept[i].value == static_cast<double>(i));
}

TEST_CASE("an empty batch does not call the intake") {
  SampleBatch batch;
  testing::RecordingIntake intake;
  CHECK(batch.hand_over(intake, NoResolver{}));
  CHECK(intake.calls == 0);
}

}  // namespace
}  // namespace tocsin::statsd
