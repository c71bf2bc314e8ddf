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

TEST_CASE("a line is viewed where it stands unless it has to be repaired") {
  Subject subject;
  const std::string good = "a\xC3\xA9";
  subject.view(good);
  CHECK(subject.text().data() == good.data());
  const std::string bad = "a\xFF";
  subject.view(bad);
  CHECK(subject.text() == "a\xEF\xBF\xBD");
  subject.view(good);
  CHECK(subject.text() == good);
  std::string gone = "abc";
  subject.assign(gone);
  gone = "xyz";
  CHECK(subject.text() == "abc");
}

TEST_CASE("bytes of no character are replaced one by one") {
  Subject subject;
  subject.assign("a\xFF\xC3\xA9\xE2\x82z");
  CHECK(subject.text() == "a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBDz");
  CHECK_FALSE(subject.is_ascii());
}

}  // namespace
}  // namespace tocsin::rules::grok
