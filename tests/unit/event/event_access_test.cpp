#include "src/event/event_access.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string_view>

using namespace tocsin;
using namespace tocsin::event;

TEST_CASE("normalising sorts tags and removes repeated ones") {
  Event event;
  event.tags = {"prod", "blue", "prod"};
  normalise(event);
  CHECK(event.tags == std::vector<std::string>{"blue", "prod"});
}

TEST_CASE("of attributes with one key the last one given stays") {
  Event event;
  event.attributes = {{"b", "1"}, {"a", "z"}, {"b", "3"}, {"a", "c"}, {"b", "2"}};
  normalise(event);
  CHECK(event.attributes == std::vector<Attribute>{{"a", "c"}, {"b", "2"}});
}

TEST_CASE("normalising a normal event changes nothing") {
  Event event;
  event.tags = {"a", "b"};
  event.attributes = {{"k", "1"}, {"l", "2"}};
  const Event before = event;
  normalise(event);
  CHECK(event == before);
}

TEST_CASE("an attribute is found by its key and absent ones are null") {
  Event event;
  event.attributes = {{"env", "prod"}, {"type", "rails"}};
  REQUIRE(find_attribute(event, "type") != nullptr);
  CHECK(*find_attribute(event, "type") == "rails");
  CHECK(find_attribute(event, "") == nullptr);
  CHECK(find_attribute(event, "en") == nullptr);
  CHECK(find_attribute(event, "zone") == nullptr);
}

TEST_CASE("an event's identity takes attributes only when they are listed") {
  Event event;
  event.host = "h";
  event.service = "s";
  event.state = "ok";
  event.tags = {"t"};
  event.attributes = {{"env", "prod"}, {"pid", "17"}};
  CHECK(identity_of(event) == Identity{SeriesKind::kEvent, "h", "s", {"t"}, {}});
  const std::array<std::string_view, 2> identifying = {"zone", "env"};
  CHECK(identity_of(event, identifying).attributes == std::vector<Attribute>{{"env", "prod"}});
}
