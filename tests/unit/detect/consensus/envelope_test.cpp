#include "src/detect/consensus/envelope.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect::consensus {
namespace {

TEST_CASE("a broken record counts in tenths of the range it breaks") {
  Envelope envelope;
  for (const float value : {0.0F, 10.0F, 5.0F}) envelope.take(value, 5);
  CHECK(envelope.judge(5, 3, 0) == 0);
  CHECK(envelope.judge(12, 3, 0) == doctest::Approx(2).epsilon(0.01));
  CHECK(envelope.judge(-2, 3, 0) == doctest::Approx(2).epsilon(0.01));
  CHECK(envelope.judge(12, 3, 1) == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("an envelope is silent until it has seen enough") {
  Envelope envelope;
  envelope.take(0, 0);
  envelope.take(1, 0);
  CHECK(envelope.judge(100, 3, 1) == 0);
  envelope.take(1, 0);
  CHECK(envelope.judge(100, 3, 1) > 0);
}

TEST_CASE("records fade towards the centre") {
  Envelope envelope;
  envelope.take(-100, 0);
  envelope.take(100, 0);
  for (int i = 0; i < 20000; ++i) envelope.take(0, 0);
  CHECK(envelope.high() == doctest::Approx(36.8).epsilon(0.01));
  CHECK(envelope.low() == doctest::Approx(-36.8).epsilon(0.01));
}

TEST_CASE("in a range of nothing only the tolerance measures, and equality is no record") {
  CHECK(exceedance(3, 3, 3, 0.5F) == 0);
  CHECK(exceedance(4, 3, 3, 0.5F) == doctest::Approx(2));
}

}  // namespace
}  // namespace tocsin::detect::consensus
