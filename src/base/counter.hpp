// Counter: a number that one thread writes and any thread may read.
// Threads: one writer. Readers see some recent value; counters are not ordered against each other
//          or against anything else.
// Cost:    add() is a plain load, add and store: no locked instruction.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace tocsin::base {

// Words of two writers never share a line of this many bytes.
inline constexpr std::size_t kCacheLine = 64;

class Counter {
 public:
  // Writer only.
  void add(std::uint64_t amount) noexcept {
    // Relaxed: nothing else is published through a counter; a lone writer needs no
    // read-modify-write.
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }

  // Any thread.
  [[nodiscard]] std::uint64_t get() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace tocsin::base
