#include "src/rules/derive/deriver.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/derive/taking_intake.hpp"

namespace tocsin::rules::derive {
namespace {

using test::Taken;
using test::TakingIntake;

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
      : program(derivations, 60, nullptr), queue(out), deriver(program, 7, queue) {}

  // All rules on an event with these attributes.
  void measure(std::vector<AttributeView> attributes) {
    EventView event;
    event.host = "web-1";
    event.attributes = attributes;
    record.assign(event);
    for (std::uint32_t i = 0; i < program.rules().size(); ++i) deriver.apply(i, record);
  }

  TakingIntake out;
  Program program;
  SampleQueue queue;
  Deriver deriver;
  parse::Record record;
};

TEST_CASE("events are counted, or what a field says is observed, by group") {
  Bench bench({derivation("requests", {"status"}), derivation("latency", {"host", "route"}, "took"),
               derivation("all")});
  bench.measure({{"status", "200"}, {"route", "/"}, {"took", "0.25"}});
  bench.measure({{"status", "500"}, {"took", " 2e1 "}});
  CHECK(bench.out.taken.empty());
  CHECK(bench.queue.flush());
  CHECK(bench.out.taken == Taken{{"requests status=200", 1},
                                 {"latency on web-1 route=/", 0.25},
                                 {"all", 1},
                                 {"requests status=500", 1},
                                 {"latency on web-1", 20},
                                 {"all", 1}});
}

TEST_CASE("what is no number is not measured, and counted") {
  Bench bench({derivation("latency", {}, "took")});
  bench.measure({{"took", "12ms"}});
  bench.measure({});
  bench.measure({{"took", "12"}});
  CHECK(bench.queue.flush());
  CHECK(bench.out.taken == Taken{{"latency", 12}});
  CHECK(bench.deriver.take_tally(0).skipped == 2);
  CHECK(bench.deriver.take_tally(0).skipped == 0);
}

TEST_CASE("groups beyond the limit are one group, and counted") {
  Bench bench({derivation("r", {"path", "host"}, {}, 2)});
  for (const char* path : {"/a", "/b", "/c", "/a", "/d"}) bench.measure({{"path", path}});
  CHECK(bench.queue.flush());
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
  CHECK(bench.queue.flush());
  CHECK(bench.out.taken.back().first == "r path=/b");
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
      (void)bench.queue.make_room();
      bench.deriver.apply(0, bench.record);
      bench.deriver.apply(1, bench.record);
    }
  };
  use();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  use();
  CHECK(tocsin::testing::heap_allocations() == before);
  CHECK(bench.queue.flush());
  CHECK(bench.out.sum == 2000 * 1.25);
}

}  // namespace
}  // namespace tocsin::rules::derive
