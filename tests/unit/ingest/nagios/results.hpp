// What the tests of this folder share: an origin, a look at attributes, and running a decoder to
// the end whatever the intake does.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/ingest/recording_intake.hpp"
#include "tocsin/decoder.hpp"

namespace tocsin::nagios::testing {

using tocsin::testing::KeptReject;
using tocsin::testing::RecordingIntake;

inline constexpr TimePoint kReceived{std::chrono::seconds(1'795'229'000)};

inline Origin received_from_192_0_2_7() {
  Origin origin;
  origin.received = kReceived;
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

// "(none)" when there is no such attribute.
inline std::string attribute(const Event& event, std::string_view key) {
  for (const Attribute& each : event.attributes) {
    if (each.key == key) return each.value;
  }
  return "(none)";
}

inline std::size_t counted(const RecordingIntake& intake) {
  return intake.events.size() + intake.rejects.size() + intake.dropped;
}

// All of `bytes` into an intake that refuses `refusals` events on every other try.
inline void decode_fickly(Decoder& decoder, RecordingIntake& intake, std::string_view bytes,
                          std::size_t refusals, bool drops) {
  for (std::size_t round = 0; !bytes.empty(); ++round) {
    intake.events_to_refuse = round % 2 == 0 ? refusals : 0;
    bytes.remove_prefix(decoder.decode(bytes, received_from_192_0_2_7()));
    if (!bytes.empty() && drops) decoder.drop();
    REQUIRE(round < 100'000);
  }
}

}  // namespace tocsin::nagios::testing
