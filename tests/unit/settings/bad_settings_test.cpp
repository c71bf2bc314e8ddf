#include <doctest/doctest.h>

#include "src/settings/load.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::settings {
namespace {

TEST_CASE("each broken settings file gives its one error at its place") {
  const auto files = tests::bad_files(TOCSIN_TEST_DATA "/bad_settings");
  REQUIRE(files.size() >= 100);
  for (const tests::BadFile& file : files) {
    CAPTURE(file.name);
    REQUIRE_FALSE(file.complaint.empty());
    const auto loaded = parse_settings(file.text, file.name, tests::empty_environment);
    CHECK_FALSE(loaded);
    CHECK(loaded.errors.size() == 1);
    if (loaded.errors.empty()) continue;
    const Error& error = loaded.errors.front();
    CHECK(error.where == file.name + ':' + file.position);
    CHECK_MESSAGE(error.text.find(file.complaint) != std::string::npos, error.text);
  }
}

}  // namespace
}  // namespace tocsin::settings
