#include "src/app/feedback_line.hpp"

#include <cmath>
#include <utility>

#include "src/api/json.hpp"
#include "src/event/rfc3339.hpp"

namespace tocsin::app {
namespace {

// Whole numbers up to here are exact in a double.
constexpr double kMaxId = 9007199254740992.0;  // 2^53

void member(std::string& out, std::string_view key, std::string_view value) {
  out.append(",\"").append(key).append("\":");
  api::append_json(value, out);
}

void member(std::string& out, std::string_view key, double value) {
  out.append(",\"").append(key).append("\":");
  api::append_json(value, out);
}

std::uint64_t read_id(FlatJson& json, std::string_view key) {
  const auto number = json.number(key);
  if (number && *number >= 0 && *number <= kMaxId && std::trunc(*number) == *number) {
    return static_cast<std::uint64_t>(*number);
  }
  json.complain(key, Errc::kRange, "found no such number, expected a whole one, 0 to 2^53");
  return 0;
}

TimePoint read_time(FlatJson& json, std::string_view key) {
  const auto time = parse_rfc3339(json.text(key, "a time"));
  if (time) return *time;
  json.complain(key, time.error().code, time.error().text);
  return {};
}

std::string read_line(FlatJson& json, std::string_view key, std::size_t max_bytes) {
  std::string line = json.text_or_empty(key);
  if (const auto checked = check_line(line, max_bytes); !checked) {
    json.complain(key, checked.error().code, checked.error().text);
  }
  return line;
}

ValueRange read_range(FlatJson& json) {
  const auto low = json.number("low");
  const auto high = json.number("high");
  if (!low || !high || *low > *high) {
    json.complain("low", Errc::kRange, "found no range, expected low and high");
    return {};
  }
  return {*low, *high};
}

Feedback read_feedback(FlatJson& json) {
  Feedback feedback;
  feedback.id = read_id(json, "id");
  const auto kind = parse_feedback_kind(json.text("kind", "expected or noise"));
  if (!kind) json.complain("kind", kind.error().code, kind.error().text);
  if (kind) feedback.kind = *kind;
  const auto series = event::parse_hash(json.text("series", "the id of a series"));
  if (!series) json.complain("series", series.error().code, series.error().text);
  if (series) feedback.series = *series;
  feedback.host = json.text_or_empty("host");
  feedback.service = json.text_or_empty("service");
  feedback.watch = json.text("watch", "the name of a watch");
  feedback.author = read_line(json, "author", kMaxAuthorBytes);
  if (feedback.author.empty()) {
    json.complain("author", Errc::kSyntax, "found nothing, expected who said so");
  }
  feedback.note = read_line(json, "note", kMaxNoteBytes);
  feedback.given = read_time(json, "given");
  feedback.until = read_time(json, "until");
  // Times that were read are so far from the ends of TimePoint that the sum is one; a difference
  // need not be.
  if (feedback.until <= feedback.given) {
    json.complain("until", Errc::kRange, "found an end that is not behind given, expected one");
  } else if (feedback.until > feedback.given + kLongestFeedback) {
    json.complain("until", Errc::kRange,
                  "found an end more than " + std::to_string(kLongestFeedback.count()) +
                      "d behind given, expected one before");
  }
  if (feedback.kind == FeedbackKind::kExpected) feedback.range = read_range(json);
  return feedback;
}

Withdrawal read_withdrawal(FlatJson& json) {
  Withdrawal withdrawal;
  withdrawal.id = read_id(json, "withdrawn");
  withdrawal.author = read_line(json, "author", kMaxAuthorBytes);
  withdrawal.given = read_time(json, "given");
  return withdrawal;
}

FeedbackLine read_any(FlatJson& json) {
  if (json.has("withdrawn")) return read_withdrawal(json);
  if (json.has("last_id")) return LastFeedbackId{read_id(json, "last_id")};
  return read_feedback(json);
}

}  // namespace

void append_feedback(const Feedback& feedback, std::string& out) {
  out += "{\"id\":" + std::to_string(feedback.id);
  member(out, "kind", to_string(feedback.kind));
  member(out, "series", event::to_hex(feedback.series));
  if (!feedback.host.empty()) member(out, "host", feedback.host);
  member(out, "service", feedback.service);
  member(out, "watch", feedback.watch);
  member(out, "author", feedback.author);
  if (!feedback.note.empty()) member(out, "note", feedback.note);
  member(out, "given", event::rfc3339(feedback.given));
  member(out, "until", event::rfc3339(feedback.until));
  if (feedback.kind == FeedbackKind::kExpected) {
    member(out, "low", feedback.range.low);
    member(out, "high", feedback.range.high);
  }
  out += "}";
}

void append_line(const Feedback& feedback, std::string& out) {
  append_feedback(feedback, out);
  out += "\n";
}

void append_line(const Withdrawal& withdrawal, std::string& out) {
  out += "{\"withdrawn\":" + std::to_string(withdrawal.id);
  member(out, "author", withdrawal.author);
  member(out, "given", event::rfc3339(withdrawal.given));
  out += "}\n";
}

void append_line(const LastFeedbackId& last, std::string& out) {
  out += "{\"last_id\":" + std::to_string(last.id) + "}\n";
}

Result<FeedbackLine> parse_feedback_line(std::string_view line, FlatJson::PlaceOf place) {
  auto json = FlatJson::parse(line, std::move(place));
  if (!json) return json.error();
  FeedbackLine read = read_any(*json);
  json->finish();
  if (json->fault()) return *json->fault();
  return read;
}

}  // namespace tocsin::app
