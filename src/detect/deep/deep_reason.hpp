// What the deep detector has found, in a sentence or three for people.
// Output:  "value 412; 22 of 30 memories have not seen this course of the last 4 h (steps 15..45
//          min, raw and against the hour of day). Nearest known course (seen 41 times, last 3 d
//          ago) matches 61 %, needed 78 %; differs most now: 412, known 120..180. First since 9 d."
// Cost:    allocates; made on alarms.
#pragma once

#include <cstddef>
#include <string>

#include "src/detect/deep/resonance_memory.hpp"

namespace tocsin::detect {

struct DeepFinding {
  double value = 0;
  std::size_t ready = 0;  // memories; 0: still learning
  std::size_t novel = 0;  // of them, to how many the course is new; 0: nothing more below counts
  bool raw = false;       // some of them look at the values
  bool hourly = false;    // some of them at what is left without the hour of day
  double course_s = 0;    // how long a course of a middling memory is
  double shortest_step_s = 0;
  double longest_step_s = 0;
  Novelty novelty;              // as the memory has it that finds the course most novel
  bool novelty_hourly = false;  // its values are distances from the hour of day
  double step_s = 0;            // of that memory
  double since_alarm_s = 0;     // since the alarm before; 0: there was none
};

[[nodiscard]] std::string reason_of(const DeepFinding& finding);

}  // namespace tocsin::detect
