#include "src/base/duration_words.hpp"

#include <doctest/doctest.h>

namespace tocsin::base {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a duration is said in its two largest units") {
  CHECK(in_words(0s) == "0 s");
  CHECK(in_words(59'999ms) == "59 s");
  CHECK(in_words(60s) == "1 min");
  CHECK(in_words(130s) == "2 min 10 s");
  CHECK(in_words(1h) == "1 h");
  CHECK(in_words(1h + 59s) == "1 h");
  CHECK(in_words(3 * 24h + 4h + 50min) == "3 d 4 h");
  CHECK(in_words(24h + 59min) == "1 d");
  CHECK(in_words(400 * 24h) == "400 d");
}

}  // namespace
}  // namespace tocsin::base
