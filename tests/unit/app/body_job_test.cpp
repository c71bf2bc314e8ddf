#include "src/app/body_job.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "ingest/json/decoder.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::app {
namespace {

using tocsin::testing::RecordingIntake;

struct Fixture {
  explicit Fixture(std::string body)
      : job(
            std::move(body), {},
            [](Intake& counted) {
              return std::make_unique<json_lines::Decoder>(json_lines::Options{}, counted);
            },
            intake,
            [this](const BodyOutcome& told) {
              CHECK_FALSE(outcome.has_value());  // once
              outcome = told;
            }) {}

  RecordingIntake intake;
  std::optional<BodyOutcome> outcome;
  BodyJob job;
};

TEST_CASE("a body that goes at once says how many records were taken") {
  Fixture f("{\"service\":\"a\"}\n{\"service\":\"b\"}\n");
  CHECK(f.job.advance());
  REQUIRE(f.outcome);
  CHECK(f.outcome->accepted == 2);
  CHECK(f.outcome->rejected == 0);
  CHECK(f.outcome->dropped == 0);
  CHECK(f.intake.events.size() == 2);
}

TEST_CASE("an empty body is done with at once") {
  Fixture f("");
  CHECK(f.job.advance());
  CHECK(f.outcome->accepted == 0);
}

TEST_CASE("rejected records are counted, and the first one is told") {
  Fixture f("[{\"service\":\"a\"},{\"service\":},{\"b\"}]");
  CHECK(f.job.advance());
  CHECK(f.outcome->accepted == 1);
  CHECK(f.outcome->rejected == 2);
  CHECK_FALSE(f.outcome->first_fault.empty());
  CHECK(f.outcome->fault_offset >= 15);
  CHECK(f.intake.rejects.size() == 2);
}

TEST_CASE("while the pipeline is full nothing is lost or doubled") {
  Fixture f("{\"service\":\"a\"}\n{\"service\":\"b\"}\n{\"service\":\"c\"}\n");
  f.intake.events_to_refuse = 2;
  CHECK_FALSE(f.job.advance());
  CHECK_FALSE(f.job.advance());
  CHECK_FALSE(f.outcome.has_value());
  CHECK(f.job.advance());
  CHECK(f.outcome->accepted == 3);
  CHECK(f.intake.events.size() == 3);
}

TEST_CASE("what is given up is counted as dropped") {
  Fixture f("{\"service\":\"a\"}\n{\"service\":\"b\"}\n");
  f.intake.events_to_refuse = 1'000'000;
  CHECK_FALSE(f.job.advance());
  f.job.give_up();
  REQUIRE(f.outcome);
  CHECK(f.outcome->accepted == 0);
  CHECK(f.outcome->dropped == 2);
  CHECK(f.intake.dropped == 2);
}

}  // namespace
}  // namespace tocsin::app
