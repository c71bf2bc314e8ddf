// Feedback as a shard goes by it: src/app/shard_feedback.cpp, and the votes of shard_stage.cpp.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using service::Health;
using test::at;
using test::identity;
using test::StageFixture;

const Identity kOrders = identity(SeriesKind::kCounter, "orders");
const Identity kVisits = identity(SeriesKind::kCounter, "visits");

// Two of them see a shift within a few windows; the third one takes longer.
constexpr const char* kShop = R"(
watch:
  - name: pace
    where: service in ("orders", "visits")
    detect: {detectors: [stddev_from_average, mean_subtraction_cumulation, ks_test], quorum: 2}
service:
  - {name: shop, business: [orders]}
)";
constexpr const char* kLearned =
    "watch:\n  - {name: pace, where: service = \"orders\", detect: consensus}\n";

// A shard with orders and what is said of them.
struct Shop : StageFixture {
  explicit Shop(const std::string& rules = kShop,
                const ShardOptions& options = test::small_options())
      : StageFixture(rules, options) {}

  // Ten minutes of an even pace, a little uneven so that there is a deviation.
  void calm(const Identity& of = kOrders) {
    for (int i = 0; i < 60; ++i) window(of, SampleOp::kAdd, 100 + i % 3);
  }
  // Another level, by default a tenth, until that is found to be unusual: six windows at most.
  // Whether it was.
  bool shift(double to = 10, const Identity& of = kOrders) {
    for (int i = 0; i < 6 && open() == 0; ++i) window(of, SampleOp::kAdd, to);
    return open() == 1;
  }
  std::vector<FeedbackSubject> subjects(const FeedbackSelection& selection) const {
    std::vector<FeedbackSubject> found;
    CHECK(stage.subjects(selection, 0, 1000, 100, found) == 0);
    return found;
  }
  FeedbackSubject subject(std::string_view where = "service = \"orders\"") const {
    FeedbackSelection selection;
    selection.where = test::predicate(where);
    const auto found = subjects(selection);
    REQUIRE(found.size() == 1);
    return found[0];
  }
  FeedbackPtr said(FeedbackKind kind, std::int64_t for_s) const {
    Feedback feedback;
    feedback.kind = kind;
    feedback.series = subject().series;
    feedback.watch = "pace";
    feedback.author = "ann";
    feedback.until = at(now_s + for_s);
    feedback.range = subject().anomalous.value_or(ValueRange{0, 50});
    return std::make_shared<const Feedback>(std::move(feedback));
  }
  void adopt(std::vector<FeedbackPtr> all) {
    auto by_series = std::make_shared<FeedbackBySeries>();
    for (FeedbackPtr& each : all) (*by_series)[each->series].push_back(std::move(each));
    stage.adopt(FeedbackBySeriesPtr(std::move(by_series)));
  }

  [[nodiscard]] std::uint64_t anomalies() const { return stage.progress().anomalies.get(); }
  [[nodiscard]] std::uint64_t open() const { return stage.progress().anomalies_open.get(); }
  [[nodiscard]] std::uint64_t withheld() const { return stage.progress().verdicts_withheld.get(); }
  [[nodiscard]] Event verdict() const {
    const auto verdicts = ask("tagged \"verdict\" and service = \"orders\"");
    REQUIRE(verdicts.size() == 1);
    return verdicts[0];
  }
};

bool contains(const std::string& text, const std::string& part) {
  CAPTURE(text);
  return text.find(part) != std::string::npos;
}

constexpr FeedbackKind kExpected = FeedbackKind::kExpected;
constexpr FeedbackKind kNoise = FeedbackKind::kNoise;

TEST_CASE("without feedback a shift alarms, and its range is known while it lasts and after") {
  Shop f;
  f.calm();
  CHECK_FALSE(f.subject().anomalous.has_value());
  REQUIRE(f.shift());
  f.window(kOrders, SampleOp::kAdd, 5);
  const auto open = f.subject().anomalous;
  REQUIRE(open.has_value());
  CHECK(open->low == 5);
  CHECK(open->high > 100);  // the upper bound that was expected
  f.window(kOrders, SampleOp::kAdd, 101);
  CHECK(f.open() == 0);
  CHECK(f.subject().anomalous->low == 5);
  CHECK(f.withheld() == 0);
}

