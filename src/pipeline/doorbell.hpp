// Lets a consumer of lock-free rings sleep while there is nothing to do.
// Protocol: the consumer reads heard(), looks into all of its rings, and only if all are empty
// calls wait(heard). A producer pushes first and rings afterwards, so a push between look and wait
// changes the count and the wait returns at once. Threads: any number ring; one waits. Cost: ring()
// is one atomic add, and a futex call only while somebody sleeps.
#pragma once

#include <atomic>
#include <cstdint>

namespace tocsin::pipeline {

class Doorbell {
 public:
  void ring() noexcept {
    rings_.fetch_add(1, std::memory_order_release);  // pairs with heard() and wait()
    rings_.notify_one();
  }
  [[nodiscard]] std::uint32_t heard() const noexcept {
    return rings_.load(std::memory_order_acquire);
  }
  void wait(std::uint32_t heard) const noexcept { rings_.wait(heard, std::memory_order_acquire); }

 private:
  std::atomic<std::uint32_t> rings_{0};
};

}  // namespace tocsin::pipeline
