#include "src/app/feedback_line.hpp"

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using test::at;

Result<FeedbackLine> parsed(std::string_view line) {
  return parse_feedback_line(line, [](std::size_t offset) { return std::to_string(offset); });
}

Feedback campaign() {
  Feedback feedback;
  feedback.id = 7;
  feedback.series = {2, 1};
  feedback.host = "web-1";
  feedback.service = "shop.orders";
  feedback.watch = "what \"customers\" do";
  feedback.author = "ann";
  feedback.note = "sale";
  feedback.given = at(0);
  feedback.until = at(60);
  feedback.range = {80, 412.5};
  return feedback;
}

constexpr std::string_view kCampaign =
    R"({"id":7,"kind":"expected","series":"00000000000000010000000000000002","host":"web-1",)"
    R"("service":"shop.orders","watch":"what \"customers\" do","author":"ann","note":"sale",)"
    R"("given":"2023-11-14T22:13:20Z","until":"2023-11-14T22:14:20Z","low":80,"high":412.5})";

TEST_CASE("feedback has the documented form, and is read back as it was") {
  std::string line;
  append_line(campaign(), line);
  CHECK(line == std::string(kCampaign) + "\n");
  const auto read = parsed(kCampaign);
  REQUIRE(read);
  const auto* feedback = std::get_if<Feedback>(&*read);
  REQUIRE(feedback != nullptr);
  std::string again;
  append_line(*feedback, again);
  CHECK(again == line);
  CHECK(feedback->series == event::Hash128{2, 1});
  CHECK(feedback->until == at(60));
}

TEST_CASE("noise has no range, and what is empty is left out") {
  Feedback noise = campaign();
  noise.kind = FeedbackKind::kNoise;
  noise.host.clear();
  noise.note.clear();
  std::string line;
  append_feedback(noise, line);
  CHECK(line.find("\"low\"") == std::string::npos);
  CHECK(line.find("\"host\"") == std::string::npos);
  const auto read = parsed(line);
  REQUIRE(read);
  CHECK(std::get<Feedback>(*read).kind == FeedbackKind::kNoise);
}

TEST_CASE("withdrawals and the last id are lines too") {
  std::string line;
  append_line(Withdrawal{7, "bob", at(0)}, line);
  CHECK(line == "{\"withdrawn\":7,\"author\":\"bob\",\"given\":\"2023-11-14T22:13:20Z\"}\n");
  const auto withdrawn = parsed(std::string_view(line).substr(0, line.size() - 1));
  REQUIRE(withdrawn);
  CHECK(std::get<Withdrawal>(*withdrawn).id == 7);
  CHECK(std::get<Withdrawal>(*withdrawn).author == "bob");
  line.clear();
  append_line(LastFeedbackId{41}, line);
  CHECK(line == "{\"last_id\":41}\n");
  const auto last = parsed("{\"last_id\":41}");
  REQUIRE(last);
  CHECK(std::get<LastFeedbackId>(*last).id == 41);
}

TEST_CASE("times that are centuries apart are compared like any others") {
  const auto read =
      parsed(R"({"id":7,"kind":"noise","series":"00000000000000010000000000000002","watch":"w",)"
             R"("author":"ann","given":"1700-01-01T00:00:00Z","until":"2250-01-01T00:00:00Z"})");
  REQUIRE_FALSE(read);
  CHECK(read.error().text == "until: found an end more than 90d behind given, expected one before");
}

TEST_CASE("a line with one thing wrong is refused for that") {
  const auto with = [](std::string_view from, std::string_view to) {
    std::string line(kCampaign);
    const std::size_t at_from = line.find(from);
    REQUIRE(at_from != std::string::npos);
    return line.replace(at_from, from.size(), to);
  };
  const std::pair<std::string, std::string> cases[] = {
      {with("\"id\":7", "\"id\":-7"), "id: found no such number"},
      {with("\"id\":7", "\"id\":1.5"), "id: found no such number"},
      {with("expected", "x"), "kind: found 'x'"},
      {with("0000000000000002", "x"), "series: "},
      {with("\"watch\"", "\"wach\""), "watch: found nothing"},
      {with("ann", ""), "author: found nothing"},
      {with("ann", std::string(65, 'a')), "author: found 65 bytes"},
      {with("22:13:20Z", "yesterday"), "given: found '"},
      {with("2023-11-14T22:14", "2024-11-14T22:14"), "until: found an end more than 90d behind"},
      {with("2023-11-14T22:14:20Z", "2024-02-12T22:13:21Z"), "until: found an end more than 90d"},
      {with("2023-11-14T22:14:20Z", "2023-11-14T22:13:20Z"), "until: found an end that is not"},
      {with("2023-11-14T22:14:20Z", "1700-01-01T00:00:00Z"), "until: found an end that is not"},
      {with("\"high\":412.5", "\"high\":1"), "low: found no range"},
      {with("\"high\":412.5", "\"high\":null"), "high: found another value"},
      {with("\"high\":412.5", "\"high\":1e999"), "not a JSON object: Number too big"},
      {with(",\"high\":412.5", ""), "low: found no range"},
      {with("\"note\"", "\"notes\""), "found the key 'notes'"},
      {std::string(kCampaign.substr(0, 50)), "not a JSON object"},
  };
  for (const auto& [line, expected] : cases) {
    CAPTURE(line);
    const auto read = parsed(line);
    REQUIRE_FALSE(read);
    CHECK_MESSAGE(read.error().text.find(expected) != std::string::npos, read.error().text);
    CHECK_FALSE(read.error().where.empty());
  }
}

}  // namespace
}  // namespace tocsin::app
