#include "src/event/compact_form.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "src/event/event_access.hpp"
#include "tests/unit/event/sample_events.hpp"
#include "tocsin/event_viewer.hpp"

using namespace tocsin;
using namespace tocsin::event;

namespace {

std::string bytes_of(const Event& event) {
  std::string out;
  append_event(event, out);
  return out;
}

std::string bytes_of(const Identity& identity) {
  std::string out;
  append_identity(identity, out);
  return out;
}

const Identity kIdentity{SeriesKind::kTimer, "app-1", "db.query", {"blue", "prod"}, {{"env", "p"}}};

}  // namespace

TEST_CASE("an event crosses a ring unchanged") {
  for (const Event& event : sample_events()) {
    const auto read = parse_event(bytes_of(event));
    REQUIRE(read.has_value());
    CHECK(*read == event);
  }
}

TEST_CASE("a view crosses a ring as the event that it shows, its head readable alone") {
  for (const Event& event : sample_events()) {
    EventViewer viewer;
    std::string out = "before";
    append_event(viewer.view(event), out);
    CHECK(out == "before" + bytes_of(event));
    const EventHead head = event_head(std::string_view(out).substr(6));
    CHECK(head.time == event.time);
    CHECK(head.metric == event.metric);
    CHECK(head.ttl == event.ttl);
  }
}

TEST_CASE("a metric that is not a number keeps its bits") {
  Event event;
  event.metric = std::numeric_limits<double>::quiet_NaN();
  const std::string bytes = bytes_of(event);
  const auto read = parse_event(bytes);
  REQUIRE(read.has_value());
  CHECK(bytes_of(*read) == bytes);
}

TEST_CASE("an identity crosses a ring unchanged") {
  for (const Identity& identity : {Identity{}, kIdentity}) {
    const auto read = parse_identity(bytes_of(identity));
    REQUIRE(read.has_value());
    CHECK(*read == identity);
  }
}

TEST_CASE("an event cut anywhere is refused") {
  const std::string bytes = bytes_of(sample_events()[1]);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto read = parse_event(std::string_view(bytes).substr(0, size));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::kSyntax);
  }
}

TEST_CASE("an identity cut anywhere is refused") {
  const std::string bytes = bytes_of(kIdentity);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(parse_identity(std::string_view(bytes).substr(0, size)).has_value());
  }
}

TEST_CASE("a fault of the compact form is named with its offset") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {std::string("\x07", 1), "offset 1: unknown kind of series"},
      {std::string("\x00\x05"
                   "ab",
                   4),
       "offset 2: text longer than the bytes left"},
      {std::string("\x00\x80\x00", 3), "offset 3: malformed length"},
      {std::string("\x00\x00\x00\x7F", 4), "offset 4: more entries than bytes left"},
      {std::string("\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 11),
       "offset 11: malformed length"},
      {bytes_of(kIdentity) + "x", "offset 34: bytes after the value"},
  };
  for (const auto& [bytes, message] : cases) {
    const auto read = parse_identity(bytes);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().message() == message);
  }
}

TEST_CASE("flags that no event has are refused") {
  std::string bytes = bytes_of(Event{});
  for (const char flags : {'\x03', '\x08', '\x7F'}) {
    bytes[0] = flags;
    CHECK_FALSE(parse_event(bytes).has_value());
  }
}

TEST_CASE("what any bytes parse to has exactly these bytes as its form") {
  // Every single-byte change of a good form: refused, or a different event of the same form.
  const std::string good = bytes_of(sample_events()[1]);
  int accepted = 0;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(value);
      const auto read = parse_event(bytes);
      if (!read) continue;
      ++accepted;
      REQUIRE(bytes_of(*read) == bytes);
    }
  }
  CHECK(accepted > 256);
}
