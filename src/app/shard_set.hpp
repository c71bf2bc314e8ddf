// All shards of the daemon, and the way to ask them something from outside.
// Threads: made, started and joined by the main thread; the rest from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "src/app/shard_stage.hpp"
#include "src/pipeline/doorbell.hpp"
#include "src/pipeline/lane.hpp"
#include "src/pipeline/shard_loop.hpp"
#include "src/query/predicate.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

class ShardSet {
 public:
  struct Options {
    std::size_t shards = 1;
    std::size_t ingest_threads = 1;
    std::size_t batches = 256;  // per ingest thread, shared out over its lanes
    std::size_t batch_samples = 1024;
    ShardOptions stage;  // for all shards together: limits are divided among them
  };

  // `outputs` makes the outputs of one shard.
  ShardSet(const Options& options, const CompiledRulesPtr& rules,
           const std::function<ShardOutputs(std::size_t shard)>& outputs);
  ShardSet(const ShardSet&) = delete;
  ShardSet& operator=(const ShardSet&) = delete;
  ~ShardSet();

  void start();
  // After every ingest thread has sent its last batch.
  void join();

  [[nodiscard]] std::size_t size() const noexcept { return shards_.size(); }
  // The lanes of one ingest thread, in shard order.
  [[nodiscard]] std::vector<pipeline::Lane*> lanes_of(std::size_t ingest_thread);
  [[nodiscard]] const ShardStage& stage(std::size_t shard) const { return *shards_[shard]->stage; }
  [[nodiscard]] const pipeline::Lane& lane(std::size_t ingest_thread, std::size_t shard) const {
    return *lanes_[ingest_thread * shards_.size() + shard];
  }

  void adopt(const CompiledRulesPtr& rules);
  void adopt(const FeedbackBySeriesPtr& feedback);

  // Events of the index that match, from all shards, at most `limit`. Looks at a few thousand
  // series at a time, so that samples keep flowing. kUnavailable: a shard did not answer in time,
  // or at once when it is stopping.
  [[nodiscard]] Result<std::vector<Event>> query(const query::Predicate& predicate,
                                                 std::size_t limit);
  // The watches that feedback with this selection would be about; otherwise as query().
  [[nodiscard]] Result<std::vector<FeedbackSubject>> subjects(const FeedbackSelection& selection,
                                                              std::size_t limit);
  // Runs `task` on every shard's thread, one after the other, and waits for each. Errors as above.
  [[nodiscard]] Result<void> on_each(const std::function<void(ShardStage&)>& task);

 private:
  struct Shard {
    pipeline::Doorbell bell;
    std::unique_ptr<ShardStage> stage;
    std::unique_ptr<pipeline::ShardLoop> loop;
    std::thread thread;
  };

  // Looks at a few thousand series at a time: `look` does so from a series on, adds to what was found
  // up to `limit`, and returns where to go on, or 0.
  template <class T>
  using Look = std::function<series::SeriesIndex(const ShardStage&, series::SeriesIndex from,
                                                 std::size_t limit, std::vector<T>& found)>;
  template <class T>
  [[nodiscard]] Result<std::vector<T>> ask_all(const Look<T>& look, std::size_t limit);

  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::unique_ptr<pipeline::Lane>> lanes_;  // [ingest thread][shard]
};

}  // namespace tocsin::app
