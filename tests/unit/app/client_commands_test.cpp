#include "src/app/client_commands.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <sstream>

#include "src/api/http_server.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

class Daemon {
 public:
  explicit Daemon(api::HttpServer::Handler handler) {
    auto opened = api::HttpServer::open({}, std::move(handler));
    REQUIRE(opened);
    server_ = std::move(*opened);
    server_->start();
  }
  [[nodiscard]] DaemonAddress address() const { return {"127.0.0.1", server_->port()}; }

 private:
  std::unique_ptr<api::HttpServer> server_;
};

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

Outcome status(const StatusOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_status(options, out, err);
  return {code, out.str(), err.str()};
}

Outcome query(const QueryOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_query(options, out, err);
  return {code, out.str(), err.str()};
}

TEST_CASE("a query passes its predicate, limit and format on, and prints the answer") {
  const Daemon daemon([](const api::Request& request) {
    return api::Response{200, "text/plain",
                         request.path + " " + request.queries.at("where") + " " +
                             request.queries.at("limit") + " " + request.queries.at("format")};
  });
  Outcome outcome = query({daemon.address(), "service = \"a&b\" and metric > 1", 5, false});
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "/api/v1/index service = \"a&b\" and metric > 1 5 text");
  outcome = query({daemon.address(), "true", 1000, true});
  CHECK(outcome.out == "/api/v1/index true 1000 ndjson");
}

TEST_CASE("the light follows the state") {
  std::string state;
  std::string target;
  const Daemon daemon([&](const api::Request& request) {
    target = request.path + "?" + request.queries.at("view");
    return api::Response{200, "application/json",
                         "{\"state\":\"" + state +
                             "\",\"because\":[\"orders: too few\"],\"impaired_by\":[\"db\"],"
                             "\"notes\":[\"web: 1 series without a host is not counted\"]}"};
  });
  const auto asked = [&](const std::string& now, bool transitive) {
    state = now;
    StatusOptions options;
    options.daemon = daemon.address();
    options.service = "my shop";
    options.transitive = transitive;
    return status(options);
  };
  CHECK(asked("passing", false).status == 0);
  CHECK(target == "/api/v1/services/my shop/status?rolled");
  CHECK(asked("degraded", false).status == 1);
  CHECK(asked("unknown", false).status == 1);
  const Outcome red = asked("failing", true);
  CHECK(red.status == 2);
  CHECK(target == "/api/v1/services/my shop/status?strict");
  CHECK(red.out ==
        "red my shop is failing, with everything under it\n  because orders: too few\n"
        "  impaired by db\n  note: web: 1 series without a host is not counted\n");
}

TEST_CASE("waiting asks again until the service is green, or time is over") {
  std::atomic<int> asked{0};
  const Daemon daemon([&](const api::Request&) {
    return api::Response{200, "application/json",
                         ++asked < 2 ? "{\"state\":\"failing\"}" : "{\"state\":\"passing\"}"};
  });
  StatusOptions options;
  options.daemon = daemon.address();
  options.service = "shop";
  options.wait = 10s;
  CHECK(status(options).status == 0);
  CHECK(asked == 2);
  asked = -100;
  options.wait = 50ms;
  CHECK(status(options).status == 2);
}

TEST_CASE("no answer has a status of its own, and the reason") {
  DaemonAddress nobody;
  {
    const Daemon gone([](const api::Request&) { return api::Response{}; });
    nobody = gone.address();
  }
  CHECK(query({nobody, "true"}).status == kNoAnswer);
  StatusOptions options;
  options.daemon = nobody;
  CHECK(status(options).status == kNoAnswer);
  CHECK_FALSE(status(options).err.empty());
  const Daemon daemon(
      [](const api::Request&) { return api::problem(503, "unavailable", "too busy"); });
  options.daemon = daemon.address();
  const Outcome outcome = status(options);
  CHECK(outcome.status == kNoAnswer);
  CHECK(outcome.err == "tocsin status: too busy\n");
}

TEST_CASE("a service that no rule names is not green, whatever is waited for") {
  const Daemon daemon([](const api::Request&) {
    return api::problem(404, "unknown_service", "no service 'x'; did you mean 'y'?");
  });
  StatusOptions options;
  options.daemon = daemon.address();
  options.service = "x";
  options.wait = 1h;
  const Outcome outcome = status(options);
  CHECK(outcome.status == kNoAnswer);
  CHECK(outcome.err == "tocsin status: no service 'x'; did you mean 'y'?\n");
}

TEST_CASE("an answer that makes no sense is amber, not green") {
  std::string body;
  const Daemon daemon([&](const api::Request&) {
    return api::Response{200, "application/json", body};
  });
  StatusOptions options;
  options.daemon = daemon.address();
  for (const char* text : {"", "[]", "7", "{\"state\":1,\"because\":7}", "not json"}) {
    CAPTURE(text);
    body = text;
    CHECK(status(options).status != 0);
  }
}

}  // namespace
}  // namespace tocsin::app
