#include "src/app/feedback.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "src/app/timestamp.hpp"
#include "src/event/rfc3339.hpp"
#include "src/event/utf8.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/units.hpp"

namespace tocsin::app {
namespace {

// "YYYY-MM-DDTHH:MM:SSZ": the shortest time of RFC 3339, which always says its zone.
constexpr std::size_t kShortestTime = 20;
constexpr std::size_t kDateEnd = 10;
// The years 1684 and 2255: nanoseconds in 64 bits reach a little further.
constexpr double kTooFar_s = 9e9;

bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// "Z", "+01:00" or "-01:00" at the end.
bool says_zone(std::string_view text) noexcept {
  if (text.ends_with('Z')) return true;
  const char sign = text[text.size() - 6];
  return sign == '+' || sign == '-';
}

void append_number(double value, std::string& out) {
  char digits[40];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

}  // namespace

Result<FeedbackKind> parse_feedback_kind(std::string_view word) {
  for (const FeedbackKind kind : {FeedbackKind::kExpected, FeedbackKind::kNoise}) {
    if (word == to_string(kind)) return kind;
  }
  return Error{Errc::kSyntax, "",
               "found " + settings::in_quotes(word) + ", expected expected or noise"};
}

std::string to_string(const ValueRange& range) {
  std::string text;
  append_number(range.low, text);
  text += "..";
  append_number(range.high, text);
  return text;
}

std::string Feedback::words() const {
  std::string text(to_string(kind));
  text += " by " + author + " until " + event::rfc3339(until);
  if (!note.empty()) text += " (" + note + ")";
  return text;
}

Result<void> check_line(std::string_view text, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return Error{Errc::kLimit, "",
                 "found " + std::to_string(text.size()) + " bytes, expected at most " +
                     std::to_string(max_bytes)};
  }
  if (!event::is_utf8(text) || std::ranges::any_of(text, is_control)) {
    return Error{Errc::kSyntax, "",
                 "found " + settings::in_quotes(text) + ", expected one line of UTF-8"};
  }
  return {};
}

Result<TimePoint> parse_rfc3339(std::string_view text) {
  if (text.size() >= kShortestTime && text[kDateEnd] == 'T' && says_zone(text)) {
    if (const auto time_s = parse_timestamp(text); time_s && std::abs(*time_s) < kTooFar_s) {
      return TimePoint(std::chrono::seconds(static_cast<std::int64_t>(*time_s)));
    }
  }
  return Error{
      Errc::kSyntax, "",
      "found " + settings::in_quotes(text) + ", expected a time such as 2026-12-01T08:00:00Z"};
}

Result<TimePoint> parse_until(std::string_view text, TimePoint now) {
  const TimePoint present = std::chrono::floor<std::chrono::seconds>(now);
  TimePoint until;
  if (const auto duration = settings::parse_duration(text)) {
    until = present + std::chrono::ceil<std::chrono::seconds>(*duration);
  } else if (const auto time = parse_rfc3339(text)) {
    until = *time;
  } else {
    return Error{Errc::kSyntax, "",
                 "found " + settings::in_quotes(text) +
                     ", expected a duration such as 2h or 7d, or a time such as "
                     "2026-12-01T08:00:00Z"};
  }
  const TimePoint latest = present + kLongestFeedback;
  if (until > present && until <= latest) return until;
  return Error{Errc::kRange, "",
               "found " + settings::in_quotes(text) + ", expected an end after now (" +
                   event::rfc3339(present) + ") and at most " +
                   std::to_string(kLongestFeedback.count()) + "d ahead"};
}

}  // namespace tocsin::app
