#include "src/publish/embedded/live_records.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <utility>

#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'700'000'000)};
constexpr std::size_t kPlenty = std::size_t{1} << 30;

std::string held(const LiveRecords& records, std::string_view key) {
  const StoredRecord* found = records.find(key);
  return found == nullptr ? "(none)" : found->record.value;
}

}  // namespace

TEST_CASE("a key holds the value that was put last") {
  LiveRecords records(kPlenty);
  CHECK(held(records, "a") == "(none)");
  const StoredRecord* first = records.put(value("a", "1"), kNever);
  REQUIRE(first != nullptr);
  CHECK(first->record.value == "1");
  const StoredRecord* second = records.put(value("a", "22"), kNow + 5s);
  REQUIRE(second != nullptr);
  CHECK(second->expires == kNow + 5s);
  CHECK(held(records, "a") == "22");
  CHECK(records.size() == 1);
}

TEST_CASE("a value, an index of the same key and each of its members are facts of their own") {
  LiveRecords records(kPlenty);
  for (const Record& record : {member("a", "x"), value("a", "1"), member("a", "y")}) {
    REQUIRE(records.put(record, kNever) != nullptr);
  }
  REQUIRE(records.put(member("a", "x"), kNever) != nullptr);
  CHECK(records.size() == 3);
  CHECK(held(records, "a") == "1");
}

TEST_CASE("a value that would outgrow the cap is turned away and the older one stays") {
  const Record large = value("a", std::string(1000, 'x'));
  LiveRecords records(8 * footprint_bytes(large) / 7 -
                      8);  // without the eighth: a little too small
  REQUIRE(records.put(value("a", "small"), kNever) != nullptr);
  CHECK(records.put(large, kNever) == nullptr);
  CHECK(held(records, "a") == "small");
  CHECK(records.put(urgent(large), kNever) != nullptr);  // may use the reserved eighth
  CHECK(records.put(value("b", ""), kNever) == nullptr);
  CHECK(records.put(value("a", std::string(999, 'y')), kNever) != nullptr);  // shrinks: always
}

TEST_CASE("what a log held is not turned away by a cap that became smaller") {
  LiveRecords records(1);
  records.restore({value("a", "1"), kNever});
  records.restore({value("b", "1"), kNow + 1s});
  CHECK(records.size() == 2);
  CHECK(records.put(value("c", "1"), kNever) == nullptr);
  CHECK(records.expire(kNow + 1s) == 1);
  CHECK(held(records, "a") == "1");
}

TEST_CASE("a record goes at its end, or at a later one that it was given meanwhile") {
  LiveRecords records(kPlenty);
  for (const char* key : {"a", "b", "c"}) records.put(value(key, "1"), kNow + 10s);
  records.put(value("b", "2"), kNow + 20s);
  records.put(value("c", "2"), kNever);
  CHECK(records.expire(kNow + 9s) == 0);
  CHECK(records.expire(kNow + 10s) == 1);
  CHECK(held(records, "a") == "(none)");
  CHECK(held(records, "b") == "2");
  CHECK(records.expire(kNow + 1000s) == 1);
  CHECK(held(records, "b") == "(none)");
  CHECK(held(records, "c") == "2");
}

TEST_CASE("a record whose end came nearer is held until the old one and says when it ended") {
  LiveRecords records(kPlenty);
  records.put(value("a", "1"), kNow + 100s);
  records.put(value("a", "2"), kNow + 10s);
  CHECK(records.expire(kNow + 50s) == 0);
  REQUIRE(records.find("a") != nullptr);
  CHECK(records.find("a")->expires == kNow + 10s);
  CHECK(records.expire(kNow + 100s) == 1);
}

TEST_CASE("a key that expired may come back, timed or not") {
  LiveRecords records(kPlenty);
  for (int round = 1; round <= 3; ++round) {
    records.put(value("a", "1"), kNow + round * 1s);
    REQUIRE(records.expire(kNow + round * 1s) == 1);
    REQUIRE(records.size() == 0);
    REQUIRE(records.bytes() == 0);
  }
  records.put(value("a", "1"), kNever);
  CHECK(records.expire(TimePoint::max() - 1ns) == 0);
}

TEST_CASE("contents and accounts agree with a plain map over random puts and expiries") {
  std::mt19937 random(7);
  LiveRecords records(kPlenty);
  std::map<std::string, std::pair<std::string, TimePoint>> plain;
  TimePoint now = kNow;
  for (int step = 0; step < 20'000; ++step) {
    const std::string key = "k" + std::to_string(random() % 50);
    const std::string bytes(random() % 40, 'v');
    // Ends that only grow: then what has expired is gone at once.
    TimePoint expires = random() % 4 == 0 ? kNever : now + std::chrono::seconds(random() % 100);
    if (const auto known = plain.find(key); known != plain.end()) {
      expires = std::max(expires, known->second.second);
    }
    REQUIRE(records.put(value(key, bytes), expires) != nullptr);
    plain[key] = {bytes, expires};
    if (random() % 8 != 0) continue;
    now += std::chrono::seconds(random() % 10);
    const std::size_t gone =
        std::erase_if(plain, [now](const auto& entry) { return entry.second.second <= now; });
    REQUIRE(records.expire(now) == gone);
    if (random() % 16 == 0) {  // so that records without an end do not take over
      records.put(value("k0", ""), kNever);
      plain["k0"] = {"", kNever};
    }

    std::size_t bytes_held = 0;
    std::size_t bytes_framed = 0;
    std::size_t seen = 0;
    records.for_each([&](const StoredRecord& stored) {
      const auto& [expected, end] = plain.at(stored.record.key);
      REQUIRE(stored.record.value == expected);
      REQUIRE(stored.expires == end);
      bytes_held += footprint_bytes(stored.record);
      bytes_framed += frame_bytes(stored.record);
      ++seen;
    });
    REQUIRE(seen == plain.size());
    REQUIRE(records.size() == plain.size());
    REQUIRE(records.bytes() == bytes_held);
    REQUIRE(records.frame_bytes() == bytes_framed);
  }
}
