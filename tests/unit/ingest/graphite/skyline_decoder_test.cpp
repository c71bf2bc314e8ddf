#include "ingest/graphite/skyline_decoder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/graphite/decode_all.hpp"

namespace tocsin::graphite::testing {
namespace {

using namespace std::string_literals;

constexpr TimePoint kTime{std::chrono::seconds(1'795'229'000)};

const std::string kName =
    "\xa1"
    "a";
const std::string kAt = "\xce\x6b\x01\x05\x48";

RecordingIntake decode_one(std::string_view datagram) {
  return decode_with<SkylineDecoder>(datagram, {}, received());
}

// ["a", [1795229000, VALUE]]
Metric value_of(const std::string& value) {
  const RecordingIntake intake = decode_one("\x92" + kName + "\x92" + kAt + value);
  REQUIRE(intake.rejects.empty());
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].service == "a");
  CHECK(intake.events[0].time == kTime);
  return intake.events[0].metric;
}

RejectCause refused(const std::string& datagram) {
  const RecordingIntake intake = decode_one(datagram);
  CHECK(intake.events.empty());
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].record == datagram);
  CHECK(intake.rejects[0].offset <= datagram.size());
  return intake.rejects[0].cause;
}

TEST_CASE("numbers of every width") {
  CHECK(value_of("\x07") == Metric(std::int64_t{7}));
  CHECK(value_of("\xfd") == Metric(std::int64_t{-3}));
  CHECK(value_of("\xcc\xff") == Metric(std::int64_t{255}));
  CHECK(value_of("\xcd\xff\xff") == Metric(std::int64_t{65535}));
  CHECK(value_of("\xce\xff\xff\xff\xff") == Metric(std::int64_t{4294967295}));
  CHECK(value_of("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff") ==
        Metric(std::numeric_limits<std::int64_t>::max()));
  CHECK(value_of("\xcf\x80\0\0\0\0\0\0\0"s) == Metric(0x1p63));
  CHECK(value_of("\xd0\xff") == Metric(std::int64_t{-1}));
  CHECK(value_of("\xd1\x80\x00"s) == Metric(std::int64_t{-32768}));
  CHECK(value_of("\xd2\xff\xff\xff\xfe") == Metric(std::int64_t{-2}));
  CHECK(value_of("\xd3\xff\xff\xff\xff\xff\xff\xff\xfd") == Metric(std::int64_t{-3}));
  CHECK(value_of("\xca\x3f\x00\x00\x00"s) == Metric(0.5));
  CHECK(value_of("\xcb\x40\x29\x00\x00\x00\x00\x00\x00"s) == Metric(12.5));
}

TEST_CASE("names and arrays of every width") {
  for (const std::string& name : {"\xa1"
                                  "a"s,
                                  "\xd9\x01"
                                  "a"s,
                                  "\xda\x00\x01"
                                  "a"s,
                                  "\xdb\x00\x00\x00\x01"
                                  "a"s,
                                  "\xc4\x01"
                                  "a"s,
                                  "\xc5\x00\x01"
                                  "a"s,
                                  "\xc6\x00\x00\x00\x01"
                                  "a"s}) {
    for (const std::string& array : {"\x92"s, "\xdc\x00\x02"s, "\xdd\x00\x00\x00\x02"s}) {
      CHECK(services_of(decode_one(array + name + array + kAt + "\x07")) ==
            std::vector<std::string>{"a"});
    }
  }
}

TEST_CASE("-1 is the time of arrival, tags are tags") {
  const RecordingIntake intake = decode_one(
      "\x92\xaa"
      "a;host=web\x92\xff\x07"s);
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].time == kReceived);
  CHECK(intake.events[0].host == "web");
}

TEST_CASE("what is not a point is refused with its cause") {
  CHECK(refused("text") == RejectCause::kSyntax);
  CHECK(refused("\x93" + kName + "\x92" + kAt + "\x07") == RejectCause::kSyntax);
  CHECK(refused("\x92" + kName + "\x93" + kAt + "\x07") == RejectCause::kSyntax);
  CHECK(refused("\x92\x05\x92" + kAt + "\x07") == RejectCause::kName);
  CHECK(refused("\x92\xa0\x92" + kAt + "\x07") == RejectCause::kName);
  CHECK(refused("\x92\xa3"
                "a;b\x92" +
                kAt + "\x07") == RejectCause::kTags);
  CHECK(refused("\x92" + kName + "\x92\xc0\x07") == RejectCause::kTimestamp);
  CHECK(refused("\x92" + kName + "\x92\xfe\x07") == RejectCause::kTimestamp);
  CHECK(refused("\x92" + kName + "\x92" + kAt + "\xc0") == RejectCause::kValue);
  CHECK(refused("\x92" + kName + "\x92" + kAt + "\xcb\x7f\xf8\0\0\0\0\0\0"s) ==
        RejectCause::kValue);
  CHECK(refused("\x92\xdb\xff\xff\xff\xff"
                "abc") == RejectCause::kName);
}

