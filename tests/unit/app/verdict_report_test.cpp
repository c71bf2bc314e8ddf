#include "src/app/verdict_report.hpp"

#include <string>
#include <vector>

#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

Vote silent(const Window&, Scratch&) {
  return {};
}

struct Fixture {
  Fixture() {
    state.event.host = "web-1";
    state.event.service = "orders";
    state.event.tags = {"a", "z"};
    state.event.time = test::at(10);
    state.event.metric = 412.0;
    watch.name = "shop";
    std::vector<Vote> votes(3);
    votes[0].fired = true;
    votes[1].abstained = true;
    verdict = ensemble.count(votes, 412, detect::Skip::kNone);
  }

  detect::Ensemble ensemble = *detect::Ensemble::make(
      {{"one", silent}, {"two", silent}, {"three", silent}}, 1, detect::Consensus::kQuorum);
  SeriesState state;
  WatchState watch;
  detect::Verdict verdict;
  publish::RecordEncoder encoder{"t:", {}};
};

TEST_CASE("the event bears the series, the watch and who fired") {
  const Fixture f;
  const Event event = VerdictReport{f.state, f.watch, f.ensemble, f.verdict, true, "why"}.event();
  CHECK(event.host == "web-1");
  CHECK(event.service == "orders");
  CHECK(event.tags == std::vector<std::string>{"a", "verdict", "z"});
  CHECK(event.time == test::at(10));
  CHECK(event.metric == Metric(412.0));
  CHECK(event.state == state::kCritical);
  CHECK(event.description == "why");
  CHECK(event.attributes ==
        std::vector<Attribute>{{"type", "verdict"}, {"voters", "one"}, {"watch", "shop"}});
  CHECK(VerdictReport{f.state, f.watch, f.ensemble, f.verdict, false, ""}.event().state ==
        state::kOk);
}

TEST_CASE("feedback that is in force is told with the verdict") {
  Fixture f;
  Feedback said;
  said.kind = FeedbackKind::kNoise;
  said.watch = f.watch.name;
  said.author = "ann";
  said.until = test::at(60);
  const std::vector<FeedbackPtr> given{std::make_shared<const Feedback>(said)};
  f.watch.feedback = WatchFeedback::make(given, f.watch.name, f.ensemble, test::at(0));
  const VerdictReport report{f.state, f.watch, f.ensemble, f.verdict, true, "why"};
  CHECK(report.event().attributes.front() == Attribute{"feedback", said.words()});
  report.records(f.encoder, [&](const Record& record) {
    if (record.kind != Record::Kind::kValue) return;
    CHECK(record.value.find(said.words()) != std::string::npos);
  });
}

TEST_CASE("an open anomaly is listed, one that is over is not") {
  const Fixture f;
  const auto count = [&](bool open) {
    std::size_t records = 0;
    VerdictReport{f.state, f.watch, f.ensemble, f.verdict, open, "why"}.records(
        f.encoder, [&](const Record& record) {
          CHECK(record.key.starts_with("t:"));
          ++records;
        });
    return records;
  };
  CHECK(count(true) == 2);
  CHECK(count(false) == 1);
}

TEST_CASE("a vote without anybody who remembers is told by its numbers") {
  const Fixture f;
  CHECK(explanation(f.ensemble, f.verdict, {}) == "value 412, 1 of 3 agrees");
}

}  // namespace
}  // namespace tocsin::app
