#include "tests/unit/query/allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

// Written by whoever allocates; relaxed: the test that reads it runs on the thread that it counts.
std::atomic<std::size_t> allocations{0};

}  // namespace

void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace tocsin::query::testing {

std::size_t allocation_count() noexcept {
  return allocations.load(std::memory_order_relaxed);
}

}  // namespace tocsin::query::testing
