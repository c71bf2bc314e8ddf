#include "src/detect/ensemble.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

namespace tocsin::detect {
namespace {

Vote fires(const Window&, Scratch&) {
  return {.fired = true};
}
Vote refuses(const Window&, Scratch&) {
  return {};
}
Vote abstains(const Window&, Scratch&) {
  return {.abstained = true};
}
Vote expects_0_to_10(const Window&, Scratch&) {
  return {.expected_low = 0, .expected_high = 10};
}
Vote expects_2_to_12(const Window&, Scratch&) {
  return {.expected_low = 2, .expected_high = 12};
}
Vote expects_any(const Window&, Scratch&) {
  return {.expected_low = -1e9, .expected_high = 1e9};
}
Vote expects_below_5(const Window&, Scratch&) {
  return {.expected_low = -INFINITY, .expected_high = 5};
}

Ensemble ensemble(const std::vector<Voter>& detectors, std::size_t quorum,
                  Consensus rule = Consensus::kQuorum) {
  Result<Ensemble> made = Ensemble::make(detectors, quorum, rule);
  REQUIRE(made);
  return *std::move(made);
}

const std::vector<double> kTimes{100, 110, 120};
const std::vector<double> kValues{1, 2, 412};
const Window kWindow{kTimes, kValues, 120};

Verdict judge(const Ensemble& ensemble, const Window& window = kWindow) {
  Scratch scratch;
  return ensemble.judge(window, scratch);
}

std::string error_of(std::string_view list, std::size_t quorum = 0) {
  const Result<Ensemble> parsed = Ensemble::parse(list, quorum, Consensus::kQuorum);
  return parsed ? "" : parsed.error().text;
}

TEST_CASE("votes count for what they weigh") {
  const auto judged = [](std::uint32_t of_one, std::uint32_t of_other, std::size_t quorum,
                         Consensus rule) {
    Voter one("one", fires);
    one.weight = of_one;
    Voter other("other", refuses);
    other.weight = of_other;
    const Ensemble both = ensemble({one, other}, quorum, rule);
    CHECK(both.weight() == of_one + of_other);
    const Verdict verdict = judge(both);
    CHECK(verdict.votes_true == 1);
    CHECK(verdict.votes_false == 1);
    CHECK(verdict.alarming ==
          (rule == Consensus::kQuorum ? verdict.anomalous : verdict.anomalous_as_run));
    return verdict.anomalous;
  };
  CHECK(judged(3, 1, 3, Consensus::kQuorum));
  CHECK_FALSE(judged(1, 3, 3, Consensus::kQuorum));
  CHECK(judged(3, 1, 3, Consensus::kSkylineCompat));
  CHECK_FALSE(judged(1, 3, 3, Consensus::kSkylineCompat));
  CHECK(ensemble({Voter("one", fires), Voter("other", refuses)}, 0).quorum() == 2);
  CHECK_FALSE(Ensemble::make({Voter("one", fires)}, 2, Consensus::kQuorum));
}

TEST_CASE("an abstention counts on neither side") {
  const Verdict verdict = judge(ensemble({{"a", fires}, {"b", refuses}, {"c", abstains}}, 2));
  CHECK(verdict.votes_true == 1);
  CHECK(verdict.votes_false == 1);
}

TEST_CASE("the quorum counts who fired, Skyline's rule who spoke against") {
  const std::vector<Voter> detectors{{"a", fires}, {"b", refuses}, {"c", abstains}};
  const Verdict verdict = judge(ensemble(detectors, 2));
  CHECK_FALSE(verdict.anomalous);
  CHECK(verdict.anomalous_as_run);
  CHECK_FALSE(verdict.alarming);
  CHECK(judge(ensemble(detectors, 2, Consensus::kSkylineCompat)).alarming);
}

TEST_CASE("a skipped series is judged but does not alarm") {
  const std::vector<double> same{5, 5, 5};
  const Verdict verdict = judge(ensemble({{"a", fires}}, 1), {kTimes, same, 120});
  CHECK(verdict.skip == Skip::kBoring);
  CHECK(verdict.anomalous);
  CHECK_FALSE(verdict.alarming);
}

TEST_CASE("the expected range is the median over two-sided ranges") {
  const Verdict verdict = judge(ensemble({{"a", expects_0_to_10},
                                          {"b", expects_2_to_12},
                                          {"c", expects_any},
                                          {"d", expects_below_5},
                                          {"e", fires}},
                                         1));
  CHECK(verdict.expected_low == 0);
  CHECK(verdict.expected_high == 12);
}

TEST_CASE("the explanation says value, range and how many agree") {
  SUBCASE("with a range") {
    const Ensemble two = ensemble({{"a", expects_0_to_10}, {"b", fires}}, 1);
    CHECK(judge(two).explanation() == "value 412, expected 0..10, 1 of 2 agrees");
  }
  SUBCASE("without one") {
    const Ensemble three = ensemble({{"a", fires}, {"b", fires}, {"c", refuses}}, 1);
    CHECK(judge(three).explanation() == "value 412, 2 of 3 agree");
  }
}

TEST_CASE("skyline means nine detectors and a quorum of six") {
  CHECK(Ensemble().detectors().size() == 9);
  CHECK(Ensemble().quorum() == 6);
  const Result<Ensemble> parsed = Ensemble::parse("skyline", 0, Consensus::kQuorum);
  REQUIRE(parsed);
  CHECK(parsed->detectors().size() == 9);
  CHECK(parsed->quorum() == 6);
}

TEST_CASE("a list of names makes an ensemble of two thirds, or of the quorum given") {
  const Result<Ensemble> parsed =
      Ensemble::parse("grubbs,ks_test,least_squares,histogram_bins", 0, Consensus::kQuorum);
  REQUIRE(parsed);
  CHECK(parsed->detectors()[1].name == "ks_test");
  CHECK(parsed->quorum() == 3);
  const Result<Ensemble> one = Ensemble::parse("grubbs,ks_test", 1, Consensus::kQuorum);
  REQUIRE(one);
  CHECK(one->quorum() == 1);
}

TEST_CASE("lists that name no ensemble are refused with what was found") {
  CHECK(error_of("grubs").starts_with(
      "unknown detector 'grubs', expected skyline or some of first_"));
  CHECK(error_of("").starts_with("unknown detector ''"));
  CHECK(error_of("grubbs,").starts_with("unknown detector ''"));
  CHECK(error_of("grubbs,grubbs") == "detector 'grubbs' is given twice");
  CHECK(error_of("grubbs", 2) == "a quorum of 2, expected at most 1, the number of detectors");
  CHECK_FALSE(Ensemble::make({}, 0, Consensus::kQuorum));
  std::vector<std::string> names;
  for (int i = 0; i < 33; ++i) names.push_back("d" + std::to_string(i));
  std::vector<Voter> many;
  for (const std::string& name : names) many.push_back({name, fires});
  const Result<Ensemble> made = Ensemble::make(many, 0, Consensus::kQuorum);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Errc::kLimit);
}

TEST_CASE("detectors are found by their names only") {
  REQUIRE(find_detector("ks_test") != nullptr);
  CHECK(find_detector("ks_test")->name == "ks_test");
  CHECK(find_detector("ks") == nullptr);
}

}  // namespace
}  // namespace tocsin::detect
