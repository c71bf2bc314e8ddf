#include "src/base/counter.hpp"

#include <doctest/doctest.h>

#include <thread>

namespace tocsin::base {
namespace {

TEST_CASE("a counter adds, and can be set as a level") {
  Counter counter;
  CHECK(counter.get() == 0);
  counter.add(3);
  counter.add(4);
  CHECK(counter.get() == 7);
  counter.set(2);
  CHECK(counter.get() == 2);
}

TEST_CASE("a reader on another thread never sees a counter fall") {
  Counter counter;
  constexpr std::uint64_t kEnd = 100'000;
  std::thread writer([&] {
    for (std::uint64_t i = 0; i < kEnd; ++i) counter.add(1);
  });
  std::uint64_t last = 0;
  bool fell = false;
  while (last < kEnd) {
    const std::uint64_t now = counter.get();
    fell = fell || now < last;
    last = now;
  }
  writer.join();
  CHECK_FALSE(fell);
  CHECK(counter.get() == kEnd);
}

}  // namespace
}  // namespace tocsin::base
