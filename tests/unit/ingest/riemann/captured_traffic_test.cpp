// Real traffic of real clients, against what is known to be in it.
#include <doctest/doctest.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

using tocsin::testing::read_capture;
using tocsin::testing::read_datagrams;
using tocsin::testing::read_records;

const TimePoint kReceived{std::chrono::seconds(1'800'000'000)};

// As Python writes a float.
std::string float_text(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  std::string text(buffer, end);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// Writes events as decoded.jsonl has them, attributes in the order of the wire.
class JsonIntake final : public Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const RawSample>, const IdentityResolver&) override {
    return 0;
  }
  [[nodiscard]] bool event(const EventView& event) override {
    CHECK(event.time == kReceived);
    std::string fields;
    const auto add = [&](const std::string& key, const std::string& value) {
      fields += (fields.empty() ? "\"" : ", \"") + key + "\": " + value;
    };
    const auto add_text = [&](const std::string& key, std::string_view text) {
      if (!text.empty()) add(key, "\"" + std::string(text) + "\"");
    };
    add_text("state", event.state);
    add_text("service", event.service);
    add_text("host", event.host);
    add_text("description", event.description);
    std::string tags;
    for (const auto tag : event.tags)
      tags += (tags.empty() ? "\"" : ", \"") + std::string(tag) + "\"";
    if (!tags.empty()) add("tags", "[" + tags + "]");
    if (event.ttl) add("ttl", float_text(std::chrono::duration<double>(*event.ttl).count()));
    REQUIRE_FALSE(event.attributes.empty());
    CHECK(event.attributes.back().key == "ingest");
    CHECK(event.attributes.back().value == "riemann");
    std::string attributes;
    for (const auto& [key, value] : event.attributes.first(event.attributes.size() - 1)) {
      attributes += (attributes.empty() ? "[\"" : ", [\"") + std::string(key) + "\", \"" +
                    std::string(value) + "\"]";
    }
    add("attributes", "[" + attributes + "]");
    if (const auto* integer = std::get_if<std::int64_t>(&event.metric)) {
      add("metric_sint64", "\"" + std::to_string(*integer) + "\"");
    } else if (const auto* real = std::get_if<double>(&event.metric)) {
      add("metric_real", "\"" + float_text(*real) + "\"");
    }
    events += (events.empty() ? "{" : ", {") + fields + "}";
    return true;
  }
  void drop(std::size_t) override { FAIL("nothing is dropped"); }
  void reject(RejectCause, std::string_view, std::size_t, std::string_view text) override {
    FAIL(std::string(text));
  }

  std::string events;
};

std::vector<std::string> decoded(const std::vector<std::string>& msgs, const std::string& via) {
  std::vector<std::string> lines;
  for (const std::string& msg : msgs) {
    std::vector<KeptOutcome> outcomes;
    JsonIntake intake;
    Decoder decoder(answering(outcomes), intake);
    Origin origin;
    origin.received = kReceived;
    REQUIRE(decoder.decode(msg, origin) == msg.size());
    REQUIRE(outcomes.size() == 1);
    std::string line = R"({"via": ")" + via + "\"";
    if (outcomes[0].kind == Outcome::Kind::kQuery) {
      line += ", \"query\": \"";
      for (const char c : outcomes[0].text) {
        if (c == '"') line += '\\';
        line += c;
      }
      line += "\"";
    } else {
      CHECK(outcomes[0].kind == Outcome::Kind::kAccepted);
      line += ", \"events\": [" + intake.events + "]";
    }
    lines.push_back(line + "}");
  }
  return lines;
}

// The lines of decoded.jsonl for one transport. An event does not tell whether its double was one
// on the wire, and so neither do they.
std::vector<std::string> expected(const std::string& via) {
  std::istringstream file(read_capture("riemann/decoded.jsonl"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (line.find(R"("via": ")" + via) == std::string::npos) continue;
    for (const std::string key : {"metric_d\"", "metric_f\""}) {
      const std::size_t at = line.find(key);
      if (at != std::string::npos) line.replace(at, key.size(), "metric_real\"");
    }
    lines.push_back(line);
  }
  return lines;
}

TEST_CASE("client_tcp.bin is what decoded.jsonl says") {
  const std::vector<std::string> lines =
      decoded(read_records("riemann/client_tcp.bin", true), "tcp");
  CHECK(lines.size() == 16);
  CHECK(lines == expected("tcp"));
}

TEST_CASE("client_udp.dgram is what decoded.jsonl says") {
  const std::vector<std::string> lines = decoded(read_datagrams("riemann/client_udp.dgram"), "udp");
  CHECK(lines.size() == 12);
  CHECK(lines == expected("udp"));
}

TEST_CASE("client_tcp.bin and client_udp.dgram hold an event for each line of commands.txt") {
  std::istringstream file(read_capture("riemann/commands.txt"));
  std::size_t commands = 0;
  for (std::string line; std::getline(file, line);)
    commands += line.starts_with("riemann-client send");
  CHECK(commands == 12);
  for (const auto& msgs :
       {read_records("riemann/client_tcp.bin", true), read_datagrams("riemann/client_udp.dgram")}) {
    std::size_t events = 0;
    for (std::size_t i = 0; i < commands; ++i) {
      std::vector<KeptOutcome> outcomes;
      events += decode_all(msgs.at(i), answering(outcomes)).events.size();
    }
    CHECK(events == commands);
  }
}

// What write_riemann sends of one value.
Event collectd_event(const std::string& plugin, const std::string& instance,
                     const std::string& source, int index, std::int64_t micros, double metric) {
  Event event;
  event.time = TimePoint(std::chrono::microseconds(micros));
  event.host = "web-01.example.net";
  event.metric = metric;
  event.ttl = std::chrono::seconds(4);
  event.attributes = {{"ds_index", std::to_string(index)},
                      {"ds_name", source},
                      {"ds_type", "gauge"},
                      {"ingest", "riemann"},
                      {"plugin", plugin},
                      {"type", plugin}};
  if (instance.empty()) {
    event.service = plugin + "/" + plugin + "/" + source;
  } else {
    event.service = plugin + "/" + plugin + "-" + instance;
    event.attributes.push_back({"type_instance", instance});
  }
  return event;
}

TEST_CASE("write_riemann.bin: collectd's events, and time_micros where time is garbage") {
  const std::vector<std::string> frames = read_records("riemann/write_riemann.bin", true);
  CHECK(frames.size() == 3);
  std::vector<Event> events;
  for (const std::string& msg : frames) {
    const RecordingIntake intake = decode_all(msg);
    CHECK(intake.rejects.empty());
    events.insert(events.end(), intake.events.begin(), intake.events.end());
  }
  CHECK(events == std::vector<Event>{
                      collectd_event("load", "", "shortterm", 0, 1795229409015260, 1.61376953125),
                      collectd_event("load", "", "midterm", 1, 1795229409015260, 1.2001953125),
                      collectd_event("load", "", "longterm", 2, 1795229409015260, 0.73046875),
                      collectd_event("memory", "used", "value", 0, 1795229409015263, 147619840),
                      collectd_event("memory", "buffered", "value", 0, 1795229409015263, 137842688),
                  });
}

}  // namespace
}  // namespace tocsin::riemann::testing
