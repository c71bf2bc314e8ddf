#include "src/app/daemon_client.hpp"

#include <rapidjson/document.h>

#include <chrono>
#include <utility>

namespace tocsin::app {
namespace {

constexpr std::chrono::milliseconds kTimeout = std::chrono::seconds(10);

}  // namespace

Result<std::string> ask_daemon(const DaemonAddress& daemon, const api::Call& call) {
  auto answer = api::http_call(daemon.host, daemon.port, call, kTimeout);
  if (!answer) return answer.error();
  if (answer->status == 200) return std::move(answer->body);
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(answer->body.c_str());
  const bool says_why = json.IsObject() && json.HasMember("detail") && json["detail"].IsString();
  return Error{Errc::kUnavailable, "",
               says_why ? json["detail"].GetString()
                        : "the daemon answered " + std::to_string(answer->status)};
}

}  // namespace tocsin::app
