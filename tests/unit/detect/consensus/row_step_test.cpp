#include "src/detect/consensus/row_step.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect::consensus {
namespace {

TEST_CASE("the step is known from the 32nd row on") {
  RowStep step;
  for (int i = 0; i < 31; ++i) step.add(1.7e9 + 300 * i);
  CHECK_FALSE(step.known());
  CHECK(step.step_s() == 0);
  step.add(1.7e9 + 300 * 31);
  CHECK(step.known());
  CHECK(step.step_s() == 300);
}

TEST_CASE("a gap and jitter among the first rows do not move it") {
  RowStep step;
  for (int i = 0; i < 32; ++i) step.add(60 * i + (i > 10 ? 86400 : 0) + (i % 2 == 0 ? 0.5 : 0));
  CHECK(step.step_s() == doctest::Approx(60).epsilon(0.01));
}

TEST_CASE("once known it stays") {
  RowStep step;
  for (int i = 0; i < 32; ++i) step.add(10 * i);
  for (int i = 0; i < 100; ++i) step.add(1000 + 60 * i);
  CHECK(step.step_s() == 10);
}

}  // namespace
}  // namespace tocsin::detect::consensus
