#include "ingest/collectd/list_cache.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "ingest/collectd/network_decoder.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/collectd/packet.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

using tocsin::testing::RecordingIntake;

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

const Peer kPeer = origin_at().peer;

// A list as it is remembered: `wire` up to the end of its values.
struct Wired {
  explicit Wired(std::string bytes) : wire(std::move(bytes)) {
    list.name = {"web-1", "api", "", "gauge", ""};
    list.interval = std::chrono::seconds(10);
    list.values = values;
    series = std::string(SeriesText::max_bytes(list.name), '\0');
    prepared.series = {series.data(), list.name};
    prepared.key = 7;
  }
  ListCache::List* remember(ListCache& cache, ListCache::List* before = nullptr) const {
    return cache.remember(before, wire, kPeer, list, prepared);
  }

  std::string wire;
  std::vector<Value> values{gauge(1)};
  std::string series;
  ValueList list;
  PreparedList prepared;
};

TEST_CASE("a list is told by its bytes, but for its time and values") {
  ListCache cache(kMebibyte, 1);
  const Wired first(description(100) + values({gauge(1)}));
  const ListCache::List* const added = first.remember(cache);
  REQUIRE(added != nullptr);
  CHECK(added->is_at(description(200) + values({gauge(2)}) + "more"));
  CHECK_FALSE(added->is_at(description(200, "gaugf") + values({gauge(2)})));
  CHECK_FALSE(added->is_at(description(200) + values({derive(2)})));
  CHECK_FALSE(added->is_at(description(200) + values({gauge(2), gauge(3)})));
  for (std::size_t size = 0; size < first.wire.size(); ++size) {
    CHECK_FALSE(added->is_at(first.wire.substr(0, size)));
  }
  CHECK(added->prepared.key == 7);
  CHECK(added->prepared.series.service() == "api/gauge");
  CHECK(std::string_view(added->prepared.series.text().data() + added->sources()[0].service_at,
                         added->sources()[0].service_bytes) == "api/gauge");
  CHECK(added->interval == std::chrono::seconds(10));
}

TEST_CASE("a first list is found again for its sender and user alone") {
  ListCache cache(kMebibyte, 1);
  const Wired first(description(100) + values({gauge(1)}));
  const ListCache::List* const added = first.remember(cache);
  const std::string later = description(200) + values({gauge(2)});
  CHECK(cache.find_first(later, kPeer, "") == added);
  CHECK(cache.find_first(later, kPeer, "probe") == nullptr);
  Peer other = kPeer;
  other.address[3] = 8;
  CHECK(cache.find_first(later, other, "") == nullptr);
  other = kPeer;
  other.port = 9;  // a client that began anew
  CHECK(cache.find_first(later, other, "") == added);
}

TEST_CASE("first lists are found in whatever order they come") {
  ListCache cache(kMebibyte, 1);
  std::vector<ListCache::List*> added;
  std::vector<std::string> later;
  for (const char* name : {"one", "two", "three"}) {
    added.push_back(Wired(description(100, name) + values({gauge(1)})).remember(cache));
    later.push_back(description(200, name) + values({gauge(2)}));
  }
  for (const std::size_t i : {0u, 1u, 2u, 0u, 1u, 2u, 1u, 0u, 2u, 2u, 1u}) {
    CHECK(cache.find_first(later[i], kPeer, "") == added[i]);
  }
  CHECK(cache.find_first(description(200, "four") + values({gauge(2)}), kPeer, "") == nullptr);
  CHECK(cache.find_first(later[0], kPeer, "") == added[0]);
}

TEST_CASE("a list whose texts are too long is not remembered, and leaves room for others") {
  ListCache cache(kMebibyte, 1);
  const std::vector<Value> many_values(6000, gauge(1));
  Wired many(description(100) + values(many_values));
  many.list.values = many_values;
  CHECK(many.remember(cache) == nullptr);
  CHECK(Wired(description(100) + values({gauge(1)})).remember(cache) != nullptr);
}

TEST_CASE("a list is remembered once behind each list it came behind") {
  ListCache cache(kMebibyte, 1);
  const Wired one(description(100) + values({gauge(1)}));
  const Wired two(seconds(100) + type("two") + values({gauge(1)}));
  ListCache::List* const first = one.remember(cache);
  ListCache::List* const second = two.remember(cache, first);
  CHECK(first->next == second);
  ListCache::List* const third = two.remember(cache, second);
  CHECK(third != second);
  CHECK(two.remember(cache, first) == second);
  CHECK(cache.size() == 3);
}

TEST_CASE("what does more than describe is not remembered") {
  ListCache cache(kMebibyte, 1);
  const std::string list = values({gauge(1)});
  for (const std::string& parts :
       {message("m"), severity(4), seconds(1) + seconds(2), seconds(1) + units(2),
        part(0x0001, "short"), part(0x0010, "unknown"), part(0x0200, std::string(40, 'x')),
        std::string("\0\0\0\3", 4), std::string("\0\0\xff\xff", 4)}) {
    CHECK_FALSE(ListCache::read_layout(host("h") + parts + list).has_value());
    CHECK(Wired(host("h") + parts + list).remember(cache) == nullptr);
  }
  CHECK_FALSE(ListCache::read_layout("").has_value());
  CHECK_FALSE(ListCache::read_layout(host("h")).has_value());
  CHECK_FALSE(ListCache::read_layout(part(0x0006, std::string("\0\2\1", 3) + "12345678")));
  CHECK(cache.size() == 0);
}

