#include "src/app/feedback_request.hpp"

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using test::at;

std::string fault(const std::string& body) {
  const auto request = parse_feedback_request(body, at(0));
  return request ? "none" : request.error().message();
}

TEST_CASE("a request with everything in it") {
  const auto request = parse_feedback_request(
      R"({"kind":"expected","author":"ann","until":"1h","note":"sale","watch":"orders",)"
      R"("where":"service = \"x\"","low":-1,"high":2.5})",
      at(0));
  REQUIRE(request);
  CHECK(request->kind == FeedbackKind::kExpected);
  CHECK(request->author == "ann");
  CHECK(request->note == "sale");
  CHECK(request->until == at(3600));
  CHECK(request->selection.watch == "orders");
  CHECK_FALSE(request->selection.series.has_value());
  Event event;
  event.service = "x";
  CHECK(request->selection.where.matches(event));
  event.service = "y";
  CHECK_FALSE(request->selection.where.matches(event));
  REQUIRE(request->range.has_value());
  CHECK(*request->range == ValueRange{-1, 2.5});
}

TEST_CASE("a request with what it needs, for one series") {
  const auto request = parse_feedback_request(
      R"({"kind":"noise","author":"ann","until":"7d","id":"00000000000000010000000000000002"})",
      at(0));
  REQUIRE(request);
  CHECK(request->kind == FeedbackKind::kNoise);
  CHECK(request->selection.series == event::Hash128{2, 1});
  CHECK(request->selection.watch.empty());
  CHECK_FALSE(request->range.has_value());
}

TEST_CASE("what is wrong is said with its place") {
  const std::string good = R"("author":"a","until":"1h","where":"true")";
  CHECK(fault("{\"kind\":\"noise\"," + good + "}") == "none");
  const std::pair<std::string, std::string> cases[] = {
      {"", "offset 0: not a JSON object"},
      {"{" + good + "}", "offset 41: kind: found nothing, expected expected or noise"},
      {"{\"kind\":\"x\"," + good + "}", "offset 8: kind: found 'x', expected expected or noise"},
      {R"({"kind":"noise","until":"1h","where":"true"})",
       "offset 43: author: found nothing, expected who says so"},
      {"{\"kind\":\"noise\",\"author\":\"" + std::string(65, 'a') +
           R"(","until":"1h","where":"true"})",
       "offset 25: author: found 65 bytes, expected at most 64"},
      {R"({"kind":"noise","author":"a","where":"true"})", "until: found nothing"},
      {R"({"kind":"noise","author":"a","until":"soon","where":"true"})",
       "until: found 'soon', expected a duration such as"},
      {R"({"kind":"noise","author":"a","until":"91d","where":"true"})", "at most 90d ahead"},
      {"{\"kind\":\"noise\"," + good + ",\"note\":\"a\\nb\"}", "note: found 'a"},
      {R"({"kind":"noise","author":"a","until":"1h"})", "found neither where nor id"},
      {"{\"kind\":\"noise\"," + good + ",\"id\":\"x\"}", "found both where and id"},
      {R"({"kind":"noise","author":"a","until":"1h","id":"x"})", "offset 47: id: "},
      {R"({"kind":"noise","author":"a","until":"1h","where":"metric >"})", "where: 1:"},
      {"{\"kind\":\"noise\"," + good + ",\"low\":1,\"high\":2}",
       "expected it of kind expected only"},
      {"{\"kind\":\"expected\"," + good + ",\"low\":1}", "high: found nothing"},
      {"{\"kind\":\"expected\"," + good + ",\"low\":2,\"high\":1}", "found a number below low"},
      {"{\"kind\":\"expected\"," + good + ",\"low\":\"a\",\"high\":1}", "low: found 'a'"},
      {"{\"kind\":\"noise\"," + good + ",\"who\":\"ann\"}", "found the key 'who'"},
  };
  for (const auto& [body, expected] : cases) {
    CAPTURE(body);
    CHECK_MESSAGE(fault(body).find(expected) != std::string::npos, fault(body));
  }
}

}  // namespace
}  // namespace tocsin::app
