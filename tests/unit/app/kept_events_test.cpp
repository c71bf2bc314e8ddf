#include "src/app/kept_events.hpp"

#include <string>
#include <utility>
#include <vector>

#include "src/app/series_event.hpp"
#include "tests/unit/app/stage_fixture.hpp"

namespace tocsin::app {
namespace {

using namespace std::chrono_literals;

std::string bytes_of(std::string description, std::int64_t time_s,
                     std::optional<std::chrono::nanoseconds> ttl = {}) {
  Event event;
  event.service = "s";
  event.time = test::at(time_s);
  event.description = std::move(description);
  event.ttl = ttl;
  std::string bytes;
  event::append_event(event, bytes);
  return bytes;
}

struct Fixture {
  series::Arena arena{series::Arena::kChunkBytes};
  KeptEvents kept{arena};

  // The descriptions of those that end before `seconds`.
  std::vector<std::string> expire(std::int64_t seconds, std::size_t most = 100) {
    std::vector<std::string> ended;
    (void)kept.expire(test::at(seconds), most, [&](series::SeriesIndex, std::string_view bytes) {
      ended.push_back(event_from(bytes).description);
    });
    return ended;
  }
};

TEST_CASE("the last event of each series is kept until it is forgotten") {
  Fixture f;
  CHECK(f.kept.find(3).empty());
  REQUIRE(f.kept.keep(3, bytes_of("one", 0)));
  REQUIRE(f.kept.keep(4, bytes_of("other", 0)));
  REQUIRE(f.kept.keep(3, bytes_of("a much longer one than the one before", 0)));
  CHECK(event_from(f.kept.find(3)).description == "a much longer one than the one before");
  CHECK(event_from(f.kept.find(4)).description == "other");
  f.kept.forget(3);
  CHECK(f.kept.find(3).empty());
  f.kept.forget(3);
}

TEST_CASE("memory of forgotten and replaced events is used again, and its end is told") {
  Fixture f;
  const std::string large(60'000, 'x');
  for (int i = 0; i < 100; ++i) {
    REQUIRE(f.kept.keep(0, bytes_of(large, 0)));
    f.kept.forget(0);
    REQUIRE(f.kept.keep(1, bytes_of(i % 2 == 0 ? large : "small", 0)));
  }
  series::SeriesIndex refused = 0;
  for (series::SeriesIndex i = 2; i < 100 && refused == 0; ++i) {
    if (!f.kept.keep(i, bytes_of(large, 0))) refused = i;
  }
  CHECK(refused > 2);
  CHECK(f.kept.find(refused).empty());
  f.kept.forget(refused);
  CHECK_FALSE(f.kept.keep(1, bytes_of(std::string(70'000, 'x'), 0)));
  CHECK_FALSE(f.kept.find(1).empty());
}

TEST_CASE("an event ends with its ttl, once, unless a later one lives on") {
  Fixture f;
  REQUIRE(f.kept.keep(0, bytes_of("short", 0, 10s)));
  REQUIRE(f.kept.keep(1, bytes_of("long", 0, 60s)));
  REQUIRE(f.kept.keep(2, bytes_of("without end", 0)));
  REQUIRE(f.kept.keep(3, bytes_of("renewed", 0, 10s)));
  REQUIRE(f.kept.keep(3, bytes_of("renewed", 8, 30s)));
  CHECK(f.expire(10).empty());
  CHECK(f.expire(11) == std::vector<std::string>{"short"});
  CHECK(f.expire(38).empty());
  CHECK(f.expire(39) == std::vector<std::string>{"renewed"});
  CHECK(f.expire(1000) == std::vector<std::string>{"long"});
  CHECK(f.expire(100'000).empty());
}

TEST_CASE("no more are looked at than was asked for") {
  Fixture f;
  for (series::SeriesIndex i = 0; i < 10; ++i) REQUIRE(f.kept.keep(i, bytes_of("e", 0, 1s)));
  CHECK(f.expire(5, 4).size() == 4);
  CHECK(f.expire(5).size() == 6);
}

}  // namespace
}  // namespace tocsin::app
