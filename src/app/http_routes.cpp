#include "src/app/http_routes.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "src/api/json.hpp"
#include "src/event/rfc3339.hpp"
#include "src/query/predicate.hpp"
#include "src/settings/complaints.hpp"
#include "src/settings/nearest.hpp"

namespace tocsin::app {
namespace {

constexpr std::size_t kDefaultLimit = 100;
constexpr std::size_t kMaxLimit = 10'000;
constexpr std::size_t kMaxNamesShown = 20;
constexpr std::string_view kServices = "/api/v1/services/";

std::int64_t milliseconds(TimePoint time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

void member(std::string& out, std::string_view key, std::string_view value) {
  if (out.back() != '{') out.push_back(',');
  out.append("\"").append(key).append("\":");
  api::append_json(value, out);
}

void number(std::string& out, std::string_view key, std::int64_t value) {
  if (out.back() != '{') out.push_back(',');
  out.append("\"").append(key).append("\":").append(std::to_string(value));
}

void list(std::string& out, std::string_view key, const std::vector<std::string>& values) {
  if (out.back() != '{') out.push_back(',');
  out.append("\"").append(key).append("\":[");
  for (const std::string& value : values) {
    if (out.back() != '[') out.push_back(',');
    api::append_json(std::string_view(value), out);
  }
  out.push_back(']');
}

void members(std::string& out, std::string_view key,
             const std::vector<service::MemberView>& members) {
  out.append(",\"").append(key).append("\":[");
  for (const service::MemberView& view : members) {
    if (out.back() != '[') out.push_back(',');
    out.push_back('{');
    member(out, "name", view.name);
    if (!view.member_class.empty()) member(out, "group", view.member_class);
    member(out, "state", to_string(view.health));
    if (!view.reason.empty()) member(out, "reason", view.reason);
    number(out, "since_ms", milliseconds(view.since));
    out.push_back('}');
  }
  out.push_back(']');
}

void append_service(std::string& out, const service::ServiceView& view, bool whole) {
  out.push_back('{');
  member(out, "id", view.name);
  member(out, "title", view.title);
  member(out, "own", to_string(view.own));
  member(out, "rolled", to_string(view.rolled));
  member(out, "strict", to_string(view.strict));
  number(out, "since_ms", milliseconds(view.since));
  list(out, "because", view.because);
  list(out, "impaired_by", view.impaired_by);
  list(out, "notes", view.notes);
  if (whole) {
    list(out, "strict_because", view.strict_because);
    list(out, "depends_on", view.depends_on);
    members(out, "business", view.business);
    members(out, "members", view.members);
  }
  out.push_back('}');
}

// One line for people: time, state, host, service, metric, description.
void append_line(const Event& event, std::string& out) {
  event::append_rfc3339(event.time, out);
  out.append(" ").append(event.state.empty() ? "-" : event.state);
  out.append(" ").append(event.host.empty() ? "-" : event.host);
  out.append(" ").append(event.service).append(" ");
  if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) {
    out += std::to_string(*integer);
  } else if (const auto* real = std::get_if<double>(&event.metric)) {
    api::append_json(*real, out);
  } else {
    out.push_back('-');
  }
  for (const std::string& tag : event.tags) out.append(" #").append(tag);
  for (const Attribute& attribute : event.attributes) {
    out.append(" ").append(attribute.key).append("=").append(attribute.value);
  }
  if (!event.description.empty()) out.append(" | ").append(event.description);
  // A line stays one, whatever a description holds.
  std::replace(out.end() - static_cast<std::ptrdiff_t>(event.description.size()), out.end(), '\n',
               ' ');
  out.push_back('\n');
}

// For who asks about a service that there is not.
std::string what_else(std::string_view name, const std::vector<service::ServiceView>& services) {
  std::vector<std::string> names;
  for (const service::ServiceView& view : services) names.push_back(view.name);
  if (names.empty()) return "the rules name none";
  if (const std::string_view meant = settings::nearest(name, names); !meant.empty()) {
    return "did you mean " + settings::in_quotes(meant) + "?";
  }
  std::string text = "there are: ";
  const std::size_t shown = std::min(names.size(), kMaxNamesShown);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() == shown ? text
                               : text + " and " + std::to_string(names.size() - shown) + " more";
}

std::string value_of(const api::Request& request, const std::string& name,
                     std::string fallback = {}) {
  const auto it = request.queries.find(name);
  return it == request.queries.end() ? std::move(fallback) : it->second;
}

}  // namespace

api::Response HttpRoutes::operator()(const api::Request& request) const {
  if (FeedbackRoutes::serves(request.path)) return (*sources_.feedback)(request);
  if (request.method != "GET" && request.method != "HEAD") {
    return api::problem(405, "method_not_allowed", "only GET is offered");
  }
  const std::string& path = request.path;
  if (path == "/metrics") return {200, "text/plain; version=0.0.4", sources_.metrics()};
  if (path == "/health" || path == "/healthz") return health();
  if (path == "/ready" || path == "/readyz") return ready();
  if (path == "/api/v1/index") return index(request);
  if (path == "/api/v1/services") return services();
  if (path.starts_with(kServices)) return service(path.substr(kServices.size()), request);
  return api::problem(404, "not_found", "no such resource: " + path);
}

api::Response HttpRoutes::health() const {
  const bool up = sources_.healthy->load(std::memory_order_relaxed);
  return {up ? 200u : 503u, "application/json",
          up ? "{\"health\":\"up\"}\n"
             : "{\"health\":\"down\",\"reason\":\"set on the admin port\"}\n"};
}

api::Response HttpRoutes::ready() const {
  const StoreStatus store = sources_.publisher->status().store;
  const bool ready = store.state == StoreState::kReady || store.state == StoreState::kDegraded;
  std::string body = "{";
  member(body, "ready", ready ? "yes" : "no");
  member(body, "store", to_string(store.state));
  if (!store.text.empty()) member(body, "reason", store.text);
  body += "}\n";
  return {ready ? 200u : 503u, "application/json", std::move(body)};
}

api::Response HttpRoutes::index(const api::Request& request) const {
  const std::string where = value_of(request, "where");
  if (where.empty()) {
    return api::problem(400, "missing_parameter", "index needs ?where=PREDICATE");
  }
  const auto predicate = query::Predicate::parse(where);
  if (!predicate) return api::problem(400, "bad_predicate", predicate.error().message());
  std::size_t limit = kDefaultLimit;
  if (const std::string text = value_of(request, "limit"); !text.empty()) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error != std::errc() || end != text.data() + text.size() || limit == 0 ||
        limit > kMaxLimit) {
      return api::problem(400, "bad_limit",
                          "limit is '" + text + "', expected 1 to " + std::to_string(kMaxLimit));
    }
  }
  auto events = sources_.shards->query(*predicate, limit);
  if (!events) return api::problem(503, "unavailable", events.error().text);
  std::sort(events->begin(), events->end(), [](const Event& a, const Event& b) {
    return std::tie(a.service, a.host, a.tags) < std::tie(b.service, b.host, b.tags);
  });
  const std::string format = value_of(request, "format", "json");
  std::string body;
  if (format == "text") {
    for (const Event& event : *events) append_line(event, body);
    return {200, "text/plain; charset=utf-8", std::move(body)};
  }
  if (format == "ndjson") {
    for (const Event& event : *events) {
      api::append_json(event, body);
      body.push_back('\n');
    }
    return {200, "application/x-ndjson", std::move(body)};
  }
  if (format != "json") {
    return api::problem(400, "bad_format",
                        "format is '" + format + "', expected json, ndjson or text");
  }
  body = "{";
  number(body, "as_of_ms", milliseconds(sources_.roll_up->snapshot()->as_of));
  body += ",\"events\":[";
  for (const Event& event : *events) {
    if (body.back() != '[') body.push_back(',');
    api::append_json(event, body);
  }
  body += "]}\n";
  return {200, "application/json", std::move(body)};
}

