// Runs one decoder over datagrams and returns what came out.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "ingest/gelf/decoder.hpp"
#include "src/event/event_access.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::gelf::testing {

using tocsin::testing::KeptReject;
using tocsin::testing::RecordingIntake;

inline const TimePoint kReceived{std::chrono::seconds(1795230000)};

inline Origin origin_at(std::chrono::nanoseconds later = {}, std::uint8_t host = 7) {
  Origin origin;
  origin.received = kReceived + later;
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, host};
  return origin;
}

inline RecordingIntake decode_each(const std::vector<std::string>& datagrams,
                                   const Options& options = {}) {
  RecordingIntake intake;
  Decoder decoder(options, intake);
  for (const std::string& datagram : datagrams) {
    REQUIRE(decoder.decode(datagram, origin_at()) == datagram.size());
    REQUIRE(decoder.flush());
  }
  CHECK(intake.dropped == 0);
  return intake;
}

// The one event of one message.
inline Event decode_one(const std::string& message, const Options& options = {}) {
  RecordingIntake intake = decode_each({message}, options);
  REQUIRE(intake.events.size() == 1);
  REQUIRE(intake.rejects.empty());
  return intake.events[0];
}

// "-" when the event does not have it.
inline std::string attribute(const Event& event, std::string_view key) {
  const std::string* value = event::find_attribute(event, key);
  return value != nullptr ? *value : "-";
}

}  // namespace tocsin::gelf::testing