TEST_CASE("every datagram that is cut off is refused") {
  const std::string whole =
      "\x92\xd9\x01"
      "a\xdc\x00\x02"s +
      kAt + "\xcb\x40\x29\x00\x00\x00\x00\x00\x00"s;
  CHECK(decode_one(whole).events.size() == 1);
  for (std::size_t length = 1; length < whole.size(); ++length)
    (void)refused(whole.substr(0, length));
  CHECK(decode_one("").rejects.empty());
}

TEST_CASE("bytes behind the point are refused, the point is taken") {
  const RecordingIntake intake = decode_one("\x92" + kName + "\x92" + kAt + "\x07rest");
  CHECK(intake.events.size() == 1);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].record == "rest");
}

TEST_CASE("a full intake gets the point again, or it is given up") {
  RecordingIntake intake;
  SkylineDecoder decoder({}, intake);
  const std::string datagram = "\x92" + kName + "\x92" + kAt + "\x07";
  intake.events_to_refuse = 1;
  CHECK(decoder.decode(datagram, received()) == 0);
  CHECK(decoder.decode(datagram, received()) == datagram.size());
  CHECK(intake.events.size() == 1);
  intake.events_to_refuse = 3;
  CHECK(decoder.decode(datagram, received()) == 0);
  decoder.drop();
  CHECK(decoder.decode(datagram, received()) == datagram.size());
  CHECK(intake.dropped == 1);
  CHECK(decoder.decode(datagram, received()) == 0);
}

TEST_CASE("skyline_msgpack.dgram: each point in the old and in the new encoding") {
  const auto datagrams = tocsin::testing::read_datagrams("graphite/skyline_msgpack.dgram");
  RecordingIntake intake;
  SkylineDecoder decoder({}, intake);
  for (const std::string& datagram : datagrams) {
    REQUIRE(decoder.decode(datagram, received()) == datagram.size());
  }
  CHECK(intake.rejects.empty());
  REQUIRE(intake.events.size() == datagrams.size());
  REQUIRE(intake.events.size() >= 8);
  for (std::size_t i = 0; i + 1 < intake.events.size(); i += 2) {
    CHECK(intake.events[i] == intake.events[i + 1]);
  }
  CHECK(intake.events[0].service == "servers.web-01.cpu.user");
  CHECK(intake.events[0].metric == Metric(12.5));
  CHECK(intake.events[2].metric == Metric(std::int64_t{4294967296}));
  CHECK(intake.events[4].metric == Metric(std::int64_t{-3}));
  CHECK(intake.events[6].service ==
        "gr\xC3\xB6\xC3\x9F"
        "e.k\xC3\xA4se");
}

TEST_CASE("damaged datagrams are counted: an event, a refusal, or an event and its rest") {
  std::mt19937 random(2025);
  auto seeds = tocsin::testing::read_datagrams("graphite/skyline_msgpack.dgram");
  std::size_t events = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string datagram = seeds[random() % seeds.size()].substr(0, 60);
    for (auto n = 1 + random() % 4; n > 0 && !datagram.empty(); --n) {
      const std::size_t at = random() % datagram.size();
      if (random() % 4 == 0) {
        datagram.erase(at, 1 + random() % 3);
      } else {
        datagram[at] = static_cast<char>(random());
      }
    }
    const RecordingIntake intake = decode_one(datagram);
    const std::size_t counted = intake.events.size() + intake.rejects.size();
    if (datagram.empty() ? counted != 0 : counted < 1 || counted > 2 || intake.events.size() > 1) {
      FAIL("datagram " << i);
    }
    events += intake.events.size();
  }
  CHECK(events > 10'000);
  CHECK(events < 90'000);
}

}  // namespace
}  // namespace tocsin::graphite::testing
