// Builds messages field by field, and runs a decoder over them.
#pragma once

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/riemann/decoder.hpp"
#include "ingest/riemann/wire_writer.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::riemann::testing {

using tocsin::testing::KeptReject;
using tocsin::testing::RecordingIntake;

// Fields of a Msg.
inline constexpr std::uint32_t kStates = 4;
inline constexpr std::uint32_t kQuery = 5;
inline constexpr std::uint32_t kEvents = 6;

inline std::string number(std::uint32_t field, std::uint64_t value) {
  std::string out;
  append_varint_field(field, value, out);
  return out;
}
inline std::string bytes(std::uint32_t field, std::string_view value) {
  std::string out;
  append_bytes_field(field, value, out);
  return out;
}
inline std::string real32(std::uint32_t field, float value) {
  std::string out;
  append_fixed_field(field, std::bit_cast<std::uint32_t>(value), out);
  return out;
}
inline std::string real64(std::uint32_t field, double value) {
  std::string out;
  append_fixed_field(field, std::bit_cast<std::uint64_t>(value), out);
  return out;
}
inline std::string service(std::string_view name) {
  return bytes(3, name);
}
inline std::string attribute(std::string_view key, std::string_view value) {
  return bytes(9, bytes(1, key) + bytes(2, value));
}
inline std::string event_of(std::string_view fields) {
  return bytes(kEvents, fields);
}
inline std::string query_of(std::string_view text) {
  return bytes(kQuery, bytes(1, text));
}

struct KeptOutcome {
  Outcome::Kind kind;
  std::string text;

  friend bool operator==(const KeptOutcome&, const KeptOutcome&) = default;
};

// Options whose outcomes go to `outcomes`.
inline Options answering(std::vector<KeptOutcome>& outcomes, Options options = {}) {
  options.on_message = [&outcomes](const Outcome& outcome) {
    outcomes.push_back({outcome.kind, std::string(outcome.text)});
  };
  return options;
}

inline RecordingIntake decode_all(std::string_view msg, const Options& options = {},
                                  const Origin& origin = {}) {
  RecordingIntake intake;
  Decoder decoder(options, intake);
  REQUIRE(decoder.decode(msg, origin) == msg.size());
  REQUIRE(decoder.flush());
  return intake;
}

inline std::vector<std::string> services_of(const RecordingIntake& intake) {
  std::vector<std::string> services;
  for (const Event& event : intake.events) services.push_back(event.service);
  return services;
}

}  // namespace tocsin::riemann::testing
