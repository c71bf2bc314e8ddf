// Runs one decoder over one input and returns what came out.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/graphite/line_decoder.hpp"
#include "ingest/graphite/pickle_decoder.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::graphite::testing {

using tocsin::testing::KeptReject;
using tocsin::testing::RecordingIntake;

// When the bytes of the tests arrive.
inline constexpr TimePoint kReceived{std::chrono::seconds(1'795'230'000)};

inline Origin received() {
  Origin origin;
  origin.received = kReceived;
  return origin;
}

template <class AnyDecoder>
RecordingIntake decode_with(std::string_view bytes, const Options& options, const Origin& origin) {
  RecordingIntake intake;
  AnyDecoder decoder(options, intake);
  REQUIRE(decoder.decode(bytes, origin) == bytes.size());
  REQUIRE(decoder.flush());
  return intake;
}

inline RecordingIntake decode_lines(std::string_view lines, const Options& options = {},
                                    const Origin& origin = received()) {
  return decode_with<LineDecoder>(lines, options, origin);
}

inline RecordingIntake decode_pickle(std::string_view frame, const Options& options = {},
                                     const Origin& origin = received()) {
  return decode_with<PickleDecoder>(frame, options, origin);
}

inline std::vector<RejectCause> causes_of(const RecordingIntake& intake) {
  std::vector<RejectCause> causes;
  for (const KeptReject& reject : intake.rejects) causes.push_back(reject.cause);
  return causes;
}

inline std::vector<std::string> services_of(const RecordingIntake& intake) {
  std::vector<std::string> services;
  for (const Event& event : intake.events) services.push_back(event.service);
  return services;
}

// The value of an attribute; "(none)" when the event has none of that key.
inline std::string attribute(const Event& event, std::string_view key) {
  for (const Attribute& known : event.attributes) {
    if (known.key == key) return known.value;
  }
  return "(none)";
}

}  // namespace tocsin::graphite::testing
