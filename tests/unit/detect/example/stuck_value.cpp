#include "tests/unit/detect/example/stuck_value.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tocsin::example {
namespace {

constexpr char kVersion = 1;

}  // namespace

Vote StuckValue::update(const Point& point) {
  if (state_.run > 0 && point.value == state_.value) {
    ++state_.run;
  } else {
    state_.longest = std::max(state_.longest, state_.run);
    state_.runs += state_.run > 0 && state_.runs < kFewestRuns;
    state_.value = point.value;
    state_.run = 1;
  }
  Vote vote;
  vote.statistic = state_.run;
  vote.threshold = 2.0 * state_.longest;
  vote.abstained = state_.runs < kFewestRuns;
  vote.fired = !vote.abstained && vote.statistic > vote.threshold;
  return vote;
}

std::string StuckValue::reason() const {
  return "the same value " + std::to_string(state_.run) + " times, never more than " +
         std::to_string(state_.longest) + " before";
}

void StuckValue::save(std::string& out) const {
  out += kVersion;
  out.append(reinterpret_cast<const char*>(&state_), sizeof state_);
}

Result<void> StuckValue::restore(std::string_view state) {
  *this = StuckValue();
  if (state.size() != 1 + sizeof state_ || state.front() != kVersion) {
    return Error{Errc::kSyntax, "", "no state of stuck_value, version 1"};
  }
  State read;
  std::memcpy(&read, state.data() + 1, sizeof read);
  if (!std::isfinite(read.value) || read.runs > kFewestRuns) {
    return Error{Errc::kRange, "", "a state that stuck_value cannot have had"};
  }
  state_ = read;
  return {};
}

}  // namespace tocsin::example
