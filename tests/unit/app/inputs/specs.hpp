// Settings as an operator writes them, the inputs that come of them, and records for those.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/app/inputs/inputs.hpp"
#include "src/settings/load.hpp"
#include "tests/unit/ingest/conversation.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::app::test {

using tocsin::testing::Conversation;
using tocsin::testing::RecordingIntake;

// What a complaint's place and the data of a test are.
inline constexpr const char* kFile = "tocsin.yaml";

// `yaml` stands below "listen:", indented by two. Statsd listens only if it says so.
inline settings::Settings settings_of(const std::string& yaml) {
  const std::string statsd =
      yaml.find("  statsd:") == std::string::npos ? "  statsd: []\n" : std::string();
  auto loaded = settings::parse_settings("listen:\n" + yaml + statsd, kFile, [](std::string_view) {
    return std::optional<std::string>();
  });
  for (const Error& error : loaded.errors) FAIL_CHECK(error.message());
  REQUIRE(loaded.value.has_value());
  return *std::move(loaded.value);
}

inline Result<Specs> try_inputs(const std::string& yaml, InputContext context = {}) {
  settings::Settings settings =
      settings_of(yaml + "  http: {address: 127.0.0.1:65000, ingest: false}\n");
  context.places = settings.places;
  return make_inputs(settings.listen, settings.checks, context);
}

inline Specs inputs_of(const std::string& yaml, const InputContext& context = {}) {
  auto specs = try_inputs(yaml, context);
  REQUIRE_MESSAGE(specs.has_value(), (specs ? "" : specs.error().message()));
  return std::move(*specs);
}

inline std::string complaint(const std::string& yaml) {
  const auto specs = try_inputs(yaml);
  REQUIRE_FALSE(specs.has_value());
  return specs.error().message();
}

// "NAME SETTING ADDRESS" of each.
inline std::vector<std::string> summary(const Specs& specs) {
  std::vector<std::string> lines;
  for (const InputSpec& spec : specs) {
    lines.push_back(spec.name + " " + spec.setting + " " + spec.address);
  }
  return lines;
}

inline const InputSpec& spec_of(const Specs& specs, const std::string& name) {
  for (const InputSpec& spec : specs) {
    if (spec.name == name) return spec;
  }
  FAIL("no input " << name);
  return specs.front();
}
inline const listen::DatagramOptions& datagram_options(const Specs& specs,
                                                       const std::string& name) {
  return std::get<DatagramInput>(spec_of(specs, name).way).options;
}
inline const listen::StreamOptions& stream_options(const Specs& specs, const std::string& name) {
  return std::get<StreamInput>(spec_of(specs, name).way).options;
}

// When and from where the records of the tests come.
inline Origin origin() {
  Origin origin;
  origin.received = TimePoint(std::chrono::seconds(1'795'229'300));
  origin.peer.family = Peer::Family::kIpv4;
  origin.peer.address = {192, 0, 2, 7};
  return origin;
}

// What the input `name` makes of one datagram.
inline RecordingIntake datagram(const Specs& specs, const std::string& name,
                                const std::string& bytes) {
  RecordingIntake intake;
  const auto decoder = std::get<DatagramInput>(spec_of(specs, name).way).decoder(intake);
  CHECK(decoder->decode(bytes, origin()) == bytes.size());
  CHECK(decoder->flush());
  return intake;
}

struct Heard {
  RecordingIntake intake;
  std::string answers;
};

// What the input `name` makes of a stream.
inline Heard stream(const Specs& specs, const std::string& name, const std::string& bytes) {
  Heard heard;
  listen::ConnectionCounters counters;
  const auto sessions = std::get<StreamInput>(spec_of(specs, name).way).sessions(heard.intake);
  const auto session = sessions(counters);
  Conversation conversation(*session, origin());
  conversation.receive(bytes);
  conversation.end(listen::Tail::kEnded);
  heard.answers = conversation.heard();
  return heard;
}

}  // namespace tocsin::app::test
