// Proves that judging allocates nothing once its Scratch has grown.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "src/detect/ensemble.hpp"
#include "tests/support/counting_new.hpp"

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

  const std::uint64_t before = tocsin::testing::heap_allocations();
  const Verdict second = ensemble.judge(window, scratch);
  const std::uint64_t after = tocsin::testing::heap_allocations();
  CHECK(after == before);
  CHECK(second.votes_true == first.votes_true);
}

}  // namespace
}  // namespace tocsin::detect
