#include "ingest/listen/loop.hpp"

#include <doctest/doctest.h>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

TEST_CASE("posted calls run on the loop's thread, in order") {
  LoopThread thread;
  std::vector<int> order;
  for (int i = 0; i < 5; ++i) thread.loop.post([&order, i] { order.push_back(i); });
  std::thread::id ran_on;
  thread.start();
  thread.on_loop([&] { ran_on = std::this_thread::get_id(); });
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(ran_on != std::this_thread::get_id());
}

TEST_CASE("a beat repeats, and a call that comes late is not made up for") {
  Loop loop;
  int calls = 0;
  loop.every(5ms, [&] {
    ++calls;
    if (calls == 1) std::this_thread::sleep_for(27ms);  // misses at least four beats
    if (calls == 3) loop.stop();
  });
  const auto start = std::chrono::steady_clock::now();
  loop.run();
  CHECK(calls == 3);
  CHECK(std::chrono::steady_clock::now() - start >= 35ms);
}

TEST_CASE("a stop before the run ends the run at once") {
  Loop loop;
  bool ran = false;
  loop.post([&] { ran = true; });
  loop.stop();
  loop.run();
  CHECK_FALSE(ran);
}

}  // namespace
}  // namespace tocsin::listen
