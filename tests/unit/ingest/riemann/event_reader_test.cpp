#include "ingest/riemann/event_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "src/event/event_access.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

using std::chrono::nanoseconds;

constexpr TimePoint kReceived{nanoseconds(1'700'000'000'123'456'789)};

Origin received() {
  Origin origin;
  origin.received = kReceived;
  return origin;
}

struct Read {
  bool good = false;
  Event event;
  Refusal refusal;
  std::size_t offset = 0;  // of the refusal
};

Read read(const std::string& record, const Options& options = {}, std::string_view peer = {}) {
  EventReader reader(options);
  const EventView* const view = reader.read(record, received(), peer);
  if (view != nullptr) return {true, event::to_event(*view), {}, 0};
  REQUIRE(reader.refusal().at >= record.data());
  REQUIRE(reader.refusal().at <= record.data() + record.size());
  return {
      false, {}, reader.refusal(), static_cast<std::size_t>(reader.refusal().at - record.data())};
}

Event read_good(const std::string& record) {
  const Read result = read(record);
  REQUIRE_MESSAGE(result.good, result.refusal.text);
  return result.event;
}

std::int64_t nanoseconds_of(const Event& event) {
  return event.time.time_since_epoch().count();
}

TEST_CASE("every field has its place") {
  const Event event =
      read_good(number(1, 17) + bytes(2, "warning") + bytes(3, "disk /") + bytes(4, "web-1") +
                bytes(5, "nearly full") + bytes(7, "prod") + bytes(7, "eu") + real32(8, 12.5F) +
                attribute("rack", "r4") + number(13, 84));
  Event expected;
  expected.time = TimePoint(std::chrono::seconds(17));
  expected.state = "warning";
  expected.service = "disk /";
  expected.host = "web-1";
  expected.description = "nearly full";
  expected.tags = {"eu", "prod"};
  expected.ttl = std::chrono::milliseconds(12500);
  expected.attributes = {{"ingest", "riemann"}, {"rack", "r4"}};
  expected.metric = std::int64_t{42};
  CHECK(event == expected);
}

TEST_CASE("the order of the fields means nothing but to the tags") {
  std::vector<std::string> fields = {
      number(1, 17),           bytes(2, "warning"), bytes(3, "disk /"), bytes(4, "web-1"),
      bytes(5, "f\xC3\xBCll"), bytes(7, "prod"),    real32(8, 12.5F),   attribute("rack", "r4"),
      number(10, 99'000),      number(13, 84),      real64(14, 1),      real32(15, 2),
      bytes(6, "unknown")};
  const auto joined = [&] {
    std::string record;
    for (const std::string& field : fields) record += field;
    return record;
  };
  const Event expected = read_good(joined());
  CHECK(expected.description == "f\xC3\xBCll");
  CHECK(nanoseconds_of(expected) == 99'000'000);
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    std::shuffle(fields.begin(), fields.end(), random);
    CHECK(read_good(joined()) == expected);
  }
}

TEST_CASE("texts of any length are read, and those behind them") {
  for (const std::size_t size : {0, 15, 16, 127, 128, 129, 16383, 16384}) {
    const std::string text(size, 'x');
    const Event event = read_good(bytes(3, text) + bytes(4, "web-1") + bytes(7, text) +
                                  attribute(text + "k", text) + number(13, 84));
    CHECK(event.service == text);
    CHECK(event.host == "web-1");
    CHECK(event.tags == std::vector{text});
    CHECK(event.attributes == std::vector<Attribute>{{"ingest", "riemann"}, {text + "k", text}});
    CHECK(event.metric == Metric(std::int64_t{42}));
  }
}

TEST_CASE("an event without any field was just received") {
  Event expected;
  expected.time = kReceived;
  expected.attributes = {{"ingest", "riemann"}};
  CHECK(read_good("") == expected);
}

TEST_CASE("the client's attributes override neither ingest nor peer") {
  const Read result = read(attribute("peer", "forged") + attribute("ingest", "forged") +
                               attribute("k", "1") + attribute("k", "2"),
                           {}, "192.0.2.7");
  REQUIRE(result.good);
  CHECK(result.event.attributes ==
        std::vector<Attribute>{{"ingest", "riemann"}, {"k", "2"}, {"peer", "192.0.2.7"}});
}

