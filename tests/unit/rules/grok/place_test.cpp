#include "src/rules/grok/place.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

TEST_CASE("a place moves by characters and by lines") {
  const Place place{"patterns", 3, 5};
  CHECK(place.text() == "patterns:3:5");
  CHECK(place.after("ab").text() == "patterns:3:7");
  CHECK(place.after("\xC3\xA9").text() == "patterns:3:6");
  CHECK(place.after("ab\ncd").text() == "patterns:4:3");
}

}  // namespace
}  // namespace tocsin::rules::grok
