#include "src/publish/forward/parcel_spool.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace tocsin::publish {
namespace {

constexpr std::size_t kPlenty = 1 << 20;

ParcelSpool spool_of(std::size_t max_bytes, std::uint32_t parcel_items,
                     std::size_t parcel_bytes = 65536) {
  ParcelSpool::Limits limits;
  limits.max_bytes = max_bytes;
  limits.parcel_bytes = parcel_bytes;
  limits.parcel_items = parcel_items;
  return ParcelSpool(limits);
}

std::string body_of_next(ParcelSpool& spool) {
  const Parcel* const parcel = spool.take_next();
  return parcel == nullptr ? "none" : parcel->body;
}

TEST_CASE("items are gathered, in their order, up to the number a parcel may hold") {
  ParcelSpool spool = spool_of(kPlenty, 3);
  for (const char* item : {"a", "b", "c", "d"}) spool.put(item);
  CHECK(body_of_next(spool) == "abc");
  CHECK(body_of_next(spool) == "d");
  CHECK(body_of_next(spool) == "none");
}

TEST_CASE("a parcel of so many bytes takes no more") {
  ParcelSpool spool = spool_of(kPlenty, 100, 4);
  for (const char* item : {"aaa", "bbb", "ccc"}) spool.put(item);
  CHECK(body_of_next(spool) == "aaabbb");
  CHECK(body_of_next(spool) == "ccc");
}

TEST_CASE("what is under way takes no more items") {
  ParcelSpool spool = spool_of(kPlenty, 100);
  spool.put("a");
  CHECK(body_of_next(spool) == "a");
  spool.put("b");
  CHECK(body_of_next(spool) == "b");
  CHECK(spool.under_way() == 2);
}

TEST_CASE("settling takes the oldest, and gives its memory back") {
  ParcelSpool spool = spool_of(kPlenty, 2);
  for (const char* item : {"a", "b", "c"}) spool.put(item);
  CHECK(body_of_next(spool) == "ab");
  CHECK(body_of_next(spool) == "c");
  spool.settle_sent();
  spool.settle_refused();
  CHECK(spool.counters().sent == 2);
  CHECK(spool.counters().refused == 1);
  CHECK(spool.counters().pending == 0);
  CHECK(spool.counters().bytes == 0);
}

TEST_CASE("what was under way when the connection was lost comes first, as it was") {
  ParcelSpool spool = spool_of(kPlenty, 2);
  for (const char* item : {"a", "b", "c", "d", "e"}) spool.put(item);
  CHECK(body_of_next(spool) == "ab");
  CHECK(body_of_next(spool) == "cd");
  spool.return_all();
  CHECK(spool.under_way() == 0);
  CHECK(spool.counters().pending == 5);
  CHECK(body_of_next(spool) == "ab");
  CHECK(body_of_next(spool) == "cd");
  CHECK(body_of_next(spool) == "e");
}

TEST_CASE("the oldest that waits makes room; what is under way stays") {
  ParcelSpool spool = spool_of(4096, 1);
  const std::string item(900, 'x');
  for (int i = 0; i < 4; ++i) spool.put(std::to_string(i) + item);
  CHECK(body_of_next(spool).front() == '0');
  for (int i = 4; i < 8; ++i) spool.put(std::to_string(i) + item);
  CHECK(spool.counters().dropped == 4);
  CHECK(spool.counters().bytes <= 4096);
  CHECK(body_of_next(spool).front() == '5');
  spool.settle_sent();
  CHECK(spool.counters().sent == 1);
}

TEST_CASE("an item larger than all the room is dropped alone") {
  ParcelSpool spool = spool_of(1000, 10);
  spool.put(std::string(2000, 'x'));
  CHECK(spool.counters().dropped == 1);
  CHECK(spool.counters().bytes == 0);
  spool.put("small");
  CHECK(body_of_next(spool) == "small");
}

TEST_CASE("every item is accounted for, whatever happens") {
  ParcelSpool spool = spool_of(3000, 7, 200);
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    switch (random() % 8) {
      case 0:
        static_cast<void>(spool.take_next());
        break;
      case 1:
        if (spool.under_way() > 0) spool.settle_sent();
        break;
      case 2:
        if (spool.under_way() > 0) spool.settle_refused();
        break;
      case 3:
        if (random() % 50 == 0) spool.return_all();
        break;
      default:
        spool.put(std::string(random() % 90, 'x'));
    }
    const ParcelCounters& now = spool.counters();
    REQUIRE(now.accepted == now.sent + now.refused + now.dropped + now.pending);
  }
  const ParcelCounters& end = spool.counters();
  CHECK(end.sent > 0);
  CHECK(end.refused > 0);
  CHECK(end.dropped > 0);
  while (spool.take_next() != nullptr) {
  }
  while (spool.under_way() > 0) spool.settle_sent();
  CHECK(end.pending == 0);
  CHECK(end.bytes == 0);
}

TEST_CASE("counters of several spools add up") {
  ParcelCounters sum{1, 2, 3, 4, 5, 6};
  sum.add({10, 20, 30, 40, 50, 60});
  CHECK(sum.accepted == 11);
  CHECK(sum.sent == 22);
  CHECK(sum.refused == 33);
  CHECK(sum.dropped == 44);
  CHECK(sum.pending == 55);
  CHECK(sum.bytes == 66);
}

}  // namespace
}  // namespace tocsin::publish
