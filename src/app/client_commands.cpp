#include "src/app/client_commands.hpp"

#include <rapidjson/document.h>

#include <algorithm>
#include <ostream>
#include <thread>
#include <utility>

#include "src/api/http_client.hpp"

namespace tocsin::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kAskAgain{500};

using Json = rapidjson::Document;

std::string text_of(const Json& json, const char* key) {
  return json.IsObject() && json.HasMember(key) && json[key].IsString()
             ? std::string(json[key].GetString(), json[key].GetStringLength())
             : std::string();
}

void print_list(const Json& json, const char* key, std::string_view lead, std::ostream& out) {
  if (!json.IsObject() || !json.HasMember(key) || !json[key].IsArray()) return;
  for (const auto& item : json[key].GetArray()) {
    if (item.IsString()) out << "  " << lead << " " << item.GetString() << "\n";
  }
}

Result<std::string> ask(const DaemonAddress& daemon, const std::string& target) {
  return ask_daemon(daemon, {"GET", target, {}});
}

// The traffic light of a state, and its exit status.
std::pair<std::string_view, int> light_of(std::string_view state) {
  if (state == "passing") return {"green", 0};
  if (state == "failing") return {"red", 2};
  return {"amber", 1};
}

}  // namespace

int run_query(const QueryOptions& options, std::ostream& out, std::ostream& err) {
  const auto answer =
      ask(options.daemon, "/api/v1/index?where=" + api::percent_encode(options.predicate) +
                              "&limit=" + std::to_string(options.limit) +
                              "&format=" + (options.json ? "ndjson" : "text"));
  if (!answer) {
    err << "tocsin query: " << answer.error().message() << "\n";
    return kNoAnswer;
  }
  out << *answer;
  return 0;
}

int run_status(const StatusOptions& options, std::ostream& out, std::ostream& err) {
  const std::string target = "/api/v1/services/" + api::percent_encode(options.service) +
                             "/status?view=" + (options.transitive ? "strict" : "rolled");
  const auto deadline = steady_clock::now() + options.wait;
  while (true) {
    const auto answer = ask(options.daemon, target);
    if (!answer) {
      err << "tocsin status: " << answer.error().message() << "\n";
      return kNoAnswer;
    }
    Json json;
    json.Parse<rapidjson::kParseIterativeFlag>(answer->c_str());
    const std::string state = text_of(json, "state");
    const auto [light, status] = light_of(state);
    if (status != 0 && steady_clock::now() < deadline) {
      std::this_thread::sleep_for(
          std::min<steady_clock::duration>(kAskAgain, deadline - steady_clock::now()));
      continue;
    }
    out << light << " " << options.service << " is " << state
        << (options.transitive ? ", with everything under it" : "") << "\n";
    print_list(json, "because", "because", out);
    print_list(json, "impaired_by", "impaired by", out);
    print_list(json, "notes", "note:", out);
    return status;
  }
}

}  // namespace tocsin::app
