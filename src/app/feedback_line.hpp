// The lines of the file in which feedback is kept, JSON each, as they were said:
//   {"id":7,"kind":"expected","series":"9f0c...32 digits","host":"web-1","service":"shop.orders",
//    "watch":"orders","author":"ann","note":"campaign","given":"2026-11-22T10:00:00Z",
//    "until":"2026-12-01T00:00:00Z","low":80,"high":412.5}     one for each watch (on one line)
//   {"withdrawn":7,"author":"bob","given":"2026-11-23T08:00:00Z"}    all lines above of that id
//   {"last_id":41}    what a file begins with that was written anew: no id is given twice
// Input:   one line without its end.
// Errors:  placed by `place`; the text says the key, what was found and what was expected.
// Source:  docs/formats/feedback.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "src/app/feedback.hpp"
#include "src/app/flat_json.hpp"
#include "tocsin/result.hpp"

namespace tocsin::app {

struct Withdrawal {
  std::uint64_t id = 0;
  std::string author;
  TimePoint given{};
};
struct LastFeedbackId {
  std::uint64_t id = 0;
};
using FeedbackLine = std::variant<Feedback, Withdrawal, LastFeedbackId>;

// Each appends one line, with its end.
void append_line(const Feedback& feedback, std::string& out);
void append_line(const Withdrawal& withdrawal, std::string& out);
void append_line(const LastFeedbackId& last, std::string& out);

[[nodiscard]] Result<FeedbackLine> parse_feedback_line(std::string_view line,
                                                       FlatJson::PlaceOf place);

// The object of the first kind of line, without an end of line: what the API lists.
void append_feedback(const Feedback& feedback, std::string& out);

}  // namespace tocsin::app
