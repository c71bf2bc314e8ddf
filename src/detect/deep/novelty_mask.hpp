// Which novelties of a memory ring: the first of a spell, and those that are much worse.
// Idea:    novelties come in runs. So a novelty is silent within twelve steps of the last alarm,
//          and after any other until twelve steps in a row were familiar; unless its similarity
//          falls far below that of the last alarm. A change of vigilance masks nothing: with one
//          every thirty steps, twelve silent ones after each would leave a memory blind for much
//          of its time.
#pragma once

#include <cstdint>

#include "src/detect/deep/pace.hpp"

namespace tocsin::detect {

class NoveltyMask {
 public:
  // Once a step: whether it rings.
  bool observe(bool novel, float similarity);

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.count(self.since_alarm_, kSettleSteps + 1);
    state.count(self.quiet_, kSettleSteps);
    state.number(self.alarm_similarity_, 0.0F, 1.0F);
  }

 private:
  std::uint8_t since_alarm_ = kSettleSteps + 1;  // stays there
  std::uint8_t quiet_ = kSettleSteps;            // familiar steps in a row; stays there
  float alarm_similarity_ = 1;                   // of the last alarm
};

}  // namespace tocsin::detect