TEST_CASE("a full cache takes nothing more, and is emptied after a while") {
  ListCache cache(2048, 1);
  std::size_t taken = 0;
  for (int i = 0; i < 100; ++i) {
    cache.begin_datagram(at_second(kNow));
    const Wired list(host("h" + std::to_string(i)) + values({gauge(1)}));
    if (list.remember(cache) != nullptr) ++taken;
  }
  CHECK(taken > 3);
  CHECK(taken < 20);
  CHECK(cache.size() == taken);
  cache.begin_datagram(at_second(kNow) + ListCache::kFullPause - std::chrono::seconds(1));
  CHECK(cache.size() == taken);
  cache.begin_datagram(at_second(kNow) + ListCache::kFullPause);
  CHECK(cache.size() == 0);
  CHECK(Wired(host("h") + values({gauge(1)})).remember(cache) != nullptr);
}

TEST_CASE("a cache of no bytes remembers nothing") {
  ListCache cache(0, 1);
  CHECK(Wired(description(100) + values({gauge(1)})).remember(cache) == nullptr);
}

// Sets each time and value of a plain datagram forward, as the next interval does, wherever parts
// can still be walked.
void advance(std::string& datagram, std::uint64_t seconds) {
  for (std::size_t at = 0; at + kHeadBytes <= datagram.size();) {
    const PartHead head = read_head(datagram.data() + at);
    if (head.length < kHeadBytes || head.length > datagram.size() - at) return;
    if (head.type == kTimeHr && head.length == kHeadBytes + kNumberBytes) {
      char* const number = datagram.data() + at + kHeadBytes;
      const auto time = base::load_big_endian<std::uint64_t>(number) + (seconds << 30);
      big_endian(time, 8).copy(number, 8);
    }
    at += head.length;
  }
}

// Everything that a decoder sees twice it may have remembered: datagrams come again, whole,
// damaged, cut short and from several senders, and say the same to a decoder that remembers
// nothing.
TEST_CASE("a decoder that remembers says what one that parses says") {
  std::vector<std::string> seeds = tocsin::testing::read_datagrams("collectd/plain.dgram");
  std::vector<std::string> sealed;
  for (const char* name : {"collectd/signed.dgram", "collectd/encrypted.dgram"}) {
    for (std::string& datagram : tocsin::testing::read_datagrams(name)) {
      sealed.push_back(std::move(datagram));
    }
  }
  const auto users = parse_users(tocsin::testing::read_capture("collectd/authfile"));
  std::mt19937 random(20261122);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (const bool with_types : {false, true}) {
    for (const std::size_t room : {RecordingIntake::kNoLimit, std::size_t{3}}) {
      Options options;
      if (with_types) options.types = captured_types();
      Options parsing = options;
      parsing.max_remembered_bytes = 0;
      RateTable rates({}, 1);
      RateTable parsing_rates({}, 1);
      RecordingIntake kept;
      RecordingIntake expected;
      LimitedIntake intake(kept);
      NetworkDecoder decoder(options, users, rates, intake);
      NetworkDecoder oracle(parsing, users, parsing_rates, expected);
      std::vector<std::string> datagrams = seeds;
      for (std::uint64_t round = 0; round < 400; ++round) {
        std::string datagram = sealed[below(sealed.size())];
        if (below(8) != 0) {
          std::string& source = datagrams[below(datagrams.size())];
          if (below(4) != 0) advance(source, 1 + below(20));
          if (below(60) == 0) source[below(source.size())] ^= static_cast<char>(1 << below(8));
          datagram = source;
          if (below(20) == 0) datagram.resize(below(datagram.size()));
        }
        Origin origin = origin_at(kNow + static_cast<std::int64_t>(round));
        origin.peer.address[3] = static_cast<std::uint8_t>(below(2));
        REQUIRE(oracle.decode(datagram, origin) == datagram.size());
        std::string rest = datagram;
        while (!rest.empty()) {
          intake.make_room(room);
          rest = std::string(rest.substr(decoder.decode(rest, origin)));
        }
        CAPTURE(round);
        REQUIRE(kept.events == expected.events);
        REQUIRE(kept.rejects.size() == expected.rejects.size());
        for (std::size_t i = 0; i < kept.rejects.size(); ++i) {
          REQUIRE(kept.rejects[i].text == expected.rejects[i].text);
          REQUIRE(kept.rejects[i].offset == expected.rejects[i].offset);
          REQUIRE(kept.rejects[i].record == expected.rejects[i].record);
        }
        kept.events.clear();
        kept.rejects.clear();
        expected.events.clear();
        expected.rejects.clear();
      }
      CHECK(rates.counters().odd_lists.get() == parsing_rates.counters().odd_lists.get());
      CHECK(rates.counters().readings.get() == parsing_rates.counters().readings.get());
      CHECK(rates.counters().remembered_lists.get() > 100);
      CHECK(parsing_rates.counters().remembered_lists.get() == 0);
    }
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
