#include "src/app/feedback_routes.hpp"

#include <rapidjson/document.h>

#include <algorithm>

#include "tests/unit/app/live_stages.hpp"

namespace tocsin::app {
namespace {

constexpr const char* kRules = R"(
watch:
  - {name: pace, where: 'service =~ "orders%"', detect: skyline}
  - {name: depth, where: service = "orders", detect: deep}
  - {name: limit, where: service = "queries", critical: metric > 1}
)";

struct Fixture {
  explicit Fixture(std::size_t max = 10)
      : book(*FeedbackBook::open({{}, max}, test::at(0), nullptr)) {
    live.count("orders", 1);
    live.count("orders.late", 1);
    live.count("queries", 1);
    live.tick(10);
  }

  api::Response ask(const std::string& method, const std::string& target,
                    const std::string& body = {}) {
    auto request = api::parse_target(target);
    REQUIRE(request);
    REQUIRE(FeedbackRoutes::serves(request->path));
    request->method = method;
    request->body = body;
    return routes(*request);
  }
  api::Response give(const std::string& rest) {
    return ask("POST", "/api/v1/feedback", "{\"author\":\"ann\",\"until\":\"1h\"," + rest + "}");
  }
  rapidjson::Document json(const api::Response& response) const {
    CAPTURE(response.body);
    CHECK(response.status == 200);
    rapidjson::Document document;
    document.Parse(response.body.c_str());
    REQUIRE_FALSE(document.HasParseError());
    return document;
  }
  static bool problem(const api::Response& response, unsigned status, const std::string& code,
                      const std::string& detail = {}) {
    CAPTURE(response.body);
    CHECK(response.status == status);
    CHECK(response.body.find("\"" + code + "\"") != std::string::npos);
    return response.body.find(detail) != std::string::npos;
  }

