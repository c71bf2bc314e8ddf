// Which novelties of a memory ring: the first of a spell, and those that are much worse.
// Idea:    novelties come in runs, and after a change of vigilance many are its doing. So a novelty
//          is silent within twelve steps of the last alarm, and after any novelty or change until
//          twelve steps in a row were familiar; unless its similarity falls far below that of the
//          last alarm.
#pragma once

#include <cstdint>

#include "src/detect/deep/pace.hpp"
#include "src/detect/deep/state_bytes.hpp"

namespace tocsin::detect {

class NoveltyMask {
 public:
  // Once a step: whether it rings.
  bool observe(bool novel, float similarity);
  // The vigilances were changed after the step observed last.
  void vigilance_changed();

  void save(StateWriter& out) const;
  void restore(StateReader& in);

 private:
  std::uint8_t since_alarm_ = kSettleSteps + 1;  // stays there
  std::uint8_t quiet_ = kSettleSteps;            // familiar steps in a row; stays there
  float alarm_similarity_ = 1;                   // of the last alarm
};

}  // namespace tocsin::detect
