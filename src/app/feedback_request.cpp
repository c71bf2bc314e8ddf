#include "src/app/feedback_request.hpp"

#include <utility>

#include "src/app/flat_json.hpp"

namespace tocsin::app {
namespace {

void read_line(FlatJson& json, std::string_view key, std::size_t max_bytes,
               const std::string& line) {
  if (const auto checked = check_line(line, max_bytes); !checked) {
    json.complain(key, checked.error().code, checked.error().text);
  }
}

void read_selection(FlatJson& json, FeedbackSelection& to) {
  if (json.has("id") == json.has("where")) {
    json.text_or_empty("where");
    json.text_or_empty("id");
    return json.complain("where", Errc::kSyntax,
                         json.has("id") ? "found both where and id, expected one of them"
                                        : "found neither where nor id, expected one of them");
  }
  if (json.has("id")) {
    const auto id = event::parse_hash(json.text("id", "the id of a series"));
    if (!id) return json.complain("id", id.error().code, id.error().text);
    to.series = *id;
  } else {
    auto where = query::Predicate::parse(json.text("where", "a predicate"));
    if (!where) return json.complain("where", where.error().code, where.error().message());
    to.where = std::move(*where);
  }
}

void read_range(FlatJson& json, FeedbackRequest& to) {
  const auto low = json.number("low");
  const auto high = json.number("high");
  if (json.has("low") != json.has("high")) {
    return json.complain(low ? "high" : "low", Errc::kSyntax,
                         "found nothing, expected low and high, or neither");
  }
  if (!low || !high) return;
  if (to.kind == FeedbackKind::kNoise) {
    return json.complain("low", Errc::kUnsupported,
                         "found a range, expected it of kind expected only");
  }
  if (*low > *high) {
    return json.complain("high", Errc::kRange, "found a number below low, expected one above it");
  }
  to.range = ValueRange{*low, *high};
}

}  // namespace

Result<FeedbackRequest> parse_feedback_request(std::string_view body, TimePoint now) {
  auto json = FlatJson::parse(body, [](std::size_t at) { return "offset " + std::to_string(at); });
  if (!json) return json.error();
  FeedbackRequest request;
  const auto kind = parse_feedback_kind(json->text("kind", "expected or noise"));
  if (!kind) json->complain("kind", kind.error().code, kind.error().text);
  if (kind) request.kind = *kind;
  request.author = json->text("author", "who says so");
  read_line(*json, "author", kMaxAuthorBytes, request.author);
  const auto until = parse_until(json->text("until", "when it ends: 2h, 7d or a time"), now);
  if (!until) json->complain("until", until.error().code, until.error().text);
  if (until) request.until = *until;
  request.note = json->text_or_empty("note");
  read_line(*json, "note", kMaxNoteBytes, request.note);
  request.selection.watch = json->text_or_empty("watch");
  read_selection(*json, request.selection);
  read_range(*json, request);
  json->finish();
  if (json->fault()) return *json->fault();
  return request;
}

}  // namespace tocsin::app
