// Rules under test: what they may refer to (all detectors, no variables, windows of ten
// seconds), and how they are read.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "src/rules/load.hpp"
#include "tests/unit/settings/bad_files.hpp"

namespace tocsin::tests {

inline rules::Vocabulary vocabulary() {
  return {empty_environment,
          {"first_hour_average", "mean_subtraction_cumulation", "stddev_from_average",
           "stddev_from_moving_average", "least_squares", "grubbs", "histogram_bins",
           "median_absolute_deviation", "ks_test"},
          6,
          std::chrono::seconds(10),
          {"consensus", "deep"}};
}

// The rules of one file that has no errors. Patterns are looked for beside `path`.
inline rules::RuleSetPtr parsed_rules(const std::string& text, const std::string& path = "r.yaml") {
  const rules::RuleFile file{path, text};
  const auto loaded = rules::parse_rules({&file, 1}, vocabulary());
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded);
  return *loaded.value;
}

}  // namespace tocsin::tests
