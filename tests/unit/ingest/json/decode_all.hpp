// Runs one decoder over lines and returns what came out.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "ingest/json/decoder.hpp"
#include "src/event/event_access.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::json_lines::testing {

using tocsin::testing::KeptReject;
using tocsin::testing::RecordingIntake;

inline const TimePoint kReceived{std::chrono::seconds(1795230000)};

inline Origin origin_of_tests() {
  Origin origin;
  origin.received = kReceived;
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

inline RecordingIntake decode_all(std::string_view bytes, const Options& options = {}) {
  RecordingIntake intake;
  Decoder decoder(options, intake);
  REQUIRE(decoder.decode(bytes, origin_of_tests()) == bytes.size());
  REQUIRE(decoder.flush());
  CHECK(intake.dropped == 0);
  return intake;
}

// The one event of one line.
inline Event decode_one(std::string_view line, const Options& options = {}) {
  RecordingIntake intake = decode_all(line, options);
  REQUIRE(intake.events.size() == 1);
  REQUIRE(intake.rejects.empty());
  return intake.events[0];
}

// "-" when the event does not have it.
inline std::string attribute(const Event& event, std::string_view key) {
  const std::string* value = event::find_attribute(event, key);
  return value != nullptr ? *value : "-";
}

}  // namespace tocsin::json_lines::testing
