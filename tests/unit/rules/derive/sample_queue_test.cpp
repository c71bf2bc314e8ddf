#include "src/rules/derive/sample_queue.hpp"

#include <doctest/doctest.h>

#include "tests/support/counting_new.hpp"
#include "tests/unit/rules/derive/taking_intake.hpp"

namespace tocsin::rules::derive {
namespace {

using test::Taken;
using test::TakingIntake;

void add(SampleQueue& queue, std::string_view name, std::string_view n) {
  queue.begin(group_bytes("n"));
  queue.add("n", n);
  RawSample sample;
  sample.name = name;
  sample.value = 1;
  queue.end(sample);
}

TEST_CASE("samples wait and go together") {
  TakingIntake out;
  SampleQueue queue(out);
  CHECK(queue.flush());
  CHECK(out.calls == 0);
  add(queue, "a", "1");
  add(queue, "b", "");
  CHECK_FALSE(queue.empty());
  CHECK(out.taken.empty());
  CHECK(queue.flush());
  CHECK(queue.empty());
  CHECK(out.calls == 1);
  CHECK(out.taken == Taken{{"a n=1", 1}, {"b", 1}});
}

TEST_CASE("a group may be begun again") {
  TakingIntake out;
  SampleQueue queue(out);
  queue.begin(2 * group_bytes("x"));
  queue.add("x", "long text that is not meant");
  const std::string first(queue.group());
  queue.begin_again();
  CHECK(queue.group().empty());
  queue.add("x", "y");
  CHECK(queue.group() != first);
  queue.end({});
  CHECK(queue.flush());
  CHECK(out.taken == Taken{{" x=y", 0}});
}

TEST_CASE("what the pipeline does not take waits, and is handed over once") {
  TakingIntake out;
  SampleQueue queue(out);
  out.room = 0;
  std::size_t made = 0;
  while (queue.make_room()) {
    add(queue, "r", std::to_string(made++));
    REQUIRE(made < 10'000);
  }
  CHECK(made == SampleQueue::kMostWaiting);
  CHECK_FALSE(queue.flush());
  out.room = 50;
  CHECK_FALSE(queue.make_room());
  CHECK(out.taken.size() == 50);
  out.room = 1'000'000;
  CHECK(queue.make_room());
  REQUIRE(out.taken.size() == made);
  for (std::size_t i = 0; i < made; ++i) CHECK(out.taken[i].first == "r n=" + std::to_string(i));
}

TEST_CASE("samples pass without the heap") {
  TakingIntake out;
  out.keeps = false;
  SampleQueue queue(out);
  const auto use = [&] {
    for (int i = 0; i < 1000; ++i) {
      CHECK(queue.make_room());
      add(queue, "r", "a group");
    }
  };
  use();
  const std::uint64_t before = tocsin::testing::heap_allocations();
  use();
  CHECK(tocsin::testing::heap_allocations() == before);
}

}  // namespace
}  // namespace tocsin::rules::derive
