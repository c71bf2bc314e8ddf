#include "src/settings/units.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace tocsin::settings {
namespace {

using namespace std::chrono_literals;

TEST_CASE("durations are written with a unit, large to small") {
  CHECK(*parse_duration("500ms") == 500ms);
  CHECK(*parse_duration("10s") == 10s);
  CHECK(*parse_duration("5m") == 5min);
  CHECK(*parse_duration("24h") == 24h);
  CHECK(*parse_duration("7d") == 168h);
  CHECK(*parse_duration("2w") == 336h);
  CHECK(*parse_duration("1h30m") == 90min);
  CHECK(*parse_duration("1m500ms") == 60500ms);
  CHECK(*parse_duration("0s") == 0s);
  for (const char* bad : {"", "10", "s", "10 s", " 10s", "10s ", "10S", "-1s", "+1s", "1.5s",
                          "1s1s", "30s1m", "1e3s", "10us", "36601d", "18446744073709551615w"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}

TEST_CASE("a duration prints as people write it and reads back") {
  CHECK(format_duration(0s) == "0s");
  CHECK(format_duration(10s) == "10s");
  CHECK(format_duration(90s) == "90s");
  CHECK(format_duration(24h) == "24h");
  CHECK(format_duration(168h) == "7d");
  CHECK(format_duration(1500ms) == "1500ms");
  for (std::int64_t i = 1; i < 1'000'000'000'000; i = i * 7 + 3) {
    const Duration duration = std::chrono::milliseconds(i % 3'000'000'000'000);
    CHECK(*parse_duration(format_duration(duration)) == duration);
  }
}

TEST_CASE("sizes are written with a unit of 1024") {
  CHECK(*parse_bytes("512B") == 512);
  CHECK(*parse_bytes("64KiB") == 65536);
  CHECK(*parse_bytes("16MiB") == 16U << 20U);
  CHECK(*parse_bytes("8GiB") == std::uint64_t{8} << 30U);
  CHECK(*parse_bytes("1TiB") == std::uint64_t{1} << 40U);
  for (const char* bad : {"", "1", "1K", "1KB", "1kib", "KiB", "1 KiB", "-1B", "1.5MiB",
                          "99999999999TiB", "16777216TiB"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_bytes(bad));
  }
  CHECK(format_bytes(0) == "0B");
  CHECK(format_bytes(1536) == "1536B");
  CHECK(format_bytes(std::uint64_t{8} << 30U) == "8GiB");
}

TEST_CASE("numbers take their whole text") {
  CHECK(*parse_integer("-42") == -42);
  CHECK_FALSE(parse_integer("42x"));
  CHECK_FALSE(parse_integer("9223372036854775808"));
  CHECK(*parse_real("1e3") == 1000);
  CHECK_FALSE(parse_real("1,5"));
  CHECK_FALSE(parse_real("inf"));
  CHECK_FALSE(parse_real("nan"));
  CHECK(format_real(99.9) == "99.9");
}

TEST_CASE("only true and false are boolean") {
  CHECK(*parse_boolean("true"));
  CHECK_FALSE(*parse_boolean("false"));
  for (const char* bad : {"yes", "no", "on", "off", "True", "1", ""})
    CHECK_FALSE(parse_boolean(bad));
}

}  // namespace
}  // namespace tocsin::settings
