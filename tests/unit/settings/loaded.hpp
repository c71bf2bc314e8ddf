// Settings under test: read from text that has no errors.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "src/settings/load.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::tests {

inline settings::Settings loaded(std::string_view text, const std::string& file = "t.yaml") {
  auto result = settings::parse_settings(text, file, empty_environment);
  for (const Error& error : result.errors) FAIL_CHECK(error.message());
  REQUIRE(result);
  return *std::move(result.value);
}

}  // namespace tocsin::tests
