#include "src/detect/deep/deep_reason.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace tocsin::detect {

namespace {

void append_number(std::string& text, double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::general, 4);
  text.append(digits.data(), end.ptr);
}

void append_range(std::string& text, double low, double high) {
  append_number(text, low);
  text += "..";
  append_number(text, high);
}

struct Unit {
  double seconds;
  std::string_view name;
};

// The largest in which it is at least one and a half; seconds if there is none.
Unit unit_of(double seconds) {
  constexpr std::array<Unit, 3> kUnits{{{86400, " d"}, {3600, " h"}, {60, " min"}}};
  for (const Unit& unit : kUnits) {
    if (seconds >= 1.5 * unit.seconds) return unit;
  }
  return {1, " s"};
}

void append_duration(std::string& text, double seconds) {
  const Unit unit = unit_of(seconds);
  append_number(text, std::round(seconds / unit.seconds));
  text += unit.name;
}

void append_share(std::string& text, float share) {
  append_number(text, std::round(100 * static_cast<double>(share)));
  text += " %";
}

void append_nearest(std::string& text, const DeepFinding& finding) {
  const Novelty& novelty = finding.novelty;
  if (novelty.nearest_uses == 0) return;
  text += " Nearest known course (seen ";
  if (novelty.nearest_uses == CategoryMemory::kMostUses) text += "at least ";
  text += std::to_string(novelty.nearest_uses);
  text += novelty.nearest_uses == 1 ? " time, last " : " times, last ";
  append_duration(text, novelty.nearest_age_steps * finding.step_s);
  text += " ago) matches ";
  append_share(text, novelty.similarity);
  text += ", needed ";
  append_share(text, novelty.needed);
  text += "; differs most ";
  if (novelty.steps_ago == 0) {
    text += "now: ";
  } else {
    append_duration(text, novelty.steps_ago * finding.step_s);
    text += " ago: ";
  }
  append_number(text, novelty.value);
  text += ", known ";
  append_range(text, novelty.known_low, novelty.known_high);
  text += finding.novelty_hourly ? " off the hour of day." : ".";
}

}  // namespace

std::string reason_of(const DeepFinding& finding) {
  std::string text = "value ";
  append_number(text, finding.value);
  if (finding.ready == 0) return text + "; learning";
  text += "; ";
  text += std::to_string(finding.novel);
  text += " of ";
  text += std::to_string(finding.ready);
  text += finding.ready == 1 ? " memory has" : " memories have";
  text += " not seen this course of the last ";
  append_duration(text, finding.course_s);
  text += " (steps ";
  const Unit unit = unit_of(finding.shortest_step_s);
  append_range(text, finding.shortest_step_s / unit.seconds, finding.longest_step_s / unit.seconds);
  text += unit.name;
  if (finding.raw) text += ", raw";
  if (finding.hourly)
    text += finding.raw ? " and against the hour of day" : ", against the hour of day";
  text += ").";
  if (finding.novel == 0) return text;
  append_nearest(text, finding);
  if (finding.since_alarm_s > 0) {
    text += " First since ";
    append_duration(text, finding.since_alarm_s);
    text += '.';
  } else {
    text += " First of this series.";
  }
  return text;
}

}  // namespace tocsin::detect
