// Feedback: what an operator says of the alarms of one watch of one series, and until when.
//   expected   What the series does now is known: a campaign, a migration. A value in the range in
//              question is not an anomaly: what the detectors say of it is withheld. A value beyond
//              that range alarms as ever. The range is what the operator gives, else that of the open
//              anomaly, else of the last one: from the lowest to the highest of the bounds that were
//              expected when it began and the values that it reached (OpenAnomaly::range).
//   noise      Such an alarm was not worth a call. The vote must be clearer: one more than the quorum
//              asks for each that is in force, up to all votes; and detectors that go by
//              false_alarms_per_week get half of it for each, kMaxHalvings times at most.
// Either ends the anomaly that is open. It holds for points whose windows end before `until`; from
// then on everything is as before. docs/decisions/0020-feedback.md says why.
// Threads: a value; shared as const once given.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/event/identity_hash.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

enum class FeedbackKind : std::uint8_t { kExpected, kNoise };
inline constexpr std::size_t kFeedbackKinds = 2;

[[nodiscard]] constexpr std::string_view to_string(FeedbackKind kind) noexcept {
  return kind == FeedbackKind::kExpected ? "expected" : "noise";
}
// kSyntax for any other word.
[[nodiscard]] Result<FeedbackKind> parse_feedback_kind(std::string_view word);

// Longer than a season, shorter than anybody remembers why.
inline constexpr auto kLongestFeedback = std::chrono::days(90);
inline constexpr std::size_t kMaxAuthorBytes = 64;
inline constexpr std::size_t kMaxNoteBytes = 200;  // it stands in the text of verdicts
// A thousandth of what was allowed: more would be a detector that is turned off, and does not say so.
inline constexpr int kMaxHalvings = 10;

// Both ends belong to it.
struct ValueRange {
  double low = 0;
  double high = 0;

  [[nodiscard]] bool holds(double value) const noexcept { return value >= low && value <= high; }
  friend bool operator==(const ValueRange&, const ValueRange&) = default;
};
// "80..412.5".
[[nodiscard]] std::string to_string(const ValueRange& range);

struct Feedback {
  std::uint64_t id = 0;  // of the giving: what was said at once of several watches has one
  FeedbackKind kind = FeedbackKind::kExpected;
  event::Hash128 series;
  std::string host;     // these two for people
  std::string service;  //
  std::string watch;
  std::string author;
  std::string note;  // may be empty
  TimePoint given{};
  TimePoint until{};
  ValueRange range;  // of kExpected

  [[nodiscard]] bool in_force(TimePoint now) const noexcept { return now < until; }

  // "noise by ann until 2026-12-01T00:00:00Z (the new probe)".
  [[nodiscard]] std::string words() const;
};
using FeedbackPtr = std::shared_ptr<const Feedback>;

// All that is in force, by series, in the order in which it was given.
using FeedbackBySeries =
    absl::flat_hash_map<event::Hash128, std::vector<FeedbackPtr>, event::Hash128Hasher>;
using FeedbackBySeriesPtr = std::shared_ptr<const FeedbackBySeries>;

// Whether a text may be an author or a note: UTF-8 on one line, of at most `max_bytes`. The error
// says what was found and what was expected.
[[nodiscard]] Result<void> check_line(std::string_view text, std::size_t max_bytes);

// The end that is meant by "2h", "7d" (from `now`), or "2026-12-01T08:00:00Z" (RFC 3339).
// Errors:  kSyntax; kRange: it is not after `now`, or more than kLongestFeedback ahead.
[[nodiscard]] Result<TimePoint> parse_until(std::string_view text, TimePoint now);

// A time as RFC 3339 writes it, to the second. kSyntax.
[[nodiscard]] Result<TimePoint> parse_rfc3339(std::string_view text);

}  // namespace tocsin::app
