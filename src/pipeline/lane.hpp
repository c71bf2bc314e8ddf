// The way from one ingest thread to one shard: a ring of full batches there, a ring of empty ones
// back. The batches are made once; a lane without an empty batch is full.
// Threads: take() and send() belong to the ingest thread, receive() and give_back() to the shard.
#pragma once

#include <atomic>
#include <cassert>
#include <cstddef>
#include <memory>
#include <vector>

#include "src/pipeline/batch.hpp"
#include "src/pipeline/doorbell.hpp"
#include "src/pipeline/spsc_ring.hpp"

namespace tocsin::pipeline {

class Lane {
 public:
  // `bell` is rung when a batch was sent; it must outlive the lane.
  Lane(std::size_t batches, std::size_t batch_samples, Doorbell& bell)
      : full_(batches), empty_(batches), bell_(&bell) {
    rested_.reserve(batches);
    for (std::size_t i = 0; i < batches; ++i) {
      owned_.push_back(std::make_unique<Batch>(batch_samples));
      (void)empty_.try_push(owned_.back().get());
    }
  }

  // Ingest thread. Null when every batch is under way: the lane is full.
  [[nodiscard]] Batch* take() noexcept {
    // The one that came back last is the one still in the caches: used in turn, all batches of a
    // lane together would push each other out, and every sample would be written to cold memory.
    Batch* batch = nullptr;
    while (empty_.try_pop(batch)) rested_.push_back(batch);
    if (rested_.empty()) return nullptr;
    batch = rested_.back();
    rested_.pop_back();
    return batch;
  }
  // Ingest thread. Never refuses: the ring has room for every batch there is.
  void send(Batch* batch) noexcept {
    [[maybe_unused]] const bool sent = full_.try_push(batch);
    assert(sent);
    bell_->ring();
  }

  // Shard thread. Null when there is nothing.
  [[nodiscard]] Batch* receive() noexcept {
    Batch* batch = nullptr;
    (void)full_.try_pop(batch);
    return batch;
  }
  // Shard thread.
  void give_back(Batch* batch) noexcept {
    batch->clear();
    (void)empty_.try_push(batch);
  }

  // Shard thread: some of the numbers in use mean nothing any more; all should be defined again.
  void ask_to_define_again() noexcept { define_again_.store(true, std::memory_order_release); }
  // Ingest thread. True: that was asked since the last call. Acquire pairs with the release above.
  [[nodiscard]] bool take_define_again() noexcept {
    return define_again_.load(std::memory_order_relaxed) &&
           define_again_.exchange(false, std::memory_order_acquire);
  }

  // Any thread: batches on the way, for metrics.
  [[nodiscard]] std::size_t depth_guess() const noexcept { return full_.size_guess(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return owned_.size(); }

 private:
  std::vector<std::unique_ptr<Batch>> owned_;  // fixed after construction
  SpscRing<Batch*> full_;
  SpscRing<Batch*> empty_;
  std::vector<Batch*> rested_;  // the ingest thread's own: came back and not in use
  std::atomic<bool> define_again_{false};
  Doorbell* bell_;
};

}  // namespace tocsin::pipeline
