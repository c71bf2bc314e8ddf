#include "src/detect/deep/track.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "src/detect/deep/pace.hpp"

namespace tocsin::detect {
namespace {

TEST_CASE("a track is ready after sixty of its steps and gives its warm-up back") {
  Track track;
  track.begin(900, 300, WarmUp::kGuarded);
  CHECK(track.heap_bytes() == kWarmUpSteps * sizeof(double));
  for (std::uint32_t i = 0; i < 3 * kWarmUpSteps; ++i) {
    CHECK_FALSE(track.ready());
    track.add({300.0 * i, 5 + std::sin(i)});
  }
  CHECK(track.ready());
  CHECK(track.heap_bytes() == 0);
}

TEST_CASE("each memory says when it last rang") {
  Track track;
  track.begin(900, 300, WarmUp::kGuarded);
  const auto value = [](int i) { return 100 + 40 * std::sin(i * 6.2831853 / 72); };
  int i = 0;
  for (; i < 2000; ++i) track.add({300.0 * i, value(i)});
  const double before_s = 300.0 * i;
  for (const double rang_s : track.rang_s()) CHECK(rang_s < before_s);
  for (int k = 0; k < 3; ++k, ++i) track.add({300.0 * i, value(i) + 300});
  for (const double rang_s : track.rang_s()) CHECK(rang_s >= before_s);
}

}  // namespace
}  // namespace tocsin::detect
