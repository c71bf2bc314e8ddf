// Events that exercise every field, for the tests of both byte forms.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

#include "tocsin/event.hpp"

namespace tocsin::event {

[[nodiscard]] inline std::vector<Event> sample_events() {
  using std::chrono::nanoseconds;
  Event full;
  full.time = TimePoint(nanoseconds(1'763'737'831'000'000'001));
  full.host = "app-1";
  full.service = "checkout.latency";
  full.state = "critical";
  full.metric = std::int64_t{9'007'199'254'740'993};  // 2^53 + 1: no double holds it
  full.description = "na\xC3\xAFve \xE2\x82\xAC\nsecond line";
  full.tags = {"blue", "prod"};
  full.ttl = std::chrono::seconds(60);
  full.attributes = {{"env", "prod"}, {"type", "rails"}};

  Event binary;  // bytes that are no UTF-8, and a nul
  binary.service = std::string("a\0b\xFF", 4);
  binary.metric = -0.5;
  binary.tags = {std::string(300, 't')};

  Event extreme;
  extreme.time = TimePoint(nanoseconds(std::numeric_limits<std::int64_t>::min()));
  extreme.metric = std::numeric_limits<std::int64_t>::min();
  extreme.ttl = nanoseconds(std::numeric_limits<std::int64_t>::max());
  extreme.description = std::string(70'000, 'd');

  Event infinite;
  infinite.metric = std::numeric_limits<double>::infinity();

  Event whole;  // a double stays a double
  whole.metric = 2.0;

  return {Event{}, full, binary, extreme, infinite, whole};
}

}  // namespace tocsin::event
