#include "src/app/feedback_command.hpp"

#include <rapidjson/document.h>

#include <optional>
#include <ostream>
#include <utility>

#include "src/api/json.hpp"
#include "src/app/daemon_client.hpp"
#include "src/app/feedback.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/units.hpp"

namespace tocsin::app {
namespace {

constexpr std::string_view kPath = "/api/v1/feedback";
constexpr std::string_view kDots = "..";

int complain(const Error& error, std::ostream& err) {
  err << "tocsin feedback: " << error.message() << "\n";
  return kNoAnswer;
}

void member(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  if (out.back() != '{') out.push_back(',');
  out.append("\"").append(key).append("\":");
  api::append_json(value, out);
}

// "80..412.5", also with negative ends.
Result<ValueRange> parse_range(std::string_view text) {
  const std::size_t dots = text.find(kDots);
  if (dots != std::string_view::npos) {
    const auto low = settings::parse_real(text.substr(0, dots));
    const auto high = settings::parse_real(text.substr(dots + kDots.size()));
    if (low && high && *low <= *high) return ValueRange{*low, *high};
  }
  return Error{
      Errc::kSyntax, "",
      "--range: found " + settings::in_quotes(text) + ", expected LOW..HIGH, such as 80..412.5"};
}

Result<std::string> body_of(const FeedbackOptions& options) {
  std::string body = "{";
  member(body, "kind", options.kind);
  member(body, "author", options.author);
  member(body, "until", options.until);
  member(body, "watch", options.watch);
  member(body, "note", options.note);
  member(body, "where", options.predicate);
  member(body, "id", options.series);
  if (!options.range.empty()) {
    const auto range = parse_range(options.range);
    if (!range) return range.error();
    body += ",\"low\":";
    api::append_json(range->low, body);
    body += ",\"high\":";
    api::append_json(range->high, body);
  }
  return body + "}";
}

// What the daemon says of what it did, and which watches it names.
void print(const std::string& answer, std::ostream& out) {
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(answer.c_str());
  const auto text = [](const auto& of, const char* key) -> std::string_view {
    if (!of.IsObject() || !of.HasMember(key) || !of[key].IsString()) return {};
    return {of[key].GetString(), of[key].GetStringLength()};
  };
  const auto number = [](const auto& of, const char* key) -> std::optional<double> {
    if (!of.HasMember(key) || !of[key].IsNumber()) return std::nullopt;
    return of[key].GetDouble();
  };
  const std::string_view summary = text(json, "summary");
  out << (summary.empty() ? std::string_view(answer) : summary) << "\n";
  if (summary.empty() || !json.HasMember("feedback") || !json["feedback"].IsArray()) return;
  for (const auto& each : json["feedback"].GetArray()) {
    if (!each.IsObject()) continue;
    out << "  " << text(each, "service");
    if (const std::string_view host = text(each, "host"); !host.empty()) out << " on " << host;
    out << ", watch " << settings::in_quotes(text(each, "watch"));
    const auto low = number(each, "low");
    const auto high = number(each, "high");
    if (low && high) out << ", " << to_string(ValueRange{*low, *high});
    out << "\n";
  }
}

}  // namespace

int run_feedback(const FeedbackOptions& options, std::ostream& out, std::ostream& err) {
  auto body = body_of(options);
  if (!body) return complain(body.error(), err);
  const auto answer = ask_daemon(options.daemon, {"POST", std::string(kPath), std::move(*body)});
  if (!answer) return complain(answer.error(), err);
  print(*answer, out);
  return 0;
}

int run_feedback_list(const DaemonAddress& daemon, bool json, std::ostream& out,
                      std::ostream& err) {
  const std::string target = std::string(kPath) + "?format=" + (json ? "json" : "text");
  const auto answer = ask_daemon(daemon, {"GET", target, {}});
  if (!answer) return complain(answer.error(), err);
  out << *answer;
  return 0;
}

int run_feedback_withdraw(const DaemonAddress& daemon, const std::string& author,
                          const std::vector<std::uint64_t>& ids, std::ostream& out,
                          std::ostream& err) {
  for (const std::uint64_t id : ids) {
    const std::string target =
        std::string(kPath) + "/" + std::to_string(id) + "?author=" + api::percent_encode(author);
    const auto answer = ask_daemon(daemon, {"DELETE", target, {}});
    if (!answer) return complain(answer.error(), err);
    print(*answer, out);
  }
  return 0;
}

}  // namespace tocsin::app
