#include "src/rules/grok/subject.hpp"

#include <doctest/doctest.h>

namespace tocsin::rules::grok {
namespace {

TEST_CASE("ASCII is told from the rest at any length") {
  Subject subject;
  for (std::size_t size = 0; size < 20; ++size) {
    const std::string text(size, 'a');
    subject.assign(text);
    CHECK(subject.is_ascii());
    CHECK(subject.text() == text);
    subject.assign(text + "\xC3\xA9");
    CHECK_FALSE(subject.is_ascii());
    CHECK(subject.text() == text + "\xC3\xA9");
  }
}

TEST_CASE("bytes of no character are replaced one by one") {
  Subject subject;
  subject.assign("a\xFF\xC3\xA9\xE2\x82z");
  CHECK(subject.text() == "a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBDz");
  CHECK_FALSE(subject.is_ascii());
}

}  // namespace
}  // namespace tocsin::rules::grok
