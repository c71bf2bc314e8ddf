#include "src/series/distinct.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <unordered_set>

namespace tocsin::series {
namespace {

constexpr std::size_t kRoom = 64 << 20;

// Spreads 0, 1, 2 ... over the hash range (the finaliser of splitmix64).
std::uint64_t hash_of(std::uint64_t member) {
  member += 0x9e3779b97f4a7c15;
  member = (member ^ (member >> 30)) * 0xbf58476d1ce4e5b9;
  member = (member ^ (member >> 27)) * 0x94d049bb133111eb;
  return member ^ (member >> 31);
}

void fill(DistinctPool& pool, Distinct& set, std::uint64_t begin, std::uint64_t end) {
  bool added = true;
  for (std::uint64_t member = begin; member < end; ++member) {
    added = pool.add(set, hash_of(member)) && added;
  }
  REQUIRE(added);
}

TEST_CASE("up to 4096 different members are counted exactly, repeats never") {
  Arena arena(kRoom);
  DistinctPool pool(arena);
  std::mt19937_64 random(14);
  for (const std::uint64_t range : {1u, 2u, 4u, 5u, 8u, 9u, 12u, 13u, 100u, 3072u, 3073u, 4096u}) {
    Distinct set;
    std::unordered_set<std::uint64_t> oracle;
    for (std::uint64_t i = 0; i < 4 * range; ++i) {
      const std::uint64_t member = hash_of(random() % range);
      REQUIRE(pool.add(set, member));
      oracle.insert(member);
    }
    fill(pool, set, 0, range);
    CHECK(pool.estimate(set) == static_cast<double>(range));
    CHECK(set.is_exact());
    CHECK(oracle.size() <= range);
    pool.clear(set);
    CHECK(set.empty());
  }
  CHECK(arena.bytes_in_use() == 0);
}

TEST_CASE("the hash 0 is a member like any other") {
  Arena arena(kRoom);
  DistinctPool pool(arena);
  Distinct set;
  REQUIRE(pool.add(set, 0));
  REQUIRE(pool.add(set, 0));
  REQUIRE(pool.add(set, 12));
  CHECK(pool.estimate(set) == 2);
}

TEST_CASE("beyond 4096 the error is what the paper says") {
  Arena arena(kRoom);
  DistinctPool pool(arena);
  for (const std::uint64_t members : {4097u, 10'000u, 300'000u}) {
    double squared = 0;
    constexpr std::uint64_t kRounds = 40;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
      Distinct set;
      const std::uint64_t begin = round << 32;
      fill(pool, set, begin, begin + members);
      const double error = pool.estimate(set) / static_cast<double>(members) - 1;
      squared += error * error;
      pool.clear(set);
    }
    // 1.6 % promised; the root mean square of 40 draws stays below 1.4 times that, see chi-squared.
    CHECK(std::sqrt(squared / kRounds) < 0.016 * 1.4);
  }
}

TEST_CASE("repeats do not move an estimate") {
  Arena arena(kRoom);
  DistinctPool pool(arena);
  Distinct set;
  fill(pool, set, 0, 50'000);
  const double once = pool.estimate(set);
  fill(pool, set, 0, 50'000);
  fill(pool, set, 10'000, 20'000);
  CHECK(pool.estimate(set) == once);
  CHECK(pool.memory_bytes(set) == 65536);
}

TEST_CASE("merging two sets equals one set that saw both") {
  Arena arena(kRoom);
  DistinctPool pool(arena);
  struct Sizes {
    std::uint64_t first_end, second_begin, second_end;
  };
  for (const Sizes& sizes : {Sizes{0, 0, 0}, Sizes{1, 0, 1}, Sizes{1, 1, 2}, Sizes{3, 1, 9},
                             Sizes{0, 0, 100}, Sizes{4000, 3000, 4500}, Sizes{100, 50, 60'000},
                             Sizes{60'000, 59'000, 59'500}, Sizes{60'000, 30'000, 90'000}}) {
    Distinct first;
    Distinct second;
    Distinct both;
    fill(pool, first, 0, sizes.first_end);
    fill(pool, second, sizes.second_begin, sizes.second_end);
    fill(pool, both, 0, sizes.first_end);
    fill(pool, both, sizes.second_begin, sizes.second_end);
    REQUIRE(pool.merge(first, second));
    CHECK(pool.estimate(first) == pool.estimate(both));
    CHECK(first.is_exact() == both.is_exact());
  }
}

TEST_CASE("without memory a member is refused and the set stays as it was") {
  Arena arena(64);
  DistinctPool pool(arena);
  Distinct set;
  fill(pool, set, 0, 4);
  CHECK_FALSE(pool.add(set, hash_of(5)));
  CHECK(pool.add(set, hash_of(2)));
  CHECK(pool.estimate(set) == 4);
  CHECK(arena.refused() == 1);
}

}  // namespace
}  // namespace tocsin::series
