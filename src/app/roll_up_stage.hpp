// The roll-up thread: from what shards say of series to the health of services.
// Reports of the same tick are applied in the order of the shards, so that the outcome does not
// depend on which was faster.
// New rules come into force with the first report that speaks of them. What earlier rules knew of a
// group that is still the same goes on counting, so that a reload neither makes services unknown
// for a moment nor forgets a machine that is gone.
// Threads: run() and poll() are the roll-up thread; report() belongs to one shard each; snapshot()
//          and adopt() are safe from any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "src/app/compiled_rules.hpp"
#include "src/app/forwarding.hpp"
#include "src/app/messages.hpp"
#include "src/base/counter.hpp"
#include "src/pipeline/doorbell.hpp"
#include "src/pipeline/spsc_ring.hpp"
#include "src/publish/publisher.hpp"
#include "src/publish/records.hpp"
#include "src/service/tree.hpp"

namespace tocsin::app {

struct RollUpOptions {
  std::size_t shards = 1;
  std::string key_prefix = "tocsin:";
  publish::Retention retention;
  ForwardingOptions forwarding;
  // Called for each change of a service's rolled health, for the log.
  std::function<void(const service::Transition&)> on_transition;
};

class RollUpStage {
 public:
  // Errors are those of service::Tree::make. `results` takes what goes to the store, once a tick.
  [[nodiscard]] static Result<std::unique_ptr<RollUpStage>> make(
      const RollUpOptions& options, CompiledRulesPtr rules,
      std::function<void(publish::BatchPtr)> results);

  // The thread of shard `shard`. Waits while the roll-up thread is far behind.
  void report(std::size_t shard, ShardReportPtr report);

  // Until every shard has sent its last report.
  void run();
  // What run() does between two sleeps; true when anything was done.
  bool poll();
  [[nodiscard]] bool ended() const noexcept { return open_shards_ == 0; }

  // A new generation of rules; kSyntax and others when its services contradict each other.
  [[nodiscard]] Result<void> adopt(CompiledRulesPtr rules);

  [[nodiscard]] std::shared_ptr<const service::Snapshot> snapshot() const;
  // Readable from any thread.
  [[nodiscard]] std::uint64_t signals() const noexcept { return signals_.get(); }
  [[nodiscard]] std::uint64_t signals_refused() const noexcept { return signals_refused_.get(); }
  [[nodiscard]] std::uint64_t transitions() const noexcept { return transitions_.get(); }

 private:
  struct Input {
    explicit Input(std::size_t capacity) : ring(capacity) {}
    pipeline::SpscRing<ShardReportPtr> ring;
    TimePoint tick{};
    std::uint64_t generation = 0;  // of its last report
    bool ended = false;
  };
  struct Generation {
    std::uint64_t number;
    service::Tree tree;
  };

  RollUpStage(const RollUpOptions& options, Generation generation,
              std::function<void(publish::BatchPtr)> results);
  void take_next();
  [[nodiscard]] bool all_know_these_rules() const;
  void apply(ShardReport& report);
  void advance();
  void tick(TimePoint now);
  void put_health(publish::Batch& batch, const service::ServiceView& view, TimePoint now) const;

  const RollUpOptions options_;
  const std::function<void(publish::BatchPtr)> results_;
  const publish::RecordEncoder encoder_;
  const Forwarding forwarding_;
  pipeline::Doorbell bell_;
  std::vector<std::unique_ptr<Input>> inputs_;
  std::size_t open_shards_;
  Generation generation_;
  bool settled_ = true;  // whatever the tree inherited has been said again, or never will be
  TimePoint now_{};
  TimePoint refreshed_{};  // when all services were last written out, changed or not

  mutable std::mutex mutex_;
  std::shared_ptr<const service::Snapshot> snapshot_;  // guarded by mutex_
  std::unique_ptr<Generation> next_;                   // guarded by mutex_
  base::Counter signals_;                              // that shards sent, of the rules in force
  base::Counter signals_refused_;                      // by a limit of the tree
  base::Counter transitions_;
};

}  // namespace tocsin::app
