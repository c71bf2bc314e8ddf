#include "src/app/posted_body.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "src/api/json.hpp"

namespace tocsin::app {
namespace {

constexpr std::string_view kGelf = "/ingest/gelf";
// The path that GELF's HTTP senders have built in.
constexpr std::string_view kUsualGelf = "/gelf";

// GELF's decoder sees by the first bytes how a message is compressed, and needs not be told: graypy
// says "gzip,deflate" and means zlib.
bool reads_encoding(std::string_view path, std::string_view encoding) noexcept {
  constexpr std::array<std::string_view, 4> kOfGelf{"gzip", "deflate", "gzip,deflate",
                                                    "gzip, deflate"};
  if (encoding.empty() || encoding == "identity") return true;
  return path == kGelf && std::find(kOfGelf.begin(), kOfGelf.end(), encoding) != kOfGelf.end();
}

api::Response answer(const BodyOutcome& outcome) {
  if (outcome.dropped > 0) {
    return api::problem(503, "pipeline_full",
                        std::to_string(outcome.accepted) + " records were taken and " +
                            std::to_string(outcome.dropped) + " dropped; come again later");
  }
  if (outcome.accepted == 0 && outcome.rejected > 0) {
    return api::problem(
        400, "bad_records",
        "offset " + std::to_string(outcome.fault_offset) + ": " + outcome.first_fault);
  }
  std::string body = "{\"accepted\":" + std::to_string(outcome.accepted) +
                     ",\"rejected\":" + std::to_string(outcome.rejected);
  if (outcome.rejected > 0) {
    body += ",\"error\":";
    api::append_json(std::string_view(outcome.first_fault), body);
    body += ",\"offset\":" + std::to_string(outcome.fault_offset);
  }
  body += "}\n";
  return {202, "application/json", std::move(body)};
}

}  // namespace

bool take_posted_body(IngestThread& ingest, api::Request& request,
                      const api::HttpServer::Reply& reply) {
  const std::string path = request.path == kUsualGelf ? std::string(kGelf) : request.path;
  if (!ingest.takes_bodies(path)) {
    if (!path.starts_with("/ingest")) return false;
    reply(api::problem(404, "not_found",
                       "no records are taken at " + path +
                           "; expected /ingest/json, /ingest/gelf, /ingest/collectd or "
                           "/ingest/nagios, unless listen.http.ingest is false"));
    return true;
  }
  if (!reads_encoding(path, request.encoding)) {
    reply(api::problem(415, "unsupported_encoding",
                       "found Content-Encoding " + request.encoding + ", expected " +
                           (path == kGelf ? "gzip, deflate or none" : "none")));
    return true;
  }
  ingest.take_body(path, std::move(request.body), request.peer,
                   [reply](const BodyOutcome& outcome) { reply(answer(outcome)); });
  return true;
}

}  // namespace tocsin::app
