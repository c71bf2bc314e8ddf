// Reads the parity fixture: series with the verdicts of the reference.
// Form: tests/data/skyline/README.md.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tocsin/detector.hpp"

namespace tocsin::detect::test {

struct ParityCase {
  std::string name;
  std::vector<double> times_s;
  std::vector<double> values;
  double now_s = 0;
  std::map<std::string, bool> verdicts;
  std::set<std::string> borderline;
  bool mad_abstains = false;
  std::size_t votes_true = 0;
  std::size_t votes_false = 0;
  bool anomalous = false;
  bool anomalous_as_run = false;
  std::string skip;  // empty: not skipped
  double adf_tau = kUndefined;
  double ks_distance = kUndefined;

  [[nodiscard]] Window window() const { return {times_s, values, now_s}; }
};

// Empty when there is no such file; throws on one that is not as expected.
std::vector<ParityCase> read_parity_cases(const std::string& path);

}  // namespace tocsin::detect::test
