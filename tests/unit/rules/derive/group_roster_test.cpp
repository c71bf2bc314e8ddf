#include "src/rules/derive/group_roster.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

namespace tocsin::rules::derive {
namespace {

std::vector<std::uint64_t> hashes(std::size_t count, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> made(count);
  for (std::uint64_t& hash : made) hash = random();
  return made;
}

TEST_CASE("groups are let in up to the limit, and stay in") {
  for (const std::uint32_t most : {1U, 2U, 100U, 5000U}) {
    CAPTURE(most);
    GroupRoster roster(most, 60);
    const auto groups = hashes(2 * most);
    for (std::size_t i = 0; i < groups.size(); ++i)
      CHECK(roster.admit(groups[i], 10) == (i < most));
    for (std::size_t i = 0; i < groups.size(); ++i)
      CHECK(roster.admit(groups[i], 11) == (i < most));
    CHECK(roster.size() == most);
  }
}

TEST_CASE("a group that is heard no more makes room for another") {
  GroupRoster roster(2, 60);
  CHECK(roster.admit(1ULL << 40, 0));
  CHECK(roster.admit(2ULL << 40, 0));
  CHECK(roster.admit(2ULL << 40, 50));
  CHECK_FALSE(roster.admit(3ULL << 40, 60));
  CHECK(roster.admit(3ULL << 40, 61));
  CHECK_FALSE(roster.admit(1ULL << 40, 62));
  CHECK(roster.admit(2ULL << 40, 62));
  CHECK(roster.admit(1ULL << 40, 130));  // all have ended but for this one
  CHECK(roster.admit(4ULL << 40, 130));
  CHECK_FALSE(roster.admit(5ULL << 40, 130));
}

TEST_CASE("a group that comes back after its end counts once") {
  GroupRoster roster(2, 10);
  CHECK(roster.admit(7ULL << 40, 0));
  CHECK(roster.admit(7ULL << 40, 100));
  CHECK(roster.admit(8ULL << 40, 100));
  CHECK_FALSE(roster.admit(9ULL << 40, 100));
}

TEST_CASE("years of groups that come and go do not fill the table") {
  GroupRoster roster(50, 5);
  const auto groups = hashes(50'000);
  std::uint32_t minute = 1000;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i % 10 == 0) minute += 2;  // at most 40 are alive
    refused += roster.admit(groups[i], minute) ? 0 : 1;
  }
  CHECK(refused == 0);
}

TEST_CASE("a clock that is set back ends nothing") {
  GroupRoster roster(1, 10);
  CHECK(roster.admit(1ULL << 40, 1000));
  CHECK(roster.admit(1ULL << 40, 500));
  CHECK_FALSE(roster.admit(2ULL << 40, 500));
}

TEST_CASE("threads together let in as many as one, and agree on which") {
  constexpr std::uint32_t kMost = 300;
  GroupRoster roster(kMost, 60);
  const auto groups = hashes(600);
  std::vector<std::vector<bool>> admitted(4, std::vector<bool>(groups.size()));
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < admitted.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < groups.size(); ++i) {
        const std::size_t at = (i * 7 + t * 151) % groups.size();
        admitted[t][at] = roster.admit(groups[at], 10);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::size_t in = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) in += roster.admit(groups[i], 10) ? 1 : 0;
  CHECK(in == kMost);
  CHECK(roster.size() == kMost);
}

}  // namespace
}  // namespace tocsin::rules::derive
