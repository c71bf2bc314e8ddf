// FeedbackRequest: what an operator posts.
//   {"kind":"noise","author":"ann","until":"7d","where":"service = \"shop.orders\""}
//   kind    expected or noise                 author  who says so
//   until   "2h", "7d" or RFC 3339            note    why (may be missing)
//   where   a predicate, as `tocsin query` takes, or id: the 32 hexadecimal digits of one series
//   watch   the name of one watch (else all that detect)
//   low, high   of expected: the range, in place of that of the anomaly
// Errors:  "offset N: KEY: found X, expected Y"; the first only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/app/feedback.hpp"
#include "src/query/predicate.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

// Of which watches of which series.
struct FeedbackSelection {
  std::optional<event::Hash128> series;  // else `where` decides
  query::Predicate where;
  std::string watch;  // empty: all
};

struct FeedbackRequest {
  FeedbackKind kind = FeedbackKind::kExpected;
  std::string author;
  std::string note;
  TimePoint until{};
  FeedbackSelection selection;
  std::optional<ValueRange> range;
};

[[nodiscard]] Result<FeedbackRequest> parse_feedback_request(std::string_view body, TimePoint now);

}  // namespace tocsin::app
