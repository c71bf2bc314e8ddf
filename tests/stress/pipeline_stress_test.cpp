// Two ingest threads, two shards, small batches and lanes that are often full: every record arrives
// exactly once at one shard, under ThreadSanitizer too.
#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "src/event/compact_form.hpp"
#include "src/pipeline/router.hpp"
#include "src/pipeline/shard_loop.hpp"

namespace tocsin::pipeline {
namespace {

using std::chrono::seconds;

class PlainResolver final : public IdentityResolver {
 public:
  Result<Identity> resolve(const RawSample& sample) const override {
    Identity identity;
    identity.service = std::string(sample.name);
    return identity;
  }
  std::uint64_t seed() const noexcept override { return 0; }
};

class Summing final : public ShardConsumer {
 public:
  void batch(std::size_t lane, const Batch& batch) override {
    std::size_t at = 0;
    for (const Batch::Definition& definition : batch.definitions) {
      const auto identity = event::parse_identity(
          std::string_view(batch.definition_bytes).substr(at, definition.length));
      at += definition.length;
      names[lane][definition.wire] = identity->service;
    }
    for (const Sample& sample : batch.samples) sums[names[lane].at(sample.wire)] += sample.value;
    for (const std::uint32_t n : batch.records) records += n;
  }
  void tick(TimePoint now) override {
    REQUIRE(now >= last);
    last = now;
    ++ticks;
  }
  bool work() override { return false; }
  void finish() override { finished = true; }

  std::map<std::size_t, std::map<WireId, std::string>> names;
  std::map<std::string, double> sums;
  TimePoint last{};
  std::uint64_t records = 0;
  int ticks = 0;
  bool finished = false;
};

TEST_CASE("two ingest threads and two shards account for every record") {
  constexpr int kIngest = 2;
  constexpr int kShards = 2;
  constexpr int kNames = 500;
  constexpr int kRounds = 400;
  std::vector<Doorbell> bells(kShards);
  std::vector<std::unique_ptr<Lane>> lanes;  // [ingest][shard]
  for (int i = 0; i < kIngest; ++i) {
    for (int s = 0; s < kShards; ++s) lanes.push_back(std::make_unique<Lane>(4, 32, bells[s]));
  }
  std::vector<Summing> sinks(kShards);
  std::vector<std::unique_ptr<ShardLoop>> loops;
  for (int s = 0; s < kShards; ++s) {
    loops.push_back(std::make_unique<ShardLoop>(
        std::vector<Lane*>{lanes[s].get(), lanes[kShards + s].get()}, bells[s], sinks[s]));
  }

  std::vector<std::thread> threads;
  for (auto& loop : loops) threads.emplace_back([&loop] { loop->run(); });
  std::atomic<std::uint64_t> sent{0};
  for (int i = 0; i < kIngest; ++i) {
    threads.emplace_back([&, i] {
      Router router(
          {lanes[i * kShards].get(), lanes[i * kShards + 1].get()},
          {.hash_seed = 9, .max_spellings = 400, .batch_samples = 32, .rotation = seconds(3)});
      PlainResolver resolver;
      for (int round = 0; round < kRounds; ++round) {
        std::vector<std::string> names;
        for (int n = 0; n < 40; ++n)
          names.push_back("n" + std::to_string((round * 7 + n) % kNames));
        std::vector<RawSample> samples(names.size());
        for (std::size_t n = 0; n < names.size(); ++n) {
          samples[n].name = names[n];
          samples[n].value = 1;
        }
        std::span<const RawSample> rest = samples;
        while (!rest.empty()) {
          rest = rest.subspan(router.intake(0).samples(rest, resolver));
          if (!rest.empty()) std::this_thread::yield();
        }
        sent += samples.size();
        if (round % 10 == 0) {
          while (!router.tick(TimePoint(seconds(1 + round / 10)))) std::this_thread::yield();
        }
      }
      while (!router.close()) std::this_thread::yield();
    });
  }
  for (std::thread& thread : threads) thread.join();

  std::uint64_t records = 0;
  double total = 0;
  for (const Summing& sink : sinks) {
    CHECK(sink.finished);
    CHECK(sink.ticks > 0);
    records += sink.records;
    for (const auto& [name, sum] : sink.sums) total += sum;
  }
  CHECK(sent == static_cast<std::uint64_t>(kIngest) * kRounds * 40);
  CHECK(records == sent);
  CHECK(total == static_cast<double>(sent));
}

}  // namespace
}  // namespace tocsin::pipeline
