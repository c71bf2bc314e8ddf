#include "src/detect/consensus/sorted_window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

namespace tocsin::detect::consensus {
namespace {

// The quantile from a copy sorted each time.
float naive_quantile(const std::deque<float>& last, float share) {
  std::vector<float> sorted(last.begin(), last.end());
  std::sort(sorted.begin(), sorted.end());
  const float rank = share * static_cast<float>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - static_cast<float>(below)) * (sorted[above] - sorted[below]);
}

TEST_CASE("quantiles are those of the last 256, ties and all") {
  SortedWindow window;
  std::deque<float> last;
  std::mt19937 random(1);
  for (int i = 0; i < 3000; ++i) {
    const auto value = static_cast<float>(random() % 40) - 20;
    window.add(value);
    last.push_back(value);
    if (last.size() > SortedWindow::kCapacity) last.pop_front();
    REQUIRE(window.size() == last.size());
    for (const float share : {0.0F, 0.05F, 0.5F, 0.95F, 1.0F}) {
      REQUIRE(window.quantile(share) == naive_quantile(last, share));
    }
  }
}

TEST_CASE("an empty window has the quantile 0, one value is all of its quantiles") {
  SortedWindow window;
  CHECK(window.quantile(0.5F) == 0);
  window.add(7);
  CHECK(window.quantile(0) == 7);
  CHECK(window.quantile(0.95F) == 7);
}

TEST_CASE("ascending and descending values displace the oldest") {
  for (const float sign : {1.0F, -1.0F}) {
    SortedWindow window;
    for (int i = 0; i < 1000; ++i) window.add(sign * static_cast<float>(i));
    const float low = std::min(sign * 744, sign * 999);
    CHECK(window.full());
    CHECK(window.quantile(0) == low);
    CHECK(window.quantile(1) == low + 255);
  }
}

}  // namespace
}  // namespace tocsin::detect::consensus
