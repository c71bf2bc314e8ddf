// `tocsin check`: whether settings and rules are right, without running anything.
// Exit status: 0 and one line on `out`, or 1 and every complaint on `err`, as
//          file:line:column: what was found, and what was expected.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::app {

struct CheckOptions {
  std::string config;              // empty: the defaults
  std::vector<std::string> rules;  // empty: those that the settings name
};

int run_check(const CheckOptions& options, std::ostream& out, std::ostream& err);

// "5m" and the like, for the command line.
[[nodiscard]] Result<std::chrono::milliseconds> parse_wait(std::string_view text);

}  // namespace tocsin::app
