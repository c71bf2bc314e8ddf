#include "src/app/watch_feedback.hpp"

#include "src/detect/skyline.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using test::at;

FeedbackPtr said(FeedbackKind kind, std::string author, std::int64_t until_s,
                 std::string watch = "w") {
  Feedback feedback;
  feedback.kind = kind;
  feedback.watch = std::move(watch);
  feedback.author = std::move(author);
  feedback.until = at(until_s);
  feedback.range = {80, 412};
  return std::make_shared<const Feedback>(std::move(feedback));
}
constexpr FeedbackKind kExpected = FeedbackKind::kExpected;
constexpr FeedbackKind kNoise = FeedbackKind::kNoise;

detect::Ensemble ensemble(std::initializer_list<const char*> names, std::size_t quorum) {
  std::vector<detect::Voter> voters;
  for (const char* name : names) voters.push_back(*detect::find_voter(name));
  return *detect::Ensemble::make(std::move(voters), quorum, detect::Consensus::kQuorum);
}

TEST_CASE("only what is said of the watch and still in force counts") {
  const detect::Ensemble nine;
  const std::vector<FeedbackPtr> given{said(kNoise, "ann", 60), said(kNoise, "bob", 30),
                                       said(kExpected, "eve", 60, "other")};
  const auto feedback = WatchFeedback::make(given, "w", nine, at(0));
  REQUIRE(feedback != nullptr);
  CHECK(feedback->in_force().size() == 2);
  CHECK_FALSE(feedback->ends(at(29)));
  CHECK(feedback->ends(at(30)));
  CHECK(WatchFeedback::make(given, "w", nine, at(30))->in_force().size() == 1);
  CHECK(WatchFeedback::make(given, "w", nine, at(60)) == nullptr);
  CHECK(WatchFeedback::make(given, "nobody's", nine, at(0)) == nullptr);
}

TEST_CASE("each noise asks for one vote more, up to all") {
  const detect::Ensemble nine;  // six of them are needed
  std::vector<FeedbackPtr> given;
  for (const std::size_t quorum : {7, 8, 9, 9}) {
    given.push_back(said(kNoise, "ann", 60));
    const auto feedback = WatchFeedback::make(given, "w", nine, at(0));
    REQUIRE(feedback->ensemble() != nullptr);
    CHECK(feedback->ensemble()->quorum() == quorum);
    CHECK(feedback->ensemble()->weight() == 9);
    CHECK(feedback->ensemble()->rule() == nine.rule());
  }
}

TEST_CASE("each noise halves the false alarms of those that go by them, ten times at most") {
  const detect::Ensemble both = ensemble({"consensus", "deep"}, 2);
  std::vector<FeedbackPtr> given;
  double allowed = 0.1;
  for (int i = 0; i < 12; ++i) {
    given.push_back(said(kNoise, "ann", 60));
    allowed = i < 10 ? allowed / 2 : allowed;
    const auto feedback = WatchFeedback::make(given, "w", both, at(0));
    CHECK(feedback->ensemble()->quorum() == 2);
    CHECK(feedback->ensemble()->detectors()[0].options.false_alarms_per_week ==
          doctest::Approx(allowed));
    CHECK(feedback->ensemble()->detectors()[1].options == both.detectors()[1].options);
  }
}

TEST_CASE("what is expected leaves the voters alone") {
  const detect::Ensemble nine;
  const std::vector<FeedbackPtr> given{said(kExpected, "ann", 60)};
  const auto feedback = WatchFeedback::make(given, "w", nine, at(0));
  CHECK(feedback->ensemble() == nullptr);
  CHECK(feedback->expecting(80) == given[0].get());
  CHECK(feedback->expecting(412) == given[0].get());
  CHECK(feedback->expecting(79) == nullptr);
  CHECK(
      WatchFeedback::make(std::vector{said(kNoise, "ann", 60)}, "w", nine, at(0))->expecting(100) ==
      nullptr);
}

TEST_CASE("noise changes something until all votes are needed and nothing can be halved") {
  CHECK(WatchFeedback::most_noise(detect::Ensemble()) == 3);
  CHECK(WatchFeedback::most_noise(ensemble({"consensus"}, 1)) == 10);
  CHECK(WatchFeedback::most_noise(ensemble({"deep", "grubbs"}, 1)) == 1);
  CHECK(WatchFeedback::most_noise(ensemble({"deep"}, 1)) == 0);
  CHECK(WatchFeedback::most_noise(ensemble({"deep", "grubbs"}, 2)) == 0);
}

TEST_CASE("an alarm says what stood against it, and who said so") {
  const std::string end = " until 2023-11-14T22:14:20Z";
  const auto remark = [](const std::vector<FeedbackPtr>& given, const detect::Ensemble& of) {
    return WatchFeedback::make(given, "w", of, at(0))->remark();
  };
  const detect::Ensemble nine;
  CHECK(remark({said(kNoise, "ann", 60)}, nine) == ", 7 votes needed: noise by ann" + end);
  CHECK(remark({said(kNoise, "ann", 60), said(kExpected, "bob", 60)}, nine) ==
        ", beyond 80..412: expected by bob" + end + ", 7 votes needed: noise by ann" + end);
  CHECK(remark({said(kNoise, "ann", 60)}, ensemble({"consensus"}, 1)) ==
        ", 0.05 false alarms allowed per week: noise by ann" + end);
  CHECK(remark({said(kNoise, "ann", 60)}, ensemble({"consensus", "deep"}, 1)) ==
        ", 2 votes needed and 0.05 false alarms allowed per week: noise by ann" + end);
  CHECK(remark({said(kNoise, "ann", 60)}, ensemble({"deep"}, 1)) == ", noise by ann" + end);
  const std::vector<FeedbackPtr> five(5, said(kNoise, "ann", 60));
  CHECK(remark(five, nine).ends_with("noise by ann" + end + " and 2 more"));
}

TEST_CASE("records have all of it") {
  const std::vector<FeedbackPtr> given{said(kNoise, "ann", 60), said(kExpected, "bob", 60)};
  CHECK(WatchFeedback::make(given, "w", detect::Ensemble(), at(0))->words() ==
        "noise by ann until 2023-11-14T22:14:20Z, expected by bob until 2023-11-14T22:14:20Z");
}

}  // namespace
}  // namespace tocsin::app
