#include "src/publish/spool.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;

TEST_CASE("records leave in the order they came, urgent ones first") {
  Spool spool(1 << 20);
  spool.put(value("a", "1"));
  spool.put(value("b", "2"));
  spool.put(urgent(value("c", "3")));
  CHECK(spool.take_next()->key == "c");
  CHECK(spool.take_next()->key == "a");
  CHECK(spool.take_next()->key == "b");
  CHECK(spool.take_next() == nullptr);
}

TEST_CASE("of a key that waits only the newest value is sent") {
  Spool spool(1 << 20);
  spool.put(value("a", "1"));
  spool.put(value("a", "2"));
  CHECK(spool.take_next()->value == "2");
  CHECK(spool.take_next() == nullptr);
  spool.settle_stored();
  CHECK(spool.counters().accepted == 2);
  CHECK(spool.counters().superseded == 1);
  CHECK(spool.counters().stored == 1);
  CHECK(spool.counters().bytes == 0);
}

TEST_CASE("a newer value of a key under way is sent after it") {
  Spool spool(1 << 20);
  spool.put(value("a", "1"));
  REQUIRE(spool.take_next() != nullptr);
  spool.put(value("a", "2"));
  CHECK(spool.counters().pending == 2);
  CHECK(spool.take_next() == nullptr);
  spool.settle_stored();
  CHECK(spool.take_next()->value == "2");
  spool.settle_stored();
  CHECK(spool.counters().stored == 2);
  CHECK(spool.counters().pending == 0);
}

TEST_CASE("what was under way is sent again in its old order, with the newest values") {
  Spool spool(1 << 20);
  for (const char* key : {"a", "b", "c"}) spool.put(value(key, "1"));
  static_cast<void>(spool.take_next());
  static_cast<void>(spool.take_next());
  spool.put(value("b", "2"));
  spool.return_all();
  CHECK(spool.take_next()->key == "a");
  CHECK(spool.take_next()->value == "2");
  CHECK(spool.take_next()->key == "c");
  CHECK(spool.counters().superseded == 1);
  CHECK(spool.counters().pending == 3);
}

TEST_CASE("a value and index members of the same key are different facts") {
  Spool spool(1 << 20);
  spool.put(value("k", "1"));
  spool.put(member("k", "a"));
  spool.put(member("k", "b"));
  spool.put(member("k", "b"));
  CHECK(spool.counters().pending == 3);
  CHECK(spool.counters().superseded == 1);
}

TEST_CASE("what the cap turns away is counted, and room is kept for urgent records") {
  const std::size_t each = footprint_bytes(value("k00", ""));
  Spool spool(16 * each);
  for (int i = 0; i < 20; ++i) spool.put(value("k" + std::to_string(10 + i), ""));
  CHECK(spool.counters().pending == 14);
  CHECK(spool.counters().dropped == 6);
  for (int i = 0; i < 4; ++i) spool.put(urgent(value("u" + std::to_string(10 + i), "")));
  CHECK(spool.counters().pending == 16);
  CHECK(spool.counters().dropped == 8);
  CHECK(spool.counters().bytes <= 16 * each);
  spool.put(value("k10", ""));  // a key that is held is always renewed if it does not grow
  CHECK(spool.counters().superseded == 1);
}

TEST_CASE("any order of operations conserves every record and ends with the newest values") {
  std::mt19937 random(7);
  Spool spool(100 * footprint_bytes(value("k00", "12")));
  std::map<std::string, std::string> newest, sent;
  std::vector<std::pair<std::string, std::string>> under_way;
  const auto send = [&] {
    if (const Record* record = spool.take_next()) under_way.push_back({record->key, record->value});
  };
  const auto settle = [&] {
    if (under_way.empty()) return;
    sent[under_way.front().first] = under_way.front().second;
    under_way.erase(under_way.begin());
    spool.settle_stored();
  };
  for (int step = 0; step < 20'000; ++step) {
    switch (random() % 8) {
      case 0:
      case 1:
      case 2: {
        const std::string key = "k" + std::to_string(10 + random() % 50);
        newest[key] = std::to_string(10 + step % 90);
        spool.put(value(key, newest[key]));
        break;
      }
      case 3:
      case 4:
        send();
        break;
      case 5:
      case 6:
        settle();
        break;
      default:
        if (random() % 10 == 0) {
          spool.return_all();
          under_way.clear();
        }
    }
    const StoreCounters& c = spool.counters();
    REQUIRE(c.accepted == c.stored + c.superseded + c.dropped + c.refused + c.pending);
    REQUIRE(spool.under_way() == under_way.size());
  }
  while (spool.waiting() || !under_way.empty()) {
    send();
    settle();
  }
  CHECK(sent == newest);
  CHECK(spool.counters().dropped == 0);
  CHECK(spool.counters().bytes == 0);
}
