#include "src/app/feedback_command.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <sstream>

#include "src/api/http_server.hpp"

namespace tocsin::app {
namespace {

// A daemon that answers all with `answer` and keeps what it was asked last.
class Daemon {
 public:
  Daemon() {
    auto opened = api::HttpServer::open({}, [this](const api::Request& request) {
      last = request;
      return answer;
    });
    REQUIRE(opened);
    server_ = std::move(*opened);
    server_->start();
  }
  [[nodiscard]] DaemonAddress address() const { return {"127.0.0.1", server_->port()}; }

  api::Response answer{200, "application/json", R"({"summary":"done"})"};
  api::Request last;

 private:
  std::unique_ptr<api::HttpServer> server_;
};

struct Output {
  std::ostringstream out;
  std::ostringstream err;
};

TEST_CASE("what is given is posted, without what was left out") {
  Daemon daemon;
  Output to;
  FeedbackOptions options;
  options.daemon = daemon.address();
  options.kind = "expected";
  options.author = "ann";
  options.until = "7d";
  options.predicate = "service = \"x\"";
  CHECK(run_feedback(options, to.out, to.err) == 0);
  CHECK(daemon.last.method == "POST");
  CHECK(daemon.last.path == "/api/v1/feedback");
  CHECK(daemon.last.body ==
        R"({"kind":"expected","author":"ann","until":"7d","where":"service = \"x\""})");
  CHECK(to.out.str() == "done\n");
  options.watch = "w";
  options.note = "a sale";
  options.predicate.clear();
  options.series = "00ff";
  options.range = "-3..4.5";
  CHECK(run_feedback(options, to.out, to.err) == 0);
  CHECK(daemon.last.body ==
        R"({"kind":"expected","author":"ann","until":"7d","watch":"w","note":"a sale",)"
        R"("id":"00ff","low":-3,"high":4.5})");
}

TEST_CASE("the answer is told with the watches that it names") {
  Daemon daemon;
  daemon.answer.body =
      R"({"summary":"feedback 7: noise","feedback":[{"service":"a","host":"h","watch":"w"},)"
      R"({"service":"b","watch":"w","low":80,"high":412.5}]})";
  Output to;
  FeedbackOptions options;
  options.daemon = daemon.address();
  CHECK(run_feedback(options, to.out, to.err) == 0);
  CHECK(to.out.str() == "feedback 7: noise\n  a on h, watch 'w'\n  b, watch 'w', 80..412.5\n");
}

TEST_CASE("a range that is none is refused before anybody is asked") {
  FeedbackOptions options;
  options.daemon = {"127.0.0.1", 1};
  for (const char* range : {"80", "..", "80..", "a..b", "5..4", "80-90"}) {
    CAPTURE(range);
    Output to;
    options.range = range;
    CHECK(run_feedback(options, to.out, to.err) == kNoAnswer);
    CHECK(to.err.str() == "tocsin feedback: --range: found '" + std::string(range) +
                              "', expected LOW..HIGH, such as 80..412.5\n");
  }
}

TEST_CASE("a list is printed as it comes") {
  Daemon daemon;
  daemon.answer = {200, "text/plain", "7 noise\n"};
  Output to;
  CHECK(run_feedback_list(daemon.address(), false, to.out, to.err) == 0);
  CHECK(to.out.str() == "7 noise\n");
  CHECK(daemon.last.method == "GET");
  CHECK(daemon.last.queries.at("format") == "text");
  CHECK(run_feedback_list(daemon.address(), true, to.out, to.err) == 0);
  CHECK(daemon.last.queries.at("format") == "json");
}

TEST_CASE("ids are withdrawn one by one, until one is refused") {
  Daemon daemon;
  Output to;
  CHECK(run_feedback_withdraw(daemon.address(), "b & c", {7, 8}, to.out, to.err) == 0);
  CHECK(daemon.last.method == "DELETE");
  CHECK(daemon.last.path == "/api/v1/feedback/8");
  CHECK(daemon.last.queries.at("author") == "b & c");
  CHECK(to.out.str() == "done\ndone\n");
  daemon.answer = api::problem(404, "unknown_feedback", "no feedback 9 is in force");
  CHECK(run_feedback_withdraw(daemon.address(), "b", {9, 10}, to.out, to.err) == kNoAnswer);
  CHECK(daemon.last.path == "/api/v1/feedback/9");
  CHECK(to.err.str() == "tocsin feedback: no feedback 9 is in force\n");
}

}  // namespace
}  // namespace tocsin::app
