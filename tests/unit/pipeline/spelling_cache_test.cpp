#include "src/pipeline/spelling_cache.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

namespace tocsin::pipeline {
namespace {

SpellingCache::Key key_of(std::uint64_t n) {
  // Any bijection of 64 bits will do for a hash here.
  std::uint64_t x = n * 0x9e37'79b9'7f4a'7c15u;
  x ^= x >> 29;
  x *= 0xbf58'476d'1ce4'e5b9u;
  return x ^ (x >> 32);
}

TEST_CASE("what was inserted is found while it grows, nothing else is") {
  SpellingCache cache(1 << 20);
  constexpr std::uint32_t kCount = 50'000;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    REQUIRE(cache.find(key_of(i)) == SpellingCache::kAbsent);
    cache.insert(key_of(i), i);
  }
  for (std::uint32_t i = 0; i < kCount; ++i) REQUIRE(cache.find(key_of(i)) == i);
  for (std::uint32_t i = kCount; i < 2 * kCount; ++i) {
    REQUIRE(cache.find(key_of(i)) == SpellingCache::kAbsent);
  }
  CHECK(cache.size() == kCount);
}

TEST_CASE("a spelling survives rotation exactly if it was used since the one before") {
  SpellingCache cache(1000);
  std::vector<std::uint32_t> dropped;
  cache.insert(key_of(1), 1);
  cache.insert(key_of(2), 2);
  cache.rotate(dropped);
  CHECK(dropped.empty());
  CHECK(cache.find(key_of(1)) == 1);  // moves to the young generation
  cache.rotate(dropped);
  CHECK(dropped == std::vector<std::uint32_t>{2});
  CHECK(cache.find(key_of(1)) == 1);
  CHECK(cache.find(key_of(2)) == SpellingCache::kAbsent);
  dropped.clear();
  cache.rotate(dropped);
  cache.rotate(dropped);
  CHECK(dropped == std::vector<std::uint32_t>{1});
  CHECK(cache.size() == 0);
}

TEST_CASE("a full young generation still finds what is old") {
  SpellingCache cache(16);
  std::vector<std::uint32_t> dropped;
  cache.insert(key_of(1000), 1000);
  cache.rotate(dropped);
  for (std::uint32_t i = 0; i < 16; ++i) cache.insert(key_of(i), i);
  CHECK(cache.full());
  CHECK(cache.find(key_of(1000)) == 1000);
  cache.rotate(dropped);
  CHECK(dropped == std::vector<std::uint32_t>{1000});
}

TEST_CASE("the cache agrees with a map of use times under random use") {
  SpellingCache cache(4096);
  std::mt19937_64 random(7);
  std::map<std::uint64_t, std::pair<std::uint32_t, int>> model;  // name -> number, epoch last used
  std::uint32_t next = 0;
  int epoch = 0;
  for (int step = 0; step < 200'000; ++step) {
    if (random() % 5'000 == 0) {
      std::vector<std::uint32_t> dropped;
      cache.rotate(dropped);
      ++epoch;
      std::size_t gone = 0;
      for (auto it = model.begin(); it != model.end();) {
        if (it->second.second < epoch - 1) {
          REQUIRE(std::find(dropped.begin(), dropped.end(), it->second.first) != dropped.end());
          it = model.erase(it);
          ++gone;
        } else {
          ++it;
        }
      }
      REQUIRE(dropped.size() == gone);
    }
    const std::uint64_t name = random() % 3'000;
    const std::uint32_t found = cache.find(key_of(name));
    if (const auto known = model.find(name); known != model.end()) {
      REQUIRE(found == known->second.first);
      known->second.second = epoch;
    } else {
      REQUIRE(found == SpellingCache::kAbsent);
      cache.insert(key_of(name), next);
      model[name] = {next++, epoch};
    }
  }
  CHECK(epoch > 10);
}

}  // namespace
}  // namespace tocsin::pipeline