TEST_CASE("what is expected ends the anomaly, and does not alarm while it is in the range") {
  Shop f;
  f.calm();
  REQUIRE(f.shift());
  f.take_signals();
  const FeedbackPtr sale = f.said(kExpected, 86'400);
  f.adopt({sale});
  CHECK(f.open() == 0);
  f.window(kOrders, SampleOp::kAdd, 10);
  const auto signals = f.take_signals();
  REQUIRE_FALSE(signals.empty());
  CHECK(signals.front().signal.health == Health::kPassing);
  CHECK(f.verdict().state == state::kOk);
  CHECK(f.verdict().description.starts_with(sale->words() + ", after "));
  CHECK(contains(f.verdict().description, "furthest out 10 at "));
  CHECK(*event::find_attribute(f.verdict(), "feedback") == sale->words());
  f.calm();
  CHECK(f.anomalies() == 1);

  f.results.clear();
  const std::uint64_t before = f.withheld();
  CHECK_FALSE(f.shift());
  CHECK(f.anomalies() == 1);
  CHECK(f.withheld() > before);
  // The store hears of the verdicts and why they are none; nobody is called.
  REQUIRE(f.results.size() == f.withheld() - before);
  CHECK(contains(f.results[0].value, "withheld, " + sale->words() + "; value 10, expected "));
  CHECK(f.verdict().state == state::kOk);

  REQUIRE(f.shift(1000));
  CHECK(contains(f.verdict().description, ", beyond 10.."));
  CHECK(contains(f.verdict().description, ": " + sale->words()));
}

TEST_CASE("an anomaly beyond what is expected ends when its value comes into that range") {
  Shop f;
  f.calm();
  // The detectors themselves expect no such values.
  const auto between = [&](double low, double high) {
    auto feedback = std::make_shared<Feedback>(*f.said(kExpected, 86'400));
    feedback->range = {low, high};
    return feedback;
  };
  const FeedbackPtr sale = between(700, 900);
  f.adopt({sale});
  REQUIRE(f.shift(1000));
  // What goes on beyond the range is not ended by saying it once more.
  f.adopt({sale, between(700, 950)});
  CHECK(f.open() == 1);
  f.window(kOrders, SampleOp::kAdd, 800);
  CHECK(f.open() == 0);
  CHECK(contains(f.verdict().description, sale->words() + ", after 10 s; furthest out 1000 at "));
}

TEST_CASE("what is expected ends with its time, which is that of the values") {
  Shop f;
  f.calm();
  f.adopt({f.said(kExpected, 300)});
  CHECK_FALSE(f.shift());
  CHECK(f.withheld() > 0);
  f.calm();
  const std::uint64_t withheld = f.withheld();
  CHECK(f.shift());
  CHECK(f.withheld() == withheld);
  CHECK_FALSE(contains(f.verdict().description, "expected by"));
}

TEST_CASE("noise asks for one more vote, until it ends") {
  Shop f;
  f.calm();
  REQUIRE(f.shift());
  REQUIRE(contains(f.verdict().description, "2 of 3 agree"));
  const FeedbackPtr noise = f.said(kNoise, 1200);
  f.adopt({noise});
  CHECK(f.open() == 0);
  f.calm();
  CHECK(f.verdict().description.starts_with(noise->words() + ", after "));
  CHECK_FALSE(f.shift());
  CHECK(f.withheld() == 0);  // it was not alarming
  f.calm();
  CHECK(f.shift());  // it has ended
}

TEST_CASE("a vote that is clear enough alarms in spite of noise, and says so") {
  Shop f(R"(
watch:
  - name: pace
    where: service = "orders"
    detect: {detectors: [stddev_from_average, mean_subtraction_cumulation, ks_test], quorum: 1}
)");
  f.calm();
  const FeedbackPtr noise = f.said(kNoise, 3600);
  f.adopt({noise});
  REQUIRE(f.shift());
  CHECK(contains(f.verdict().description, "2 of 3 agree, 2 votes needed: " + noise->words()));
}

TEST_CASE("detectors that learned go on with what they know, and half of the false alarms") {
  Shop f(kLearned);
  const auto even_pace = [&](int windows) {
    for (int i = 0; i < windows; ++i) f.window(kOrders, SampleOp::kAdd, 100 + i % 7);
  };
  even_pace(400);
  const std::uint64_t detectors = f.stage.progress().detectors.get();
  const FeedbackPtr noise = f.said(kNoise, 60);
  f.adopt({noise});
  SUBCASE("while it is in force") {
    f.window(kOrders, SampleOp::kAdd, 5000);
    REQUIRE(f.anomalies() == 1);  // it did not have to learn anew
    CHECK(contains(f.verdict().description,
                   ", 0.05 false alarms allowed per week: " + noise->words()));
  }
  SUBCASE("and as before when it has ended") {
    even_pace(14);
    f.window(kOrders, SampleOp::kAdd, 5000);
    REQUIRE(f.anomalies() == 1);
    CHECK_FALSE(contains(f.verdict().description, "noise"));
  }
  CHECK(f.stage.progress().detectors.get() == detectors);
}

TEST_CASE("feedback that is withdrawn is as if it had never been said") {
  Shop f;
  f.calm();
  f.adopt({f.said(kExpected, 86'400), f.said(kNoise, 86'400)});
  CHECK_FALSE(f.shift());
  f.calm();
  f.adopt({});
  CHECK(f.shift());
}

TEST_CASE("feedback concerns one watch of one series") {
  Shop f;
  for (int i = 0; i < 60; ++i) {
    f.lane().sample(kVisits, SampleOp::kAdd, 100 + i % 3);
    f.window(kOrders, SampleOp::kAdd, 100 + i % 3);
  }
  SUBCASE("another series alarms as ever") {
    f.adopt({f.said(kExpected, 86'400)});
    CHECK(f.shift(10, kVisits));
    const auto verdicts = f.ask("tagged \"verdict\" and state = \"critical\"");
    REQUIRE(verdicts.size() == 1);
    CHECK(verdicts[0].service == "visits");
  }
  SUBCASE("so does another watch") {
    auto other = std::make_shared<Feedback>(*f.said(kExpected, 86'400));
    other->watch = "other";
    f.adopt({other});
    for (int i = 0; i < 6; ++i) {
      f.lane().sample(kVisits, SampleOp::kAdd, 101);
      f.window(kOrders, SampleOp::kAdd, 10);
    }
    CHECK(f.open() == 1);
    CHECK(f.withheld() == 0);
  }
}

TEST_CASE("new rules keep feedback, by the name of the watch") {
  Shop f;
  f.calm();
  REQUIRE(f.shift());
  const auto range = f.subject().anomalous;
  f.adopt({f.said(kExpected, 86'400)});
  f.stage.adopt(test::compiled(std::string(kShop) + "  - {name: also, business: [orders]}\n", 2));
  f.calm();
  CHECK(f.subject().anomalous == range);
  CHECK_FALSE(f.shift());
  CHECK(f.withheld() > 0);
}

TEST_CASE("a series that ends and comes back has its feedback") {
  ShardOptions options = test::small_options();
  options.table.report_idle = false;
  Shop f(kShop, options);
  f.calm();
  f.adopt({f.said(kExpected, 86'400)});
  f.tick(f.now_s += 2 * 3600);
  f.next();
  REQUIRE(f.stage.progress().series_expired.get() > 0);
  REQUIRE(f.ask("service = \"orders\"").empty());
  // The number of the lane is gone with the series: it is told anew who it is.
  f.lane() = test::BatchMaker();
  f.calm();
  CHECK_FALSE(f.shift());
  CHECK(f.withheld() > 0);
}

TEST_CASE("feedback that was there before its series is found when that comes") {
  ShardOptions options = test::small_options();
  {
    Shop before;
    before.calm();
    auto by_series = std::make_shared<FeedbackBySeries>();
    const FeedbackPtr said = before.said(kExpected, 86'400);
    (*by_series)[said->series].push_back(said);
    options.feedback = by_series;
  }
  Shop f(kShop, options);
  f.calm();
  CHECK_FALSE(f.shift());
  CHECK(f.withheld() > 0);
}

TEST_CASE("subjects are the watches that vote, of the series that are selected") {
  Shop f(std::string(R"(
watch:
  - {name: load, where: 'service =~ "%"', critical: metric > 8}
  - {name: depth, where: service = "orders", detect: deep}
)") + (kShop + std::string("\nwatch:").size()));
  f.calm();
  REQUIRE(f.shift());  // a verdict: an event about orders, which nobody votes on
  f.window(kVisits, SampleOp::kAdd, 1);
  FeedbackSelection selection;
  selection.where = test::predicate("true");
  auto found = f.subjects(selection);
  REQUIRE(found.size() == 3);
  CHECK(found[0].service == "orders");
  CHECK(found[0].watch == "depth");
  CHECK(found[0].most_noise == 0);
  CHECK(found[1].watch == "pace");
  CHECK(found[1].most_noise == 1);
  CHECK(found[2].service == "visits");
  selection.series = found[0].series;
  CHECK(f.subjects(selection).size() == 2);
  selection.watch = "pace";
  CHECK(f.subjects(selection).size() == 1);
  selection.series.reset();
  selection.watch.clear();
  std::vector<FeedbackSubject> some;
  CHECK(f.stage.subjects(selection, 0, 1, 100, some) != 0);  // there is more to look at
}

}  // namespace
}  // namespace tocsin::app