  test::LiveStages live{kRules, 2, 4000};
  FeedbackBook book;
  TimePoint now = test::at(10);
  FeedbackRoutes routes{*live.shards, book, [this] { return now; }};
};

TEST_CASE("only its own paths are served") {
  CHECK(FeedbackRoutes::serves("/feedback"));
  CHECK(FeedbackRoutes::serves("/feedback/7"));
  CHECK(FeedbackRoutes::serves("/api/v1/feedback"));
  CHECK(FeedbackRoutes::serves("/api/v1/feedback/7"));
  CHECK_FALSE(FeedbackRoutes::serves("/feedbacks"));
  CHECK_FALSE(FeedbackRoutes::serves("/api/v1/index"));
}

TEST_CASE("noise is given to the watches that are selected, listed and taken back") {
  Fixture f;
  const auto given = f.json(f.give(R"("kind":"noise","where":"service =~ \"orders%\"")"));
  CHECK(given["id"].GetInt() == 1);
  CHECK(given["series"].GetInt() == 2);
  CHECK(given["watches"].GetInt() == 2);
  CHECK(given["left_out"].GetInt() == 1);  // deep has one vote and no calibration
  CHECK(given["kept"] == "memory");
  const std::string summary = given["summary"].GetString();
  CHECK(
      summary.starts_with("feedback 1: noise by ann until 2023-11-14T23:13:30Z, on 2 watches of "
                          "2 series; left out: 1 watch whose vote cannot be clearer"));
  CHECK(summary.ends_with("kept in memory only, until the daemon ends (detect.feedback.file)"));
  REQUIRE(given["feedback"].Size() == 2);

  const auto listed = f.json(f.ask("GET", "/feedback"));
  CHECK(listed["max"].GetInt() == 10);
  REQUIRE(listed["feedback"].Size() == 2);
  CHECK(listed["feedback"][0]["author"] == "ann");
  CHECK(listed["feedback"][0]["series"].GetStringLength() == 32);
  const api::Response text = f.ask("GET", "/feedback?format=text");
  CHECK(std::count(text.body.begin(), text.body.end(), '\n') == 2);
  CHECK(text.body.find("1 noise by ann until 2023-11-14T23:13:30Z: orders, watch 'pace'\n") !=
        std::string::npos);

  const auto withdrawn = f.json(f.ask("DELETE", "/feedback/1?author=bob"));
  CHECK(withdrawn["watches"].GetInt() == 2);
  CHECK(withdrawn["summary"] == "feedback 1 is withdrawn by bob, from 2 watches");
  CHECK(f.json(f.ask("GET", "/feedback"))["feedback"].Size() == 0);
}

TEST_CASE("what ends is listed no more") {
  Fixture f;
  f.json(f.give(R"("kind":"noise","where":"true")"));
  f.now = test::at(3610);
  CHECK(f.json(f.ask("GET", "/feedback"))["feedback"].Size() == 0);
}

TEST_CASE("a range that is given needs no anomaly") {
  Fixture f;
  const auto given =
      f.json(f.give(R"("kind":"expected","where":"service = \"orders\"","low":1,"high":2)"));
  CHECK(given["watches"].GetInt() == 2);
  CHECK(given["feedback"][0]["low"].GetDouble() == 1);
}

TEST_CASE("one series is selected by its id, one watch by its name") {
  Fixture f;
  auto given = f.json(f.give(R"("kind":"noise","where":"service = \"orders\"","watch":"pace")"));
  CHECK(given["left_out"].GetInt() == 0);
  const std::string id = given["feedback"][0]["series"].GetString();
  given = f.json(f.give(R"("kind":"noise","id":")" + id + "\""));
  CHECK(given["series"].GetInt() == 1);
  CHECK(given["feedback"][0]["service"] == "orders");
}

TEST_CASE("what would change nothing, or concerns nobody, is refused") {
  Fixture f;
  CHECK(f.problem(f.give(R"("kind":"noise","where":"service = \"nobody\"")"), 404, "no_series",
                  "no series that is selected has a watch that detects"));
  CHECK(f.problem(f.give(R"("kind":"noise","where":"service = \"queries\"")"), 404, "no_series"));
  CHECK(f.problem(f.give(R"("kind":"noise","where":"true","watch":"x")"), 404, "no_series",
                  "a watch 'x' that detects"));
  CHECK(f.problem(f.give(R"("kind":"noise","where":"true","watch":"depth")"), 409,
                  "changes_nothing", "found only 1 watch whose vote cannot be clearer"));
  CHECK(f.problem(f.give(R"("kind":"expected","where":"service = \"orders\"")"), 409,
                  "changes_nothing", "found only 2 watches without an anomaly"));
  CHECK(f.book.in_force(f.now).empty());
}

TEST_CASE("noise is refused where what is in force has made the vote as clear as can be") {
  Fixture f;
  const std::string noise = R"("kind":"noise","where":"service = \"orders\"","watch":"pace")";
  for (int i = 0; i < 3; ++i) f.json(f.give(noise));  // six of nine votes and three
  CHECK(f.problem(f.give(noise), 409, "changes_nothing",
                  "found only 1 watch whose vote cannot be clearer: it needs all votes already"));
  CHECK(f.book.in_force(f.now).size() == 3);
  const auto elsewhere = f.json(f.give(R"("kind":"noise","where":"true","watch":"pace")"));
  CHECK(elsewhere["watches"].GetInt() == 1);
  CHECK(elsewhere["left_out"].GetInt() == 1);
  CHECK(elsewhere["feedback"][0]["service"] == "orders.late");
  f.json(f.ask("DELETE", "/feedback/1?author=bob"));
  f.json(f.give(noise));
  // What lasts longer changes something when the others have ended.
  f.now = test::at(20);
  f.json(f.give(noise));
}

TEST_CASE("requests that are wrong are told where and why") {
  Fixture f;
  CHECK(f.problem(f.give(R"("kind":"noise")"), 400, "bad_feedback", "found neither where nor id"));
  CHECK(f.problem(f.ask("POST", "/feedback", "x"), 400, "bad_feedback", "offset 0: "));
  CHECK(f.problem(f.ask("GET", "/feedback?format=xml"), 400, "bad_format"));
  CHECK(f.problem(f.ask("DELETE", "/feedback/x?author=a"), 400, "bad_id", "found 'x'"));
  CHECK(f.problem(f.ask("DELETE", "/feedback/1"), 400, "missing_parameter"));
  CHECK(f.problem(f.ask("DELETE", "/feedback/1?author=%0A"), 400, "bad_author"));
  CHECK(f.problem(f.ask("DELETE", "/feedback/1?author=a"), 404, "unknown_feedback",
                  "no feedback 1 is in force"));
  CHECK(f.ask("DELETE", "/feedback").status == 405);
  CHECK(f.ask("PUT", "/feedback").status == 405);
  CHECK(f.ask("GET", "/feedback/1").status == 405);
  auto request = *api::parse_target("/feedback");
  request.method = "POST";
  request.encoding = "gzip";
  CHECK(f.problem(f.routes(request), 415, "unsupported_encoding"));
}

TEST_CASE("there is room for so much and no more") {
  Fixture f(1);
  CHECK(f.problem(f.give(R"("kind":"noise","where":"true")"), 409, "feedback_limit",
                  "expected at most 1 more"));
  CHECK(f.book.in_force(f.now).empty());
}

TEST_CASE("at once it is about a thousand watches at most") {
  Fixture f(5000);
  for (std::size_t i = 0; i < FeedbackRoutes::kMaxSubjects; ++i) {
    f.live.count("orders." + std::to_string(i), 1);
  }
  f.live.tick(20);
  CHECK(f.problem(f.give(R"("kind":"noise","where":"true")"), 400, "too_many",
                  "found more than 1000 watches"));
}

TEST_CASE("a daemon that stops does not take feedback") {
  Fixture f;
  f.live.stop();
  CHECK(f.problem(f.give(R"("kind":"noise","where":"true")"), 503, "unavailable"));
  CHECK(f.book.in_force(f.now).empty());
}

}  // namespace
}  // namespace tocsin::app
