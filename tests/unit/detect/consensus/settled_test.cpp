#include "src/detect/consensus/settled.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect::consensus {
namespace {

TEST_CASE("what fades towards zero arrives there before it is denormal") {
  CHECK(settled(1e-31F) == 0);
  CHECK(settled(-1e-31F) == 0);
  CHECK(settled(1e-20F) == 1e-20F);
  CHECK(settled(-3.0F) == -3.0F);
}

}  // namespace
}  // namespace tocsin::detect::consensus
