#include "src/rules/grok/engine/byte_frequency.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok::engine {
namespace {

TEST_CASE("what is frequent in log lines counts for more") {
  CHECK(frequency_of(' ') > frequency_of('e'));
  CHECK(frequency_of('e') > frequency_of('q'));
  CHECK(frequency_of('q') > frequency_of('Q'));
  CHECK(frequency_of('Q') > frequency_of('\x01'));
}

TEST_CASE("all bytes of a line together are a thousand of a thousand, about") {
  unsigned sum = 0;
  for (int byte = ' '; byte < 0x7F; ++byte) sum += frequency_of(static_cast<char>(byte));
  CHECK(sum > 900);
  CHECK(sum < 1300);
}

TEST_CASE("longer literals are rarer") {
  CHECK(expected_count("] \"") < expected_count("] "));
  CHECK(expected_count("] ") < expected_count(" "));
}

TEST_CASE("the rarest byte of a literal is known by its place") {
  CHECK(rarest_byte(" [x") == 1);
  CHECK(rarest_byte("e") == 0);
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
