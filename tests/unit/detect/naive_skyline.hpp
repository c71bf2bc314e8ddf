// The nine rules once more, slow and in long double, straight from their definitions: an
// independent oracle. Shares no code with src/detect.
#pragma once

#include <string_view>

#include "tocsin/detector.hpp"

namespace tocsin::detect::test {

struct NaiveVote {
  bool fired = false;
  bool abstained = false;
  // The comparison is decided by less than a relative 1e-9: rounding may answer either way.
  bool in_doubt = false;
};

NaiveVote naive_vote(std::string_view detector, const Window& window);

}  // namespace tocsin::detect::test
