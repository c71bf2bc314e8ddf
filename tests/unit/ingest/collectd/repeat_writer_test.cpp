#include "ingest/collectd/repeat_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "ingest/collectd/network_decoder.hpp"
#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/collectd/packet.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

using tocsin::testing::RecordingIntake;

// A decoder that remembers lists and one that parses them, which must say the same.
struct Pair {
  explicit Pair(Options given = {}, RateTableLimits limits = {})
      : options(std::move(given)),
        rates(limits, 1),
        parsing_rates(limits, 1),
        decoder(options, nullptr, rates, intake),
        oracle(parsing(options), nullptr, parsing_rates, expected) {}

  static Options parsing(Options options) {
    options.max_remembered_bytes = 0;
    return options;
  }

  // With room for `room` events in each call.
  void decode(const std::string& datagram, const Origin& origin,
              std::size_t room = RecordingIntake::kNoLimit) {
    kept.events.clear();
    kept.rejects.clear();
    expected.events.clear();
    expected.rejects.clear();
    REQUIRE(oracle.decode(datagram, origin) == datagram.size());
    std::string rest = datagram;
    while (!rest.empty()) {
      intake.make_room(room);
      rest = std::string(rest.substr(decoder.decode(rest, origin)));
    }
    REQUIRE(kept.events == expected.events);
    REQUIRE(kept.rejects.size() == expected.rejects.size());
    for (std::size_t i = 0; i < kept.rejects.size(); ++i) {
      REQUIRE(kept.rejects[i].text == expected.rejects[i].text);
      REQUIRE(kept.rejects[i].offset == expected.rejects[i].offset);
      REQUIRE(kept.rejects[i].record == expected.rejects[i].record);
    }
    for (const auto counter :
         {&Counters::readings, &Counters::readings_refused, &Counters::odd_lists}) {
      REQUIRE((rates.counters().*counter).get() == (parsing_rates.counters().*counter).get());
    }
  }

  Options options;
  RateTable rates;
  RateTable parsing_rates;
  RecordingIntake kept;
  RecordingIntake expected;
  LimitedIntake intake{kept};
  NetworkDecoder decoder;
  NetworkDecoder oracle;
};

TEST_CASE("texts that are not said again stand as before, and those that become empty do not") {
  Pair pair;
  for (std::uint64_t time = 100; time < 130; time += 10) {
    std::string datagram = description(time) + plugin_instance("p") + type_instance("t");
    for (const auto& change :
         {std::string(), type_instance("u"), plugin_instance("q"), plugin_instance(""),
          plugin_instance("") + seconds(time + 1), type_instance("v"), type_instance(""),
          plugin_instance("r"), type_instance("w"), plugin("other"), type("derive"), host("web-2"),
          host("web-1") + plugin_instance("") + type_instance("")}) {
      datagram += change + values({derive(static_cast<std::int64_t>(time))});
      datagram += type("g") + values({gauge(1)}) + type("h") + values({gauge(2), counter(time)});
      datagram += type("gauge");
    }
    pair.decode(datagram, origin_at());
    CHECK(pair.kept.events.size() > 40);
  }
}

TEST_CASE("a list that comes again with an impossible time is refused as itself") {
  Pair pair;
  const auto datagram = [](std::uint64_t first, std::uint64_t second) {
    return description(first) + values({gauge(1)}) + seconds(second) + type("t") +
           values({gauge(2)}) + seconds(first) + type("u") + values({gauge(3)});
  };
  pair.decode(datagram(100, 100), origin_at());
  pair.decode(datagram(110, ~0ull), origin_at());
  CHECK(pair.kept.events.size() == 2);
  pair.decode(datagram(120, 120), origin_at());
  CHECK(pair.kept.events.size() == 3);
}

TEST_CASE("an infinite gauge is no metric when it comes again") {
  Pair pair;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::uint64_t time = 100;
  for (const double value :
       {1.0, kInfinity, -kInfinity, 2.0, std::numeric_limits<double>::quiet_NaN(), 3.0}) {
    pair.decode(description(++time) + values({gauge(value), gauge(value), derive(5)}), origin_at());
    CHECK(pair.kept.events.size() == 3);
  }
}

