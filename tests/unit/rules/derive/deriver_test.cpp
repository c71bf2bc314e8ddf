#include "src/rules/derive/deriver.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/series/counting_new.hpp"

namespace tocsin::rules::derive {
namespace {

// Takes as many samples as it is told to.
class Taking final : public Intake {
 public:
  std::size_t samples(std::span<const RawSample> samples,
                      const IdentityResolver& resolver) override {
    ++calls;
    std::size_t done = 0;
    for (const RawSample& sample : samples) {
      if (room == 0) break;
      --room;
      ++done;
      sum += sample.value;
      if (!keeps) continue;
      const Identity identity = *resolver.resolve(sample);
      std::string text = identity.service;
      if (!identity.host.empty()) text += " on " + identity.host;
      for (const Attribute& attribute : identity.attributes) {
        text += " " + attribute.key + "=" + attribute.value;
      }
      taken.emplace_back(text, sample.value);
    }
    return done;
  }
  bool event(const EventView&) override { return false; }
  void drop(std::size_t) override {}
  void reject(RejectCause, std::string_view, std::size_t, std::string_view) override {}

  std::size_t room = 1'000'000;
  bool keeps = true;
  int calls = 0;
  double sum = 0;
  std::vector<std::pair<std::string, double>> taken;
};

using Taken = std::vector<std::pair<std::string, double>>;

Derivation derivation(std::string name, std::vector<std::string> by = {},
                      std::optional<std::string> value = {}, std::uint32_t most = 10) {
  Derivation made;
  made.name = std::move(name);
  made.where.predicate = query::Predicate::always();
  made.by = std::move(by);
  made.value = std::move(value);
  made.max_groups = most;
  return made;
}

struct Bench {
  explicit Bench(std::vector<Derivation> derivations)
      : program(derivations, 60, nullptr), deriver(program, 7, out) {}

  // All rules on an event with these attributes.
  void measure(std::vector<AttributeView> attributes) {
    EventView event;
    event.host = "web-1";
    event.attributes = attributes;
    record.assign(event);
    REQUIRE(deriver.make_room(program.rules().size()));
    for (std::uint32_t i = 0; i < program.rules().size(); ++i) deriver.apply(i, record);
  }

  Taking out;
  Program program;
  Deriver deriver;
  parse::Record record;
};

TEST_CASE("events are counted, or what a field says is observed, by group") {
  Bench bench({derivation("requests", {"status"}), derivation("latency", {"host", "route"}, "took"),
               derivation("all")});
  bench.measure({{"status", "200"}, {"route", "/"}, {"took", "0.25"}});
  bench.measure({{"status", "500"}, {"took", " 2e1 "}});
  CHECK(bench.out.taken.empty());
  CHECK(bench.deriver.flush());
  CHECK(bench.out.taken == Taken{{"requests status=200", 1},
                                 {"latency on web-1 route=/", 0.25},
                                 {"all", 1},
                                 {"requests status=500", 1},
                                 {"latency on web-1", 20},
                                 {"all", 1}});
  CHECK(bench.out.calls == 1);
}

TEST_CASE("what is no number is not measured, and counted") {
  Bench bench({derivation("latency", {}, "took")});
  bench.measure({{"took", "12ms"}});
  bench.measure({});
  bench.measure({{"took", "12"}});
  CHECK(bench.deriver.flush());
  CHECK(bench.out.taken == Taken{{"latency", 12}});
  CHECK(bench.deriver.take_tally(0).skipped == 2);
  CHECK(bench.deriver.take_tally(0).skipped == 0);
}

TEST_CASE("groups beyond the limit are one group, and counted") {
  Bench bench({derivation("r", {"path", "host"}, {}, 2)});
  for (const char* path : {"/a", "/b", "/c", "/a", "/d"}) bench.measure({{"path", path}});
  CHECK(bench.deriver.flush());
  CHECK(bench.out.taken == Taken{{"r on web-1 path=/a", 1},
                                 {"r on web-1 path=/b", 1},
                                 {"r on _other path=_other", 1},
                                 {"r on web-1 path=/a", 1},
                                 {"r on _other path=_other", 1}});
  CHECK(bench.deriver.take_tally(0).overflowed == 2);
}

TEST_CASE("a group that has ended makes room") {
  Bench bench({derivation("r", {"path"}, {}, 1)});
  bench.deriver.set_minute(1000);
  bench.measure({{"path", "/a"}});
  bench.deriver.set_minute(1061);
  bench.measure({{"path", "/b"}});
  CHECK(bench.deriver.flush());
  CHECK(bench.out.taken.back().first == "r path=/b");
}

TEST_CASE("what the pipeline does not take waits, and is handed over once") {
  Bench bench({derivation("r", {"n"}, {}, 1000)});
  bench.out.room = 0;
  std::size_t measured = 0;
  std::string number;
  while (bench.deriver.make_room(1)) {
    number = std::to_string(measured++);
    bench.measure({{"n", number}});
    REQUIRE(measured < 10'000);
  }
  CHECK_FALSE(bench.deriver.flush());
  bench.out.room = 50;
  CHECK_FALSE(bench.deriver.make_room(1));
  CHECK(bench.out.taken.size() == 50);
  bench.out.room = 1'000'000;
  CHECK(bench.deriver.make_room(1));
  REQUIRE(bench.out.taken.size() == measured);
  for (std::size_t i = 0; i < measured; ++i) {
    CHECK(bench.out.taken[i].first == "r n=" + std::to_string(i));
  }
}

TEST_CASE("events are measured without the heap") {
  Bench bench(
      {derivation("requests", {"status", "host"}), derivation("latency", {"status"}, "took")});
  bench.out.keeps = false;
  const std::vector<AttributeView> attributes = {{"status", "200"}, {"took", "0.25"}};
  const auto use = [&] {
    for (int i = 0; i < 1000; ++i) {
      EventView event;
      event.host = "web-1";
      event.attributes = attributes;
      bench.record.assign(event);
      (void)bench.deriver.make_room(2);
      bench.deriver.apply(0, bench.record);
      bench.deriver.apply(1, bench.record);
    }
  };
  use();
  const std::uint64_t before = series::heap_allocations();
  use();
  CHECK(series::heap_allocations() == before);
  CHECK(bench.deriver.flush());
  CHECK(bench.out.sum == 2000 * 1.25);
}

}  // namespace
}  // namespace tocsin::rules::derive