api::Response HttpRoutes::services() const {
  const auto snapshot = sources_.roll_up->snapshot();
  std::string body = "{";
  number(body, "as_of_ms", milliseconds(snapshot->as_of));
  body += ",\"services\":[";
  for (const service::ServiceView& view : snapshot->services) {
    if (body.back() != '[') body.push_back(',');
    append_service(body, view, false);
  }
  body += "]}\n";
  return {200, "application/json", std::move(body)};
}

api::Response HttpRoutes::service(const std::string& path, const api::Request& request) const {
  constexpr std::string_view kStatus = "/status";
  const bool status = path.ends_with(kStatus);
  const std::string name = status ? path.substr(0, path.size() - kStatus.size()) : path;
  const auto snapshot = sources_.roll_up->snapshot();
  const service::ServiceView* view = snapshot->find(name);
  if (view == nullptr) {
    return api::problem(
        404, "unknown_service",
        "no service " + settings::in_quotes(name) + "; " + what_else(name, snapshot->services));
  }
  std::string body;
  if (!status) {
    append_service(body, *view, true);
  } else {
    const std::string which = value_of(request, "view", "rolled");
    if (which != "own" && which != "rolled" && which != "strict") {
      return api::problem(400, "bad_view",
                          "view is '" + which + "', expected own, rolled or strict");
    }
    const service::Health health = which == "own"      ? view->own
                                   : which == "rolled" ? view->rolled
                                                       : view->strict;
    body = "{";
    member(body, "service", view->name);
    member(body, "view", which);
    member(body, "state", to_string(health));
    member(body, "answer",
           health == service::Health::kPassing   ? "yes"
           : health == service::Health::kUnknown ? "unknown"
                                                 : "no");
    list(body, "because", which == "strict" ? view->strict_because : view->because);
    list(body, "impaired_by", view->impaired_by);
    list(body, "notes", view->notes);
    number(body, "since_ms", milliseconds(view->since));
    number(body, "as_of_ms", milliseconds(snapshot->as_of));
    body.push_back('}');
  }
  body.push_back('\n');
  return {200, "application/json", std::move(body)};
}

}  // namespace tocsin::app
