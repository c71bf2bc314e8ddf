#include "src/detect/consensus/explanation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>

#include "src/base/duration_words.hpp"

namespace tocsin::detect::consensus {
namespace {

constexpr float kObjects = 2;  // surprise: one in a hundred

constexpr std::array<std::string_view, Novelty::kMembers> kAspects{
    "the value itself",
    "its mean over 2 points",
    "its mean over 4 points",
    "its mean over 8 points",
    "its mean over 16 points",
    "its mean over 32 points",
    "its mean over 64 points",
    "its step from point to point",
    "its distance from the mean of the hour",
    "the value at this time of day",
    "its mean over 4 points at this time of day",
    "its mean over 16 points at this time of day",
    "its change since yesterday",
    "its distance from yesterday",
};

// Four digits are what a range is good for; more where they are before the point.
void append_number(std::string& text, double value) {
  const int digits = std::abs(value) < 1000 ? 4 : 6;
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::general, digits)
                       .ptr;
  text.append(buffer.data(), end);
}

void append_range(std::string& text, double low, double high) {
  append_number(text, low);
  text += "..";
  append_number(text, high);
}

// One in 10^surprise, by its first two digits and never beyond what any history could tell.
void append_odds(std::string& text, double surprise) {
  const double whole = std::pow(10.0, std::min(surprise, 6.0));
  const double place = std::pow(10.0, std::floor(std::log10(whole)) - 1);
  text += std::to_string(std::llround(std::round(whole / place) * place));
}

// The two largest units: "3 d 4 h", "12 min 5 s", "40 s".
std::string in_words(double seconds) {
  return base::in_words(std::chrono::nanoseconds(std::llround(seconds * 1e9)));
}

// No history tells of more than a thousand.
void append_weeks(std::string& text, double weeks) {
  text += "; by chance ";
  text += weeks < 1000 ? "once in " + std::to_string(std::llround(weeks)) + " weeks"
                       : std::string("less than once in 1000 weeks");
}

}  // namespace

std::size_t count_objections(const Novelty& novelty, const Rarity& rarity) {
  const auto news = std::ranges::count_if(novelty.exceedances(), [](float e) { return e > 0; });
  const auto rare = std::ranges::count_if(rarity.surprises(), [](float s) { return s > kObjects; });
  return static_cast<std::size_t>(news + rare);
}

std::string explain(const Finding& finding, const Novelty& novelty, const Rarity& rarity) {
  std::string text = "value ";
  append_number(text, finding.value);
  text += ", expected ";
  append_range(text, finding.expected_low, finding.expected_high);
  if (const DaytimeEnvelopes::Range& range = novelty.same_hours(); range.known) {
    text += " (same hours of the last days ";
    append_range(text, finding.origin + static_cast<double>(range.low),
                 finding.origin + static_cast<double>(range.high));
    text += ')';
  }
  if (const Rarity::Forecast& forecast = rarity.forecast(); forecast.known) {
    text += "; forecast ";
    append_number(text, finding.origin + static_cast<double>(forecast.value));
    text += " +- ";
    append_number(text, 3 * static_cast<double>(forecast.deviation));
  }
  const auto furthest = std::ranges::max_element(novelty.exceedances());
  if (*furthest > 0) {
    text += "; furthest out: ";
    text += kAspects[static_cast<std::size_t>(furthest - novelty.exceedances().begin())];
  }
  if (rarity.joint_surprise() > kObjects) {
    text += "; 1 in ";
    append_odds(text, static_cast<double>(rarity.joint_surprise()));
    text += " for this series";
  }
  const std::size_t objections = count_objections(novelty, rarity);
  text += "; " + std::to_string(objections) + " of " +
          std::to_string(Novelty::kMembers + Rarity::kMembers);
  text += " checks agree";
  if (finding.chance_per_week > 0 && finding.chance_per_week < 1) {
    append_weeks(text, 1 / finding.chance_per_week);
  }
  if (finding.quiet_s > 0) {
    text += "; first since ";
    text += in_words(finding.quiet_s);
  }
  if (finding.learning_s > 0) {
    text += "; its day is being learned for another ";
    text += in_words(finding.learning_s);
  }
  return text;
}

}  // namespace tocsin::detect::consensus
