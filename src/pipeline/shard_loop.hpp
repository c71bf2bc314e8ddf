// The loop of a shard thread: takes batches from all ingest threads, keeps their ticks in step, and
// hands everything to one consumer, which owns the series.
//
// Ticks: each lane carries the ticks of its ingest thread. A lane that is ahead of the others is
// left alone until they have said the same tick, so that the consumer sees one time, and the same
// input gives the same output however many ingest threads there are.
//
// Threads: run() is the shard thread. post() may be called from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "src/pipeline/batch.hpp"
#include "src/pipeline/doorbell.hpp"
#include "src/pipeline/lane.hpp"

namespace tocsin::pipeline {

class ShardConsumer {
 public:
  virtual ~ShardConsumer() = default;
  // Everything of one batch except its tick. `lane` tells whose wire ids these are.
  virtual void batch(std::size_t lane, const Batch& batch) = 0;
  // Everything before `now` has been seen, from every lane.
  virtual void tick(TimePoint now) = 0;
  // A bounded piece of work that was put off (closing windows, votes). False: nothing is left.
  virtual bool work() = 0;
  // All lanes have ended: the last call.
  virtual void finish() = 0;
};

class ShardLoop {
 public:
  // The doorbell is the one that the lanes ring.
  ShardLoop(const std::vector<Lane*>& lanes, Doorbell& bell, ShardConsumer& consumer);

  // Until every lane has ended.
  void run();
  // What run() does between two sleeps: true when anything was done. For tests and virtual time.
  bool poll();
  [[nodiscard]] bool ended() const noexcept { return open_lanes_ == 0; }

  // Runs `task` on the shard thread, soon, or never when the lanes have ended: then it returns
  // false, or the task is destroyed unrun, before the last work of the consumer begins.
  // For questions and orders; not for data: this takes a lock.
  bool post(std::function<void()> task);

 private:
  struct Input {
    Lane* lane;
    TimePoint tick{};
    bool ended = false;
  };

  bool take_batches();
  void advance();
  bool run_tasks();
  void refuse_tasks();

  std::vector<Input> inputs_;
  Doorbell* bell_;
  ShardConsumer* consumer_;
  std::size_t open_lanes_;
  TimePoint now_{};  // the last tick that the consumer saw

  std::atomic<bool> has_tasks_{false};  // written under mutex_; read by run() without it
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;  // guarded by mutex_
  bool accepting_ = true;                     // guarded by mutex_
};

}  // namespace tocsin::pipeline
