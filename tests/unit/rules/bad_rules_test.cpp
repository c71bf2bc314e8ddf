#include <doctest/doctest.h>

#include "src/rules/load.hpp"
#include "tests/unit/rules/vocabulary.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::rules {
namespace {

TEST_CASE("each broken rule file gives its one error at its place") {
  const auto files = tests::bad_files(TOCSIN_TEST_DATA "/bad_rules");
  REQUIRE(files.size() >= 100);
  for (const tests::BadFile& file : files) {
    CAPTURE(file.name);
    REQUIRE_FALSE(file.complaint.empty());
    const RuleFile rule_file{file.name, file.text};
    const auto loaded = parse_rules({&rule_file, 1}, tests::vocabulary());
    CHECK_FALSE(loaded);
    CHECK(loaded.errors.size() == 1);
    if (loaded.errors.empty()) continue;
    const Error& error = loaded.errors.front();
    CHECK(error.where == file.name + ':' + file.position);
    CHECK_MESSAGE(error.text.find(file.complaint) != std::string::npos, error.text);
  }
}

}  // namespace
}  // namespace tocsin::rules