TEST_CASE("a list that comes again allocates nothing") {
  class Discarding final : public Intake {
   public:
    [[nodiscard]] std::size_t samples(std::span<const RawSample> samples,
                                      const IdentityResolver&) override {
      return samples.size();
    }
    [[nodiscard]] bool event(const EventView&) override { return ++events > 0; }
    void drop(std::size_t) override {}
    void reject(RejectCause, std::string_view, std::size_t, std::string_view) override {}
    std::size_t events = 0;
  };
  Discarding intake;
  RateTable rates({}, 1);
  NetworkDecoder decoder({}, nullptr, rates, intake);
  const auto decode = [&](std::uint64_t time) {
    const std::string datagram = description(time) + values({derive(7), gauge(1)}) +
                                 type_instance("t") + values({counter(time)});
    const Origin origin = origin_at(static_cast<std::int64_t>(time));
    const std::uint64_t before = tocsin::testing::heap_allocations();
    CHECK(decoder.decode(datagram, origin) == datagram.size());
    return tocsin::testing::heap_allocations() - before;
  };
  CHECK(decode(100) > 0);
  CHECK(decode(110) == 0);
  CHECK(decode(120) == 0);
  CHECK(intake.events == 9);
}

// Datagrams of a small world: few names, so that the same lists come in all orders, behind each
// other, from two senders, too late, and in intervals that let readings be forgotten.
class World {
 public:
  std::string datagram() {
    std::string out;
    for (std::size_t n = 1 + below(6); n > 0; --n) out += list(out.empty() || below(8) == 0);
    return out;
  }
  Origin origin() {
    if (below(50) == 0) arrival_ += below(900);
    if (below(100) == 0) time_ = std::max(time_, arrival_);
    Origin origin = origin_at(kNow + static_cast<std::int64_t>(arrival_));
    origin.peer.address[3] = static_cast<std::uint8_t>(below(2));
    return origin;
  }
  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::string one_of(std::initializer_list<const char*> texts) {
    return texts.begin()[below(texts.size())];
  }
  std::string time() {
    if (below(200) == 0) return below(2) == 0 ? units(~0ull) : units(0);
    if (below(4) != 0) ++time_;
    const auto second = static_cast<std::uint64_t>(kNow) + time_;
    return below(5) == 0 ? seconds(second) : units(second << 30 | below(1u << 30));
  }
  std::string list(bool whole) {
    std::string out;
    if (whole) out += host(one_of({"web-1", "web-2"}));
    if (whole || below(3) != 0) out += time();
    if (whole || below(20) == 0) out += below(2) == 0 ? interval_seconds(10) : interval_units(0);
    if (whole || below(6) == 0) out += plugin(one_of({"cpu", "df", "a plugin with a long name"}));
    if (below(3) == 0) out += plugin_instance(one_of({"", "0", "1"}));
    if (whole || below(4) == 0) out += type(one_of({"load", "derive", "if_octets", "gauge"}));
    if (below(3) != 0) out += type_instance(one_of({"", "user", "an instance of some length"}));
    std::vector<Value> list(1 + below(3) * below(2) + (below(40) == 0 ? 9 : 0));
    const std::size_t kind = below(3);
    for (Value& value : list) value = any_value(kind == 0 ? 0 : kind == 1 ? 2 : below(4));
    return out + values(list);
  }
  Value any_value(std::size_t kind) {
    switch (kind) {
      case 0:
        return gauge(below(30) == 0 ? std::numeric_limits<double>::infinity() : 1.5);
      case 1:
        return counter(random_() >> below(64));
      case 2:
        return derive(static_cast<std::int64_t>(random_() >> below(64)));
      default:
        return absolute(random_() >> below(64));
    }
  }

  std::mt19937_64 random_{20261122};
  std::uint64_t time_ = 0;
  std::uint64_t arrival_ = 0;
};

// TOCSIN_MUTATIONS asks for more datagrams.
std::size_t datagrams_to_make() {
  const char* const asked = std::getenv("TOCSIN_MUTATIONS");
  return asked == nullptr ? 10'000 : std::max(10'000, std::atoi(asked));
}

TEST_CASE("lists in any order are written as those that are parsed") {
  for (const bool with_types : {false, true}) {
    Options options;
    options.max_remembered_bytes = 1 << 17;
    if (with_types) {
      options.types = captured_types();
      options.max_age = std::chrono::hours(1);
    }
    // Some do not find room; others are forgotten, so that places change.
    Pair pair(options, {200, std::chrono::minutes(10), std::chrono::hours(48)});
    World world;
    std::size_t events = 0;
    std::uint64_t most_remembered = 0;
    for (std::size_t i = 0; i < datagrams_to_make(); ++i) {
      CAPTURE(i);
      const std::string datagram = world.datagram();
      const std::size_t room = world.below(4) == 0 ? 1 + world.below(3) : RecordingIntake::kNoLimit;
      pair.decode(datagram, world.origin(), room);
      events += pair.kept.events.size();
      most_remembered = std::max(most_remembered, pair.rates.counters().remembered_lists.get());
    }
    CHECK(events > 10'000);
    CHECK(most_remembered > 100);
    CHECK(pair.rates.counters().readings_refused.get() > 100);
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
