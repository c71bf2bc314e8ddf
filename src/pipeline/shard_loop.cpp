#include "src/pipeline/shard_loop.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::pipeline {
namespace {

// Batches taken from one lane before the others get their turn.
constexpr int kBurst = 4;

}  // namespace

ShardLoop::ShardLoop(const std::vector<Lane*>& lanes, Doorbell& bell, ShardConsumer& consumer)
    : bell_(&bell), consumer_(&consumer), open_lanes_(lanes.size()) {
  for (Lane* lane : lanes) inputs_.push_back({lane});
}

void ShardLoop::run() {
  while (!ended()) {
    const std::uint32_t heard = bell_->heard();
    if (!poll() && !ended()) bell_->wait(heard);
  }
}

bool ShardLoop::poll() {
  bool busy = run_tasks();
  busy |= take_batches();
  if (ended()) return busy;
  // Put-off work in small pieces, so that the lanes are never left alone for long.
  busy |= consumer_->work();
  return busy;
}

bool ShardLoop::take_batches() {
  bool any = false;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[i];
    for (int n = 0; n < kBurst && !input.ended && input.tick <= now_; ++n) {
      Batch* batch = input.lane->receive();
      if (batch == nullptr) break;
      any = true;
      consumer_->batch(i, *batch);
      input.tick = std::max(input.tick, batch->tick);
      if (batch->last) {
        input.ended = true;
        --open_lanes_;
      }
      input.lane->give_back(batch);
    }
  }
  if (any) advance();
  return any;
}

void ShardLoop::advance() {
  TimePoint slowest = TimePoint::max();
  for (const Input& input : inputs_) {
    if (!input.ended) slowest = std::min(slowest, input.tick);
  }
  if (open_lanes_ == 0) {
    refuse_tasks();  // whoever waits for one shall not wait for the last work too
    for (const Input& input : inputs_) {
      if (input.tick > now_) now_ = input.tick;
    }
    consumer_->tick(now_);
    consumer_->finish();
  } else if (slowest > now_) {
    now_ = slowest;
    consumer_->tick(now_);
  }
}

bool ShardLoop::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (!accepting_) return false;
    tasks_.push_back(std::move(task));
    has_tasks_.store(true, std::memory_order_release);  // pairs with the load in run_tasks
  }
  bell_->ring();
  return true;
}

bool ShardLoop::run_tasks() {
  if (!has_tasks_.load(std::memory_order_acquire)) return false;
  std::vector<std::function<void()>> ready;
  {
    const std::lock_guard lock(mutex_);
    ready.swap(tasks_);
    has_tasks_.store(false, std::memory_order_relaxed);
  }
  for (const std::function<void()>& task : ready) task();
  return !ready.empty();
}

void ShardLoop::refuse_tasks() {
  std::vector<std::function<void()>> left;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  accepting_ = false;
  left.swap(tasks_);
}

}  // namespace tocsin::pipeline
