// Proves that judging allocates nothing once its Scratch has grown. Replaces the allocation
// functions of this whole test binary.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <new>
#include <vector>

#include "src/detect/ensemble.hpp"

namespace {

std::size_t allocations = 0;  // the tests run on one thread

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace tocsin::detect {
namespace {

TEST_CASE("judging allocates nothing once the scratch has grown") {
  std::vector<double> times;
  std::vector<double> values;
  for (int i = 0; i < 8640; ++i) {
    times.push_back(1.7e9 + 10 * i);
    // A shift in the last ten minutes makes the rare path, the Dickey-Fuller test, run too.
    values.push_back(std::sin(i) + 0.1 * std::sin(i * i) + (i >= 8580 ? 5 : 0));
  }
  const Window window{times, values, times.back()};
  const Ensemble ensemble;
  Scratch scratch;
  const Verdict first = ensemble.judge(window, scratch);
  REQUIRE(first.votes[8].fired);

  const std::size_t before = allocations;
  const Verdict second = ensemble.judge(window, scratch);
  CHECK(allocations == before);
  CHECK(second.votes_true == first.votes_true);
}

}  // namespace
}  // namespace tocsin::detect
