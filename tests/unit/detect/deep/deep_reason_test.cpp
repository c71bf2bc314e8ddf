#include "src/detect/deep/deep_reason.hpp"

#include <doctest/doctest.h>

namespace tocsin::detect {
namespace {

DeepFinding finding() {
  DeepFinding finding;
  finding.value = 412;
  finding.ready = 30;
  finding.novel = 22;
  finding.raw = true;
  finding.hourly = true;
  finding.course_s = 4 * 3600;
  finding.shortest_step_s = 15 * 60;
  finding.longest_step_s = 45 * 60;
  finding.step_s = 1800;
  finding.since_alarm_s = 9 * 86400;
  finding.novelty.similarity = 0.61F;
  finding.novelty.needed = 0.78F;
  finding.novelty.nearest_uses = 41;
  finding.novelty.nearest_age_steps = 144;
  finding.novelty.value = 412;
  finding.novelty.known_low = 120;
  finding.novelty.known_high = 180;
  return finding;
}

TEST_CASE("the reason says who saw what, and what was nearest") {
  CHECK(reason_of(finding()) ==
        "value 412; 22 of 30 memories have not seen this course of the last 4 h (steps 15..45 min, "
        "raw and against the hour of day). Nearest known course (seen 41 times, last 3 d ago) "
        "matches 61 %, needed 78 %; differs most now: 412, known 120..180. First since 9 d.");
}

TEST_CASE("the reason says only what is known") {
  DeepFinding some = finding();
  SUBCASE("more uses than are counted") {
    some.novelty.nearest_uses = CategoryMemory::kMostUses;
    CHECK(reason_of(some).find("(seen at least 1023 times, ") != std::string::npos);
  }
  SUBCASE("learning") {
    some.ready = 0;
    CHECK(reason_of(some) == "value 412; learning");
  }
  SUBCASE("nothing novel") {
    some.novel = 0;
    some.raw = false;
    some.hourly = false;
    CHECK(reason_of(some) ==
          "value 412; 0 of 30 memories have not seen this course of the last 4 h (steps 15..45 "
          "min).");
  }
  SUBCASE("against the hour of day, an earlier step, the first alarm") {
    some.raw = false;
    some.novelty_hourly = true;
    some.novelty.steps_ago = 2;
    some.novelty.nearest_uses = 1;
    some.since_alarm_s = 0;
    CHECK(reason_of(some) ==
          "value 412; 22 of 30 memories have not seen this course of the last 4 h (steps 15..45 "
          "min, against the hour of day). Nearest known course (seen 1 time, last 3 d ago) matches "
          "61 %, needed 78 %; differs most 60 min ago: 412, known 120..180 off the hour of day. "
          "First of this series.");
  }
}

}  // namespace
}  // namespace tocsin::detect
