#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include "src/detect/skyline.hpp"
#include "tests/unit/detect/even_series.hpp"

namespace tocsin::detect {
namespace {

using test::Evenly;
using test::fires;

TEST_CASE("grubbs sees rises and no drops") {
  std::vector<double> rise(500, 0);
  for (std::size_t i = 0; i < rise.size(); ++i) rise[i] = i % 2 == 0 ? 1 : -1;
  std::vector<double> drop = rise;
  for (std::size_t i = 497; i < 500; ++i) {
    rise[i] = 20;
    drop[i] = -20;
  }
  CHECK(fires(grubbs, Evenly(rise)));
  CHECK_FALSE(fires(grubbs, Evenly(drop)));
}

}  // namespace
}  // namespace tocsin::detect
