#include "src/base/prefetch.hpp"

#include <doctest/doctest.h>

namespace tocsin::base {
namespace {

TEST_CASE("what is not mapped may be fetched, and nothing is changed by it") {
  prefetch(nullptr, 3 * kCacheLine);
  char byte = 7;
  prefetch(&byte, sizeof byte);
  CHECK(byte == 7);
}

}  // namespace
}  // namespace tocsin::base
