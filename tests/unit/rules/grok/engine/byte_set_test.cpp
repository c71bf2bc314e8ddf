#include "src/rules/grok/engine/byte_set.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok::engine {
namespace {

TEST_CASE("ranges hold both of their ends") {
  const ByteSet digits = byte_range('0', '9');
  CHECK(digits.count() == 10);
  CHECK(digits['0']);
  CHECK(digits['9']);
  CHECK(ascii_bytes().count() == 128);
  CHECK_FALSE(ascii_bytes()[kEndOfText]);
}

TEST_CASE("word bytes are letters, digits and the underscore") {
  CHECK(word_bytes().count() == 63);
  CHECK(word_bytes()['_']);
  CHECK_FALSE(word_bytes()['-']);
}

TEST_CASE("a set is part of another when it holds nothing else") {
  CHECK(is_subset(byte_range('0', '9'), word_bytes()));
  CHECK_FALSE(is_subset(word_bytes(), byte_range('0', '9')));
  CHECK(is_subset({}, {}));
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
