#include "src/detect/consensus/value_scale.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect::consensus {
namespace {

TEST_CASE("an empty scale is one of tiny, positive measures") {
  const Scale scale = ValueScale().scale(0);
  CHECK(scale.median == 0);
  CHECK(scale.full == 0);
  CHECK(scale.least > 0);
  CHECK(scale.unit > 0);
  CHECK(scale.tolerance > 0);
}

TEST_CASE("the measures follow the quantiles and the extremes") {
  ValueScale values;
  for (int i = 0; i <= 100; ++i) values.add(static_cast<float>(i));
  const Scale scale = values.scale(0);
  CHECK(scale.median == doctest::Approx(50));
  CHECK(scale.spread == doctest::Approx(90));
  CHECK(scale.full == doctest::Approx(100).epsilon(0.01));
  CHECK(scale.least == doctest::Approx(0.05 + 0.9 + 0.2).epsilon(0.01));
  CHECK(scale.unit == doctest::Approx(45 + 0.1 + 0.05).epsilon(0.01));
  CHECK(scale.tolerance == doctest::Approx(9 + 1 + 0.05).epsilon(0.01));
}

TEST_CASE("the level counts with the origin that the values are distances from") {
  ValueScale values;
  for (int i = 0; i < 100; ++i) values.add(0);
  CHECK(values.scale(1000).least == doctest::Approx(1));
  CHECK(values.scale(-1000).least == doctest::Approx(1));
}

TEST_CASE("an extreme fades towards the median") {
  ValueScale values;
  for (int i = 0; i < 300; ++i) values.add(0);
  values.add(100);
  const float fresh = values.scale(0).full;
  for (int i = 0; i < 20000; ++i) values.add(0);
  CHECK(fresh == doctest::Approx(100).epsilon(0.001));
  CHECK(values.scale(0).full == doctest::Approx(100 * 0.3679).epsilon(0.01));
}

TEST_CASE("once full, the window takes every sixteenth row") {
  ValueScale values;
  for (int i = 0; i < 256; ++i) values.add(0);
  for (int i = 0; i < 256 * 8; ++i) values.add(10);  // half of the window
  CHECK(values.scale(0).median == doctest::Approx(5));
}

}  // namespace
}  // namespace tocsin::detect::consensus
