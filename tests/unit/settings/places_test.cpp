#include "src/settings/places.hpp"

#include <doctest/doctest.h>

#include "tests/unit/settings/loaded.hpp"

namespace tocsin::settings {
namespace {

using tests::loaded;

constexpr std::string_view kText = R"(
listen:
  statsd:
    - {name: a, udp: "127.0.0.1:1"}
    - name: b
      tcp: 127.0.0.1:2
rules: [one.yaml, two]
)";

TEST_CASE("settings know where they were written") {
  const Settings settings = loaded(kText);
  CHECK(settings.places.of("listen.statsd[0].udp") == "t.yaml:4:22");
  CHECK(settings.places.of("listen.statsd[1].tcp") == "t.yaml:6:12");
  CHECK(settings.places.of("rules[1]") == "t.yaml:7:19");
}

TEST_CASE("a default is placed at what is written around it") {
  const Settings settings = loaded(kText);
  CHECK(settings.places.of("listen.statsd[1].udp") == settings.places.of("listen.statsd[1]"));
  CHECK(settings.places.of("listen.http.address") == "t.yaml:3:3");
  CHECK(settings.places.of("results.embedded.directory") == "t.yaml:2:1");
  CHECK(loaded("rules: alone.yaml").places.of("rules[0]") == "t.yaml:1:8");
}

TEST_CASE("settings of no file have no places") {
  CHECK(Settings().places.empty());
  CHECK(Settings().places.of("rules[0]").empty());
}

TEST_CASE("what stands in the way of a setting is told at its place") {
  const Settings settings = loaded(kText);
  const Error told =
      complaint_about(settings.places, "listen.statsd[1].tcp",
                      {Errc::kIo, "127.0.0.1:2", "Permission denied"}, "a free address");
  CHECK(told.message() ==
        "t.yaml:6:12: listen.statsd[1].tcp: found 127.0.0.1:2 (Permission denied), expected a free "
        "address");
  CHECK(told.code == Errc::kIo);
}

}  // namespace
}  // namespace tocsin::settings
