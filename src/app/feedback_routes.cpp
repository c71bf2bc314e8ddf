#include "src/app/feedback_routes.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "src/api/json.hpp"
#include "src/app/feedback_line.hpp"
#include "src/event/rfc3339.hpp"
#include "src/settings/complaints.hpp"

namespace tocsin::app {
namespace {

constexpr std::string_view kPath = "/api/v1/feedback";
constexpr std::string_view kShortPath = "/feedback";
// Watches that the answer to a giving names.
constexpr std::size_t kMaxNamed = 20;

// What is behind the path of all feedback: "" or "/ID". Nothing: another path.
std::optional<std::string_view> rest_of(std::string_view path) {
  for (const std::string_view whole : {kPath, kShortPath}) {
    if (!path.starts_with(whole)) continue;
    const std::string_view rest = path.substr(whole.size());
    if (rest.empty() || rest.front() == '/') return rest;
  }
  return std::nullopt;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string watches(std::size_t count) {
  return counted(count, "watch", "watches");
}

api::Response refused(const Error& error) {
  switch (error.code) {
    case Errc::kLimit:
      return api::problem(409, "feedback_limit", error.message());
    case Errc::kIo:
      return api::problem(500, "not_kept", error.message());
    case Errc::kUnknownName:
      return api::problem(404, "unknown_feedback", error.message());
    case Errc::kUnavailable:
      return api::problem(503, "unavailable", error.message());
    default:
      return api::problem(400, "bad_feedback", error.message());
  }
}

api::Response nothing_found(const FeedbackSelection& selection) {
  std::string detail = "no series that is selected has a watch";
  if (!selection.watch.empty()) detail += " " + settings::in_quotes(selection.watch);
  return api::problem(404, "no_series", detail + " that detects anomalies, expected at least one");
}

// Why feedback of a kind leaves out watches.
std::string_view why_left_out(FeedbackKind kind) {
  return kind == FeedbackKind::kExpected
             ? "without an anomaly that would say which values are expected (low and high do)"
             : "whose vote cannot be clearer: it needs all votes already, and no detector has "
               "false_alarms_per_week that can be halved once more";
}

api::Response nothing_changed(FeedbackKind kind, std::size_t left_out) {
  return api::problem(409, "changes_nothing",
                      "found only " + watches(left_out) + " " + std::string(why_left_out(kind)));
}

// Whether noise until `until` would ever change the votes of `subject`. What is in force changes
// them already; what of it ends earlier leaves room for more.
bool can_be_clearer(const FeedbackSubject& subject, const FeedbackBySeries& in_force,
                    TimePoint until) {
  const auto given = in_force.find(subject.series);
  if (given == in_force.end()) return subject.most_noise > 0;
  const auto lasting = std::ranges::count_if(given->second, [&](const FeedbackPtr& feedback) {
    return feedback->kind == FeedbackKind::kNoise && feedback->watch == subject.watch &&
           feedback->until >= until;
  });
  return static_cast<std::size_t>(lasting) < subject.most_noise;
}

bool is_known(const std::optional<ValueRange>& range) {
  return range && std::isfinite(range->low) && std::isfinite(range->high);
}

// What `request` says of those subjects of which it can be said.
std::vector<Feedback> said_of(const FeedbackRequest& request,
                              const std::vector<FeedbackSubject>& subjects,
                              const FeedbackBySeries& in_force, TimePoint now) {
  std::vector<Feedback> said;
  for (const FeedbackSubject& subject : subjects) {
    const auto range = request.range ? request.range : subject.anomalous;
    const bool can_be = request.kind == FeedbackKind::kExpected
                            ? is_known(range)
                            : can_be_clearer(subject, in_force, request.until);
    if (!can_be) continue;
    Feedback& feedback = said.emplace_back();
    feedback.kind = request.kind;
    feedback.series = subject.series;
    feedback.host = subject.host;
    feedback.service = subject.service;
    feedback.watch = subject.watch;
    feedback.author = request.author;
    feedback.note = request.note;
    feedback.given = std::chrono::floor<std::chrono::seconds>(now);
    feedback.until = request.until;
    if (request.kind == FeedbackKind::kExpected) feedback.range = *range;
  }
  return said;
}

std::size_t count_series(const std::vector<Feedback>& said) {
  std::set<event::Hash128> series;
  for (const Feedback& feedback : said) series.insert(feedback.series);
  return series.size();
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
  out.append(",\"").append(key).append("\":");
  api::append_json(value, out);
}

template <class Feedbacks>
void append_list(std::string& out, const Feedbacks& feedbacks) {
  out.push_back('[');
  for (const Feedback* feedback : feedbacks) {
    if (out.back() != '[') out.push_back(',');
    append_feedback(*feedback, out);
  }
  out.push_back(']');
}

// "7 noise by ann until 2026-12-01T00:00:00Z: shop.orders on web-1, watch 'orders'".
void append_text(const Feedback& feedback, std::string& out) {
  out += std::to_string(feedback.id) + " " + feedback.words() + ": " + feedback.service;
  if (!feedback.host.empty()) out += " on " + feedback.host;
  out += ", watch " + settings::in_quotes(feedback.watch);
  if (feedback.kind == FeedbackKind::kExpected) out += ", " + to_string(feedback.range);
  out += "\n";
}

}  // namespace

bool FeedbackRoutes::serves(std::string_view path) {
  return rest_of(path).has_value();
}

api::Response FeedbackRoutes::operator()(const api::Request& request) {
  const std::string_view rest = rest_of(request.path).value_or("");
  if (request.method == "DELETE" && rest.size() > 1) return withdraw(rest.substr(1), request);
  if (!rest.empty() && request.method != "DELETE") {
    return api::problem(405, "method_not_allowed", "only DELETE is offered here");
  }
  if (request.method == "POST") return give(request);
  if (request.method == "GET" || request.method == "HEAD") return list(request);
  return api::problem(405, "method_not_allowed",
                      "only GET and POST are offered here, and DELETE of one id");
}

api::Response FeedbackRoutes::give(const api::Request& request) {
  if (!request.encoding.empty() && request.encoding != "identity") {
    return api::problem(415, "unsupported_encoding",
                        "found Content-Encoding " + request.encoding + ", expected none");
  }
  const TimePoint now = now_();
  const auto wanted = parse_feedback_request(request.body, now);
  if (!wanted) return api::problem(400, "bad_feedback", wanted.error().message());
  const auto subjects = shards_.subjects(wanted->selection, kMaxSubjects + 1);
  if (!subjects) return refused(subjects.error());
  if (subjects->empty()) return nothing_found(wanted->selection);
  if (subjects->size() > kMaxSubjects) {
    return api::problem(400, "too_many",
                        "found more than " + watches(kMaxSubjects) +
                            " that are selected, expected at most so many at once");
  }
  std::vector<Feedback> said = said_of(*wanted, *subjects, *book_.by_series(), now);
  const std::size_t left_out = subjects->size() - said.size();
  if (said.empty()) return nothing_changed(wanted->kind, left_out);
  const auto id = book_.give(said, now);
  if (!id) return refused(id.error());
  shards_.adopt(book_.by_series());

  for (Feedback& feedback : said) feedback.id = *id;
  const std::size_t series = count_series(said);
  std::string summary = "feedback " + std::to_string(*id) + ": " + said.front().words() + ", on " +
                        watches(said.size()) + " of " + std::to_string(series) + " series";
  if (left_out > 0) {
    summary += "; left out: " + watches(left_out) + " " + std::string(why_left_out(wanted->kind));
  }
  summary += "; " + where_kept();
  spdlog::info("{}", summary);
  std::string body = "{\"id\":" + std::to_string(*id) + ",\"series\":" + std::to_string(series) +
                     ",\"watches\":" + std::to_string(said.size()) +
                     ",\"left_out\":" + std::to_string(left_out);
  append_member(body, "kept", book_.options().file.empty() ? "memory" : "file");
  append_member(body, "summary", summary);
  std::vector<const Feedback*> named;
  for (std::size_t i = 0; i < std::min(said.size(), kMaxNamed); ++i) named.push_back(&said[i]);
  body += ",\"feedback\":";
  append_list(body, named);
  return {200, "application/json", body + "}\n"};
}

api::Response FeedbackRoutes::list(const api::Request& request) {
  const auto asked = request.queries.find("format");
  const std::string format = asked == request.queries.end() ? "json" : asked->second;
  const std::vector<FeedbackPtr>& in_force = book_.in_force(now_());
  if (format == "text") {
    std::string body;
    for (const FeedbackPtr& feedback : in_force) append_text(*feedback, body);
    return {200, "text/plain; charset=utf-8", std::move(body)};
  }
  if (format != "json") {
    return api::problem(400, "bad_format", "format is '" + format + "', expected json or text");
  }
  std::string body = "{\"max\":" + std::to_string(book_.options().max);
  append_member(body, "kept", book_.options().file.empty() ? "memory" : "file");
  std::vector<const Feedback*> all;
  for (const FeedbackPtr& feedback : in_force) all.push_back(feedback.get());
  body += ",\"feedback\":";
  append_list(body, all);
  return {200, "application/json", body + "}\n"};
}

api::Response FeedbackRoutes::withdraw(std::string_view id, const api::Request& request) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) {
    return api::problem(400, "bad_id",
                        "found " + settings::in_quotes(id) + ", expected the number of feedback");
  }
  const auto asked = request.queries.find("author");
  const std::string author = asked == request.queries.end() ? "" : asked->second;
  if (author.empty()) {
    return api::problem(400, "missing_parameter", "withdrawing needs ?author=, who says so");
  }
  if (const auto checked = check_line(author, kMaxAuthorBytes); !checked) {
    return api::problem(400, "bad_author", "author: " + checked.error().text);
  }
  const auto withdrawn = book_.withdraw(number, author, now_());
  if (!withdrawn) return refused(withdrawn.error());
  shards_.adopt(book_.by_series());

  const std::string summary = "feedback " + std::to_string(number) + " is withdrawn by " + author +
                              ", from " + watches(*withdrawn);
  spdlog::info("{}", summary);
  std::string body =
      "{\"id\":" + std::to_string(number) + ",\"watches\":" + std::to_string(*withdrawn);
  append_member(body, "summary", summary);
  return {200, "application/json", body + "}\n"};
}

std::string FeedbackRoutes::where_kept() const {
  if (!book_.options().file.empty()) return "kept in " + book_.options().file.string();
  return "kept in memory only, until the daemon ends (detect.feedback.file)";
}

}  // namespace tocsin::app
