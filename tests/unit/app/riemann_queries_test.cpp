#include "src/app/riemann_queries.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "ingest/riemann/decoder.hpp"
#include "tests/unit/app/live_stages.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::app {
namespace {

using test::LiveStages;

// As a client reads it.
std::vector<Event> events_of(const std::string& fields) {
  tocsin::testing::RecordingIntake intake;
  riemann::Decoder decoder({}, intake);
  REQUIRE(decoder.decode(fields, {}) == fields.size());
  CHECK(intake.rejects.empty());
  return intake.events;
}

TEST_CASE("a query is answered by the events of all shards that match, in Riemann's form") {
  LiveStages live("", 2);
  for (int i = 0; i < 20; ++i) live.count("c" + std::to_string(i), i);
  live.count("other", 1);
  live.tick(10);
  const auto answer = answer_riemann_query(*live.shards, "service =~ \"c%\"");
  REQUIRE(answer);
  std::set<std::string> services;
  for (const Event& event : events_of(*answer)) services.insert(event.service);
  CHECK(services.size() == 20);
  CHECK(services.count("c7") == 1);
  CHECK(services.count("other") == 0);
}

TEST_CASE("no match is an answer without events") {
  LiveStages live("", 1);
  live.tick(10);
  const auto answer = answer_riemann_query(*live.shards, "service = \"nothing\"");
  REQUIRE(answer);
  CHECK(answer->empty());
}

TEST_CASE("a query that is none says where") {
  LiveStages live("", 1);
  const auto answer = answer_riemann_query(*live.shards, "service = ");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == Errc::kSyntax);
  CHECK_FALSE(answer.error().where.empty());
}

}  // namespace
}  // namespace tocsin::app
