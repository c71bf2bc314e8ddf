// Shards, roll-up and publisher with their threads, fed by a router that the test drives.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "src/app/roll_up_stage.hpp"
#include "src/app/shard_set.hpp"
#include "src/pipeline/router.hpp"
#include "src/publish/publisher.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app::test {

class NameResolver final : public IdentityResolver {
 public:
  [[nodiscard]] Result<Identity> resolve(const RawSample& sample) const override {
    return identity(sample.kind, std::string(sample.name));
  }
  [[nodiscard]] std::uint64_t seed() const noexcept override { return 1; }
};

class LiveStages {
 public:
  explicit LiveStages(const std::string& yaml = "", std::size_t shard_count = 1,
                      std::size_t max_series = 1000) {
    auto opened = publish::Publisher::open(publish::EmbeddedOptions{}, {}, shard_count + 1, at(0));
    REQUIRE(opened);
    publisher = std::move(*opened);
    const CompiledRulesPtr rules = compiled(yaml);
    RollUpOptions roll_up_options;
    roll_up_options.shards = shard_count;
    const auto put = [this](std::size_t producer, publish::BatchPtr batch) {
      while (!publisher->put(producer, batch)) std::this_thread::yield();
    };
    auto made = RollUpStage::make(
        roll_up_options, rules,
        [put, shard_count](publish::BatchPtr batch) { put(shard_count, std::move(batch)); });
    REQUIRE(made);
    roll_up = std::move(*made);
    ShardSet::Options options;
    options.shards = shard_count;
    options.stage = small_options();
    options.stage.table.max_series = max_series;
    shards = std::make_unique<ShardSet>(options, rules, [this, put](std::size_t shard) {
      return ShardOutputs{
          [this, shard](ShardReportPtr report) { roll_up->report(shard, std::move(report)); },
          [put, shard](publish::BatchPtr batch) { put(shard, std::move(batch)); }};
    });
    router_ = std::make_unique<pipeline::Router>(shards->lanes_of(0), pipeline::RouterOptions{});
    roll_up_thread_ = std::thread([this] { roll_up->run(); });
    shards->start();
    tick(0);
  }
  ~LiveStages() { stop(); }
  LiveStages(const LiveStages&) = delete;
  LiveStages& operator=(const LiveStages&) = delete;

  void stop() {
    if (!roll_up_thread_.joinable()) return;
    while (!router_->close()) std::this_thread::yield();
    shards->join();
    roll_up_thread_.join();
    publisher->close(std::chrono::seconds(1));
  }

  void sample(SeriesKind kind, const std::string& name, SampleOp op, double value) {
    RawSample sample;
    sample.kind = kind;
    sample.name = name;
    sample.op = op;
    sample.value = value;
    while (router_->intake(0).samples({&sample, 1}, resolver_) == 0) std::this_thread::yield();
  }
  void count(const std::string& name, double value) {
    sample(SeriesKind::kCounter, name, SampleOp::kAdd, value);
  }
  void event(const std::string& service, const std::string& state,
             const std::string& description = {}) {
    EventView event;
    event.time = at(0);
    event.service = service;
    event.state = state;
    event.description = description;
    while (!router_->intake(0).event(event)) std::this_thread::yield();
  }
  // Returns when the roll-up has seen this time too, and so every stage everything before it.
  void tick(std::int64_t seconds) {
    router_->publish();
    while (!router_->tick(at(seconds))) std::this_thread::yield();
    while (roll_up->snapshot()->as_of < at(seconds)) std::this_thread::yield();
  }

  std::unique_ptr<publish::Publisher> publisher;
  std::unique_ptr<RollUpStage> roll_up;
  std::unique_ptr<ShardSet> shards;

 private:
  NameResolver resolver_;
  std::unique_ptr<pipeline::Router> router_;
  std::thread roll_up_thread_;
};

}  // namespace tocsin::app::test
