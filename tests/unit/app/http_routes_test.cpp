#include "src/app/http_routes.hpp"

#include <rapidjson/document.h>

#include "tests/unit/app/live_stages.hpp"

namespace tocsin::app {
namespace {

struct Fixture {
  api::Response get(const std::string& target, const std::string& method = "GET") const {
    auto request = api::parse_target(target);
    REQUIRE(request);
    request->method = method;
    return routes(*request);
  }
  rapidjson::Document json(const std::string& target) const {
    const api::Response response = get(target);
    CHECK(response.status == 200);
    rapidjson::Document document;
    document.Parse(response.body.c_str());
    REQUIRE_FALSE(document.HasParseError());
    return document;
  }
  bool problem(const std::string& target, unsigned status, const std::string& code) const {
    const api::Response response = get(target);
    CAPTURE(response.body);
    CHECK(response.status == status);
    return response.body.find("\"" + code + "\"") != std::string::npos;
  }

  test::LiveStages live{
      "service:\n  - {name: shop, title: The shop, business: [orders], depends_on: [db]}\n"
      "  - {name: db, business: [queries]}\n"};
  std::atomic<bool> healthy{true};
  FeedbackBook book = *FeedbackBook::open({}, test::at(0), nullptr);
  FeedbackRoutes feedback{*live.shards, book, [] { return test::at(0); }};
  HttpRoutes routes{{live.shards.get(), live.roll_up.get(), live.publisher.get(), &healthy,
                     [] { return std::string("tocsin_up 1\n"); }, &feedback}};
};

TEST_CASE("metrics, health and readiness") {
  Fixture f;
  CHECK(f.get("/metrics").body == "tocsin_up 1\n");
  CHECK(f.get("/metrics").type.starts_with("text/plain"));
  for (const char* path : {"/health", "/healthz", "/ready", "/readyz"}) {
    CAPTURE(path);
    CHECK(f.get(path).status == 200);
  }
  CHECK(f.json("/ready")["ready"] == "yes");
  f.healthy = false;
  CHECK(f.get("/health").status == 503);
  CHECK(f.get("/ready").status == 200);
}

TEST_CASE("the index answers in three formats") {
  Fixture f;
  f.live.count("b", 2);
  f.live.count("a", 1);
  f.live.event("job", "critical", "two\nlines");
  f.live.tick(10);
  const auto json = f.json("/api/v1/index?where=metric%20%3E%200");
  CHECK(json["as_of_ms"].GetInt64() == (test::kStart + 10) * 1000);
  REQUIRE(json["events"].Size() == 2);
  CHECK(json["events"][0]["service"] == "a");
  CHECK(json["events"][1]["service"] == "b");
  CHECK(f.json("/api/v1/index?where=true&limit=1")["events"].Size() == 1);
  const api::Response lines = f.get("/api/v1/index?where=service+%3D+%22job%22&format=text");
  CHECK(std::count(lines.body.begin(), lines.body.end(), '\n') == 1);
  CHECK(lines.body.find("critical - job - | two lines") != std::string::npos);
  const api::Response ndjson = f.get("/api/v1/index?where=metric%20%3E%200&format=ndjson");
  CHECK(std::count(ndjson.body.begin(), ndjson.body.end(), '\n') == 2);
}

TEST_CASE("the index refuses what it does not understand") {
  Fixture f;
  CHECK(f.problem("/api/v1/index", 400, "missing_parameter"));
  CHECK(f.problem("/api/v1/index?where=metric%20%3E", 400, "bad_predicate"));
  CHECK(f.problem("/api/v1/index?where=true&format=xml", 400, "bad_format"));
  for (const char* limit : {"0", "-1", "10001", "x", "1x", "99999999999999999999"}) {
    CAPTURE(limit);
    CHECK(f.problem("/api/v1/index?where=true&limit=" + std::string(limit), 400, "bad_limit"));
  }
}

TEST_CASE("services: all, one, and its status") {
  Fixture f;
  f.live.event("orders", "critical", "no \"orders\"");
  f.live.event("queries", "ok");
  f.live.tick(1);
  const auto all = f.json("/api/v1/services");
  REQUIRE(all["services"].Size() == 2);
  CHECK(all["services"][0]["id"] == "shop");
  CHECK(all["services"][0]["rolled"] == "failing");
  CHECK_FALSE(all["services"][0].HasMember("business"));
  const auto one = f.json("/api/v1/services/shop");
  CHECK(one["title"] == "The shop");
  CHECK(one["depends_on"][0] == "db");
  REQUIRE(one["business"].Size() == 1);
  CHECK(std::string(one["business"][0]["reason"].GetString()).find("no \"orders\"") !=
        std::string::npos);
  for (const char* view : {"own", "rolled", "strict"}) {
    const auto status = f.json("/api/v1/services/shop/status?view=" + std::string(view));
    CHECK(status["view"].GetString() == std::string(view));
    CHECK(status["answer"] == "no");
    CHECK(status["because"].Size() > 0);
  }
  CHECK(f.json("/api/v1/services/db/status")["answer"] == "yes");
  CHECK(f.problem("/api/v1/services/shop/status?view=other", 400, "bad_view"));
  CHECK(f.problem("/api/v1/services/nobody", 404, "unknown_service"));
  CHECK(f.get("/api/v1/services/nobody").body.find("no service 'nobody'; there are: shop, db\"") !=
        std::string::npos);
  CHECK(f.get("/api/v1/services/shpo/status")
            .body.find("no service 'shpo'; did you mean 'shop'?\"") != std::string::npos);
}

TEST_CASE("feedback has routes of its own") {
  Fixture f;
  CHECK(f.json("/api/v1/feedback")["feedback"].Size() == 0);
  CHECK(f.get("/feedback", "POST").status == 400);
}

TEST_CASE("other paths and methods are refused") {
  Fixture f;
  CHECK(f.problem("/", 404, "not_found"));
  CHECK(f.problem("/api/v1/nothing", 404, "not_found"));
  CHECK(f.get("/health", "POST").status == 405);
  CHECK(f.get("/health", "HEAD").status == 200);
}

TEST_CASE("a daemon that stops says that it cannot answer") {
  Fixture f;
  f.live.stop();
  CHECK(f.problem("/api/v1/index?where=true", 503, "unavailable"));
  CHECK(f.get("/ready").status == 503);
}

}  // namespace
}  // namespace tocsin::app