TEST_CASE("time_micros wins over time in any order, though time be garbage") {
  const std::string micros = number(10, 1'700'000'000'000'001);
  for (const std::string& time : {number(1, 7), number(1, UINT64_MAX)}) {
    CHECK(nanoseconds_of(read_good(time + micros)) == 1'700'000'000'000'001'000);
    CHECK(nanoseconds_of(read_good(micros + time)) == 1'700'000'000'000'001'000);
  }
}

TEST_CASE("times are those that an event can hold") {
  CHECK(nanoseconds_of(read_good(number(1, 0))) == 0);
  CHECK(nanoseconds_of(read_good(number(1, 9'223'372'036))) == 9'223'372'036'000'000'000);
  CHECK(nanoseconds_of(read_good(number(10, 9'223'372'036'854'775))) == 9'223'372'036'854'775'000);
  for (const std::string& bad :
       {number(1, 9'223'372'037), number(1, static_cast<std::uint64_t>(-1)),
        number(10, 9'223'372'036'854'776), number(10, INT64_MAX),
        number(10, static_cast<std::uint64_t>(INT64_MIN))}) {
    const Read result = read(service("x") + bad);
    CHECK_FALSE(result.good);
    CHECK(result.refusal.cause == RejectCause::kTimestamp);
    CHECK(result.offset == 3);
  }
}

TEST_CASE("integers stay exact, to both ends") {
  const auto integer = [](std::uint64_t zigzag) {
    return std::get<std::int64_t>(read_good(number(13, zigzag)).metric);
  };
  CHECK(integer(0) == 0);
  CHECK(integer(1) == -1);
  CHECK(integer(2) == 1);
  CHECK(integer(UINT64_MAX - 1) == INT64_MAX);
  CHECK(integer(UINT64_MAX) == INT64_MIN);
}

TEST_CASE("of several metrics the integer wins, then the double") {
  const std::string sint64 = number(13, 4);
  const std::string d = real64(14, 2.25);
  const std::string f = real32(15, 3.5F);
  CHECK(read_good(f + d + sint64).metric == Metric(std::int64_t{2}));
  CHECK(read_good(sint64 + d + f).metric == Metric(std::int64_t{2}));
  CHECK(read_good(f + d).metric == Metric(2.25));
  CHECK(read_good(d + f).metric == Metric(2.25));
  CHECK(read_good(f).metric == Metric(3.5));
}

TEST_CASE("a float is widened, not rounded to decimals") {
  CHECK(read_good(real32(15, 0.1F)).metric == Metric(0.10000000149011612));
}

TEST_CASE("infinities, NaN and minus zero are metrics") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto real = [](const std::string& field) {
    return std::get<double>(read_good(field).metric);
  };
  CHECK(real(real64(14, kInfinity)) == kInfinity);
  CHECK(real(real64(14, -kInfinity)) == -kInfinity);
  CHECK(std::isnan(real(real64(14, std::nan("")))));
  CHECK(std::signbit(real(real64(14, -0.0))));
  CHECK(real(real32(15, -std::numeric_limits<float>::infinity())) == -kInfinity);
  CHECK(std::isnan(real(real32(15, std::nanf("")))));
}

TEST_CASE("a ttl is any time that ends before time does") {
  CHECK(read_good(real32(8, 0.0F)).ttl == nanoseconds(0));
  CHECK(read_good(real32(8, -0.0F)).ttl == nanoseconds(0));
  CHECK(read_good(real32(8, 0.1F)).ttl == nanoseconds(100'000'001));
  CHECK(read_good(number(1, 0) + real32(8, 9.2e9F)).ttl == nanoseconds(9'200'000'000'000'000'000));
  for (const float bad : {-1.0F, -1e-30F, std::nanf(""), std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity(), 9.2e9F}) {
    const Read result = read(service("x") + real32(8, bad));
    CAPTURE(bad);
    CHECK_FALSE(result.good);
    CHECK(result.refusal.cause == RejectCause::kValue);
    CHECK(result.offset == 3);
  }
}

TEST_CASE("of a repeated single field the last counts") {
  const Event event = read_good(service("one") + service("two") + number(13, 2) + number(13, 4) +
                                bytes(4, "h") + bytes(4, "") + number(1, 1) + number(1, 2));
  CHECK(event.service == "two");
  CHECK(event.metric == Metric(std::int64_t{2}));
  CHECK(event.host.empty());
  CHECK(event.time == TimePoint(std::chrono::seconds(2)));
}

TEST_CASE("an attribute needs a key and no value") {
  CHECK(event::find_attribute(read_good(bytes(9, bytes(1, "k"))), "k") != nullptr);
  CHECK(*event::find_attribute(read_good(bytes(9, bytes(2, "v") + bytes(1, "k"))), "k") == "v");
  CHECK(*event::find_attribute(read_good(attribute("", "v")), "") == "v");
  for (const std::string& bad : {bytes(9, ""), bytes(9, bytes(2, "v"))}) {
    const Read result = read(bad);
    CHECK_FALSE(result.good);
    CHECK(result.refusal.cause == RejectCause::kTags);
    CHECK(result.offset == 2);
  }
}

TEST_CASE("unknown fields are skipped, and known ones of another wire type") {
  const std::string odd = number(6, 1) + bytes(11, "x") + real64(12, 1) + real32(100, 1) +
                          number(3, 5) + bytes(1, "x") + real64(8, 1) + number(14, 9) +
                          bytes(13, "x") + number(7, 3) + real32(9, 1);
  CHECK(read_good(odd + service("s") + odd) == read_good(service("s")));
}

TEST_CASE("a tag that is longer than needed means the same") {
  CHECK(read_good(std::string("\x9a\x80\x00\x01s", 5)).service == "s");
}

TEST_CASE("bytes that are no UTF-8 are replaced, in every text") {
  const std::string bad = "\xE9t\xE9";
  const std::string mended = "\xEF\xBF\xBDt\xEF\xBF\xBD";
  const Event event = read_good(bytes(2, bad) + bytes(3, bad) + bytes(4, bad) + bytes(5, bad) +
                                bytes(7, bad) + bytes(9, bytes(1, bad) + bytes(2, bad)));
  CHECK(event.state == mended);
  CHECK(event.service == mended);
  CHECK(event.host == mended);
  CHECK(event.description == mended);
  CHECK(event.tags == std::vector<std::string>{mended});
  CHECK(event.attributes == std::vector<Attribute>{{"ingest", "riemann"}, {mended, mended}});
}

TEST_CASE("more tags or attributes than the limit are refused") {
  Options options;
  options.max_tags = 2;
  options.max_attributes = 2;
  const std::string tags = bytes(7, "a") + bytes(7, "b");
  const std::string attributes = attribute("a", "1") + attribute("b", "2");
  const std::string full = tags + attributes;
  CHECK(read(full, options).good);
  for (const std::string& more : {bytes(7, "c"), attribute("c", "3")}) {
    const Read result = read(full + more, options);
    CHECK_FALSE(result.good);
    CHECK(result.refusal.cause == RejectCause::kTags);
    CHECK(result.offset == full.size());
  }
}

TEST_CASE("a damaged field refuses the event, in an attribute as well") {
  const struct {
    std::string record;
    RejectCause cause;
    std::size_t offset;
  } cases[] = {
      {service("x") + std::string("\x1a\x05y", 3), RejectCause::kTruncated, 4},
      {service("x") + "\x0e", RejectCause::kSyntax, 4},
      {bytes(9, std::string("\x0a\x05k", 3)), RejectCause::kTruncated, 3},
      {std::string("\x71", 1) + "1234567", RejectCause::kTruncated, 8},
      {std::string("\x08\x80", 2), RejectCause::kTruncated, 2},
      {std::string("\x80", 1), RejectCause::kTruncated, 1},
  };
  for (const auto& c : cases) {
    const Read result = read(c.record);
    CHECK_FALSE(result.good);
    CHECK(result.refusal.cause == c.cause);
    CHECK(result.offset == c.offset);
  }
}

TEST_CASE("nothing of a refused event is left in the next") {
  const Options options;
  EventReader reader(options);
  const std::string bad = bytes(7, "tag") + attribute("k", "v") + bytes(4, "host") + "\x0e";
  REQUIRE(reader.read(bad, received(), "p") == nullptr);
  const EventView* const view = reader.read("", received(), "");
  REQUIRE(view != nullptr);
  CHECK(view->tags.empty());
  CHECK(view->attributes.size() == 1);
  CHECK(view->host.empty());
}

}  // namespace
}  // namespace tocsin::riemann::testing
