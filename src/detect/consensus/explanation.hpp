// Says of a point, in one line for people, what was expected and which members object:
//   value 412, expected 120..180 (same hours of the last days 131..176); forecast 158 +- 9;
//   furthest out: its mean over 4 points; 1 in 40000 for this series; 9 of 18 checks agree;
//   by chance once in 35 weeks; first since 3 d 4 h
// A member of novelty objects when its records are broken, one of rarity from one in a hundred on.
#pragma once

#include <cstddef>
#include <string>

#include "src/detect/consensus/novelty.hpp"
#include "src/detect/consensus/rarity.hpp"

namespace tocsin::detect::consensus {

// How many members object, of eighteen.
[[nodiscard]] std::size_t count_objections(const Novelty& novelty, const Rarity& rarity);

struct Finding {
  double value = 0;
  double expected_low = 0;
  double expected_high = 0;
  double origin = 0;           // of the distances that the channels speak of
  double quiet_s = 0;          // before the incident; 0: it is the first, or there is none
  double chance_per_week = 0;  // of so much for so long; 0 or 1 and more: not worth a word
  double learning_s = 0;       // until the pattern of the day is known; 0: it is
};

[[nodiscard]] std::string explain(const Finding& finding, const Novelty& novelty,
                                  const Rarity& rarity);

}  // namespace tocsin::detect::consensus
