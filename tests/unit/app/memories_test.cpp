#include "src/app/memories.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace tocsin::app {
namespace {

detect::Ensemble ensemble(std::initializer_list<const char*> names) {
  std::vector<detect::Voter> voters;
  for (const char* name : names) voters.push_back(*detect::find_voter(name));
  return *detect::Ensemble::make(std::move(voters), 1, detect::Consensus::kQuorum);
}

// Points every ten seconds, the last one by far the largest.
void feed_up_to_spike(Memories& memories, int count) {
  for (int i = 0; i < count; ++i) memories.update({10.0 * i, 100.0 + i % 7});
  memories.update({10.0 * count, 1e6});
}

TEST_CASE("only voters that remember have memories, and they are made when told to") {
  MemoryAccount account;
  const detect::Ensemble nine;
  Memories none(nine, account);
  CHECK_FALSE(none.wanted());
  CHECK(none.ready());
  const detect::Ensemble mixed = ensemble({"grubbs", "consensus"});
  Memories one(mixed, account);
  CHECK(one.wanted());
  CHECK_FALSE(one.ready());
  CHECK(account.detectors == 0);
  REQUIRE(one.votes().size() == 1);
  CHECK(one.votes()[0].abstained);
  one.make();
  CHECK(one.ready());
  CHECK(account.detectors == 1);
}

TEST_CASE("what detectors hold is charged while they live, and again as they grow") {
  MemoryAccount account;
  const detect::Ensemble consensus = ensemble({"consensus"});
  std::optional<Memories> memories(std::in_place, consensus, account);
  memories->make();
  const std::size_t young = account.bytes;
  CHECK(young > 0);
  account.limit = young + 1;
  CHECK(account.has_room());
  for (int i = 0; i < 200; ++i) memories->update({300.0 * i, i % 10 * 1.0});
  CHECK(account.bytes > young);
  CHECK_FALSE(account.has_room());
  memories.reset();
  CHECK(account.bytes == 0);
  CHECK(account.detectors == 0);
}

TEST_CASE("a point that was seen is not learned twice") {
  MemoryAccount account;
  const detect::Ensemble consensus = ensemble({"consensus"});
  Memories memories(consensus, account);
  memories.make();
  feed_up_to_spike(memories, 400);
  REQUIRE(memories.any_fired());
  const std::string reasons = memories.reasons();
  CHECK(reasons.find("expected") != std::string::npos);
  memories.update({4000, 100});
  memories.update({3990, 100});
  CHECK(memories.any_fired());
  CHECK(memories.reasons() == reasons);
}

TEST_CASE("a later generation goes on with what its earlier one remembers") {
  MemoryAccount account;
  const detect::Ensemble consensus = ensemble({"consensus"});
  Memories earlier(consensus, account);
  earlier.make();
  feed_up_to_spike(earlier, 400);
  const detect::Ensemble both = ensemble({"deep", "consensus"});
  Memories later(both, account);
  later.take_over(earlier);
  CHECK_FALSE(later.ready());
  CHECK(account.detectors == 1);
  REQUIRE(later.votes().size() == 2);
  CHECK(later.votes()[0].abstained);
  CHECK(later.votes()[1].fired);
  CHECK(later.reasons().starts_with("consensus: "));
  later.make();
  CHECK(later.ready());
  CHECK(account.detectors == 2);
}

TEST_CASE("other options do not cost what was learned") {
  MemoryAccount account;
  const detect::Ensemble strict = ensemble({"consensus"});
  Memories earlier(strict, account);
  earlier.make();
  for (int i = 0; i < 400; ++i) earlier.update({10.0 * i, 100.0 + i % 7});
  detect::Voter voter = *detect::find_voter("consensus");
  voter.options.false_alarms_per_week = 5;
  const detect::Ensemble open = *detect::Ensemble::make({voter}, 1, detect::Consensus::kQuorum);
  Memories later(open, account);
  later.take_over(earlier);
  REQUIRE(later.ready());
  CHECK_FALSE(later.votes()[0].abstained);
  later.update({4000, 1e6});
  CHECK(later.any_fired());
}

}  // namespace
}  // namespace tocsin::app
