// A bounded queue from one thread to one other, without locks.
// Each side keeps a private copy of the other side's position and looks at the shared one only when
// the copy says "full" or "empty", so that a cache line changes hands once per lap, not per item.
// Threads: exactly one producer (try_push) and one consumer (try_pop, empty).
// Errors:  try_push refuses when full, try_pop when empty; what to do then is the caller's policy.
// Source:  Lamport 1983; cached positions as in Lee, Bu, Chandranmenon, "B-Queue", 2013.
#pragma once

#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

#include "src/base/counter.hpp"

namespace tocsin::pipeline {

using base::kCacheLine;

template <class T>
class SpscRing {
 public:
  // Room for at least `capacity` items; rounded up to a power of two.
  explicit SpscRing(std::size_t capacity)
      : slots_(std::bit_ceil(capacity < 2 ? std::size_t{2} : capacity)), mask_(slots_.size() - 1) {}
  SpscRing(const SpscRing&) = delete;
  SpscRing& operator=(const SpscRing&) = delete;

  [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }

  // Producer only. Moves from `item` only on success.
  [[nodiscard]] bool try_push(T& item) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - seen_head_ == slots_.size()) {
      seen_head_ = head_.load(std::memory_order_acquire);  // pairs with the release in try_pop
      if (tail - seen_head_ == slots_.size()) return false;
    }
    slots_[tail & mask_] = std::move(item);
    tail_.store(tail + 1, std::memory_order_release);  // publishes the slot to try_pop
    return true;
  }
  [[nodiscard]] bool try_push(T&& item) { return try_push(item); }

  // Consumer only.
  [[nodiscard]] bool try_pop(T& item) {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == seen_tail_) {
      seen_tail_ = tail_.load(std::memory_order_acquire);  // pairs with the release in try_push
      if (head == seen_tail_) return false;
    }
    item = std::move(slots_[head & mask_]);
    head_.store(head + 1, std::memory_order_release);  // gives the slot back to try_push
    return true;
  }

  // A guess for other threads (metrics); exact for neither side while the other works.
  [[nodiscard]] std::size_t size_guess() const noexcept {
    const std::size_t head = head_.load(std::memory_order_acquire);
    const std::size_t tail = tail_.load(std::memory_order_acquire);
    return tail >= head ? tail - head : 0;
  }

 private:
  // Fixed after construction.
  std::vector<T> slots_;
  std::size_t mask_;
  // Written by the consumer.
  alignas(kCacheLine) std::atomic<std::size_t> head_{0};
  std::size_t seen_tail_ = 0;
  // Written by the producer.
  alignas(kCacheLine) std::atomic<std::size_t> tail_{0};
  std::size_t seen_head_ = 0;
};

}  // namespace tocsin::pipeline
