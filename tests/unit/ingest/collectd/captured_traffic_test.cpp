// What a real collectd sent, in each of its ways, against what it is known to mean.
#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/collectd/network_decoder.hpp"
#include "ingest/collectd/text_decoder.hpp"
#include "ingest/collectd/write_http_decoder.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

using Json = rapidjson::Document;
using tocsin::testing::read_capture;
using tocsin::testing::read_datagrams;
using tocsin::testing::RecordingIntake;

std::vector<Json> read_lines(const std::string& name) {
  std::istringstream text(read_capture("collectd/" + name));
  std::vector<Json> lines;
  for (std::string line; std::getline(text, line);) {
    lines.emplace_back();
    lines.back().Parse<rapidjson::kParseNumbersAsStringsFlag>(line.data(), line.size());
    REQUIRE_FALSE(lines.back().HasParseError());
  }
  return lines;
}

std::string text_of(const Json::ValueType& object, const char* name) {
  return object.HasMember(name) && object[name].IsString() ? object[name].GetString() : "";
}

std::string pair(const std::string& name, const std::string& instance) {
  return instance.empty() ? name : name + "-" + instance;
}

std::string service_of(const Json::ValueType& line) {
  const std::string plugin = pair(text_of(line, "plugin"), text_of(line, "plugin_instance"));
  const std::string type = pair(text_of(line, "type"), text_of(line, "type_instance"));
  if (plugin.empty() && type.empty()) return "collectd";
  return plugin + "/" + type;
}

// time_raw, computed with a wider integer than the decoder's.
TimePoint time_of(const Json::ValueType& line) {
  const auto raw = std::strtoull(text_of(line, "time_raw").c_str(), nullptr, 10);
  __extension__ using Wide = unsigned __int128;
  return TimePoint(
      std::chrono::nanoseconds(static_cast<std::int64_t>(Wide{raw} * 1'000'000'000 >> 30)));
}

// The rates that collectd computed: host/service, as Graphite was told it -> values in order.
std::map<std::string, std::vector<double>> read_rates() {
  std::istringstream text(read_capture("collectd/write_graphite.txt"));
  std::map<std::string, std::vector<double>> rates;
  for (std::string line; std::getline(text, line);) {
    const std::size_t value = line.find_last_of(' ', line.find_last_of(' ') - 1);
    rates[line.substr(0, value)].push_back(std::strtod(line.c_str() + value + 1, nullptr));
  }
  return rates;
}

std::string graphite_name(const Event& event) {
  std::string host = event.host;
  std::string service = event.service;
  for (char& c : host) c = c == '.' || c == ' ' ? '_' : c;
  for (char& c : service) c = c == '/' ? '.' : c == ' ' ? '_' : c;
  return "collectd." + host + "." + service;
}

bool nearly_equal(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return std::abs(a - b) <= 1e-6 * std::max(std::abs(a), std::abs(b)) + 1e-6;
}

// The next event is that of the data source `index` of a line of decoded.jsonl.
void check_value(const Event& event, const Json::ValueType& line, unsigned index,
                 const std::string& user) {
  static const std::shared_ptr<const TypesDb> types = captured_types();
  const DataSource& source = types->find(text_of(line, "type"))->at(index);
  const auto& values = line["values"];
  CHECK(event.host == text_of(line, "host"));
  CHECK(event.service ==
        service_of(line) + (values.Size() > 1 ? "/" + source.name : std::string()));
  CHECK(event.time == time_of(line));
  CHECK(event.state.empty());
  CHECK(event.description.empty());
  CHECK(event.tags == std::vector<std::string>{"collectd"});
  const double interval = std::strtod(text_of(line, "interval_s").c_str(), nullptr);
  REQUIRE(event.ttl);
  CHECK(std::chrono::duration<double>(*event.ttl).count() == doctest::Approx(2 * interval));

  std::map<std::string, std::string> expected = {{"ingest", "collectd"},
                                                 {"peer", "192.0.2.7"},
                                                 {"plugin", text_of(line, "plugin")},
                                                 {"type", text_of(line, "type")},
                                                 {"ds_name", source.name}};
  for (const char* key : {"plugin_instance", "type_instance"}) {
    if (!text_of(line, key).empty()) expected[key] = text_of(line, key);
  }
  if (!user.empty()) expected["auth_user"] = user;
  const std::string type = line["dstypes"][index].GetString();
  if (type == "gauge") {
    expected["ds_type"] = "gauge";
    const bool is_nan = values[index].IsNull();
    CHECK(event.metric.index() == (is_nan ? 0 : 2));
    if (!is_nan) CHECK(metric(event) == std::strtod(values[index].GetString(), nullptr));
  } else {
    expected["ds_type"] = type + ":rate";
    expected["raw_value"] = values[index].GetString();
  }
  std::map<std::string, std::string> found;
  for (const Attribute& attribute : event.attributes) found[attribute.key] = attribute.value;
  CHECK(found == expected);
}

void check_notification(const Event& event, const Json::ValueType& line) {
  CHECK(event.host == text_of(line, "host"));
  CHECK(event.service == service_of(line));
  const std::string severity = text_of(line, "severity");
  CHECK(event.state == (severity == "1" ? "critical" : severity == "2" ? "warning" : "ok"));
  CHECK(event.description == text_of(line, "message"));
  CHECK(event.metric.index() == 0);
  CHECK_FALSE(event.ttl);
  CHECK(attribute(event, "severity") == (severity == "1"   ? "failure"
                                         : severity == "2" ? "warning"
                                                           : "okay"));
}

void check_datagrams(const std::string& name, SecurityLevel level, const std::string& user) {
  Options options;
  options.security_level = level;
  options.types = captured_types();
  RateTable rates({}, 1);
  RecordingIntake intake;
  NetworkDecoder decoder(options, parse_users(read_capture("collectd/authfile")), rates, intake);
  const auto datagrams = read_datagrams("collectd/" + name);
  REQUIRE(datagrams.size() == 25);
  std::vector<std::size_t> packet_of;  // of each event
  for (std::size_t i = 0; i < datagrams.size(); ++i) {
    REQUIRE(decoder.decode(datagrams[i], origin_at()) == datagrams[i].size());
    packet_of.resize(intake.events.size(), i);
  }
  CHECK(intake.rejects.empty());

  std::map<std::string, std::vector<double>> metrics;
  std::size_t next = 0;
  for (const Json& line : read_lines("decoded.jsonl")) {
    const bool is_list = text_of(line, "kind") == "v";
    const unsigned count = is_list ? line["values"].Size() : 1;
    for (unsigned i = 0; i < count; ++i, ++next) {
      REQUIRE(next < intake.events.size());
      const Event& event = intake.events[next];
      CAPTURE(event.service);
      CHECK(std::to_string(packet_of[next]) == text_of(line, "packet"));
      if (is_list) {
        check_value(event, line, i, user);
        metrics[graphite_name(event)].push_back(metric(event));
      } else {
        check_notification(event, line);
      }
    }
  }
  CHECK(next == intake.events.size());

  const auto expected = read_rates();
  CHECK(metrics.size() == expected.size());
  for (const auto& [series, values] : expected) {
    CAPTURE(series);
    CHECK(std::equal(values.begin(), values.end(), metrics[series].begin(), metrics[series].end(),
                     nearly_equal));
  }
}

TEST_CASE("plain.dgram is what decoded.jsonl and write_graphite.txt say") {
  check_datagrams("plain.dgram", SecurityLevel::kNone, "");
}

TEST_CASE("signed.dgram says the same, in the name of its user") {
  check_datagrams("signed.dgram", SecurityLevel::kSign, "probe");
}

TEST_CASE("encrypted.dgram says the same, in the name of its user") {
  check_datagrams("encrypted.dgram", SecurityLevel::kEncrypt, "probe");
}

TEST_CASE("with another password nothing of the captures is taken") {
  for (const char* name : {"signed.dgram", "encrypted.dgram"}) {
    RateTable rates({}, 1);
    RecordingIntake intake;
    NetworkDecoder decoder({}, parse_users("probe: not-this-one\n"), rates, intake);
    for (const std::string& datagram : read_datagrams(std::string("collectd/") + name)) {
      REQUIRE(decoder.decode(datagram, origin_at()) == datagram.size());
    }
    CHECK(intake.events.empty());
    CHECK(intake.rejects.size() == 25);
    for (const auto& reject : intake.rejects) CHECK(reject.cause == RejectCause::kUnauthorized);
  }
}

// The bodies of the requests: what stands behind each empty line, as long as Content-Length says.
std::vector<std::string> read_bodies() {
  const std::string stream = read_capture("collectd/write_http_stream.bin");
  std::vector<std::string> bodies;
  for (std::size_t at = 0; at < stream.size();) {
    constexpr std::string_view kLength = "Content-Length: ";
    const std::size_t head_end = stream.find("\r\n\r\n", at);
    const std::size_t length = stream.find(kLength, at);
    REQUIRE(length < head_end);
    REQUIRE(head_end != std::string::npos);
    const auto size = std::strtoul(stream.c_str() + length + kLength.size(), nullptr, 10);
    bodies.push_back(stream.substr(head_end + 4, size));
    at = head_end + 4 + size;
  }
  return bodies;
}

std::vector<Event> decode_http(const std::vector<std::string>& bodies, Options options) {
  RateTable rates({}, 1);
  RecordingIntake intake;
  WriteHttpDecoder decoder(std::move(options), rates, intake);
  for (const std::string& body : bodies) {
    REQUIRE(decoder.decode(body, origin_at()) == body.size());
  }
  CHECK(intake.rejects.empty());
  return intake.events;
}

// write_http's order is its own, it rounds to milliseconds and 15 digits and knows ASCII only.
void check_http(const std::vector<Event>& events, double tolerance) {
  std::map<std::string, std::vector<double>> metrics;
  std::size_t notifications = 0;
  for (const Event& event : events) {
    if (!event.state.empty()) {
      ++notifications;
    } else {
      metrics[graphite_name(event)].push_back(metric(event));
    }
  }
  auto expected = read_rates();
  expected["collectd.app-01.api.gauge-z??rich"] = expected["collectd.app-01.api.gauge-zürich"];
  expected.erase("collectd.app-01.api.gauge-zürich");
  CHECK(metrics.size() == expected.size());
  for (const auto& [series, values] : expected) {
    CAPTURE(series);
    CHECK(std::equal(values.begin(), values.end(), metrics[series].begin(), metrics[series].end(),
                     [&](double a, double b) {
                       return nearly_equal(a, b) || std::abs(a - b) <= tolerance * std::abs(a);
                     }));
  }
  if (notifications != 0) CHECK(notifications == 11);
}

TEST_CASE("write_http_stream.bin holds the same values, as rates") {
  Options options;
  options.types = captured_types();
  check_http(decode_http(read_bodies(), options), 2e-3);
}

TEST_CASE("write_http_raw.jsonl holds the objects of the stream") {
  Options options;
  options.types = captured_types();
  const auto events = decode_http({read_capture("collectd/write_http_raw.jsonl")}, options);
  check_http(events, 2e-3);
  CHECK(events == decode_http(read_bodies(), options));
}

TEST_CASE("write_http_rates.jsonl holds rates already") {
  Options options;
  options.http_values_are_rates = true;
  const auto events = decode_http({read_capture("collectd/write_http_rates.jsonl")}, options);
  check_http(events, 1e-9);
  for (const Event& event : events) CHECK(attribute(event, "raw_value") == "(none)");
}

TEST_CASE("notifications of write_http_raw.jsonl are those of the datagrams") {
  Options options;
  options.types = captured_types();
  std::vector<Event> events = decode_http({read_capture("collectd/write_http_raw.jsonl")}, options);
  std::erase_if(events, [](const Event& event) { return event.state.empty(); });
  std::size_t next = 0;
  for (const Json& line : read_lines("decoded.jsonl")) {
    if (text_of(line, "kind") != "n") continue;
    REQUIRE(next < events.size());
    CAPTURE(text_of(line, "message"));
    check_notification(events[next], line);
    // write_http rounds to the nanosecond, we cut.
    CHECK(std::chrono::abs(events[next].time - time_of(line)) <= std::chrono::nanoseconds(1));
    ++next;
  }
  CHECK(next == events.size());
}

// A list that was answered with success becomes events, one that was answered with -1 a reject.
TEST_CASE("text_protocol.txt is taken and refused as collectd did") {
  Options options;
  options.types = captured_types();
  RateTable rates({}, 1);
  RecordingIntake intake;
  TextDecoder decoder(options, rates, intake);
  std::istringstream dialogue(read_capture("collectd/text_protocol.txt"));
  std::string sent;
  std::int64_t second = kNow;
  std::size_t lines = 0;
  for (std::string line; std::getline(dialogue, line);) {
    if (line.starts_with("> ")) {
      sent = line.substr(2) + "\n";
      continue;
    }
    if (sent.empty()) continue;  // the rest of an answer
    CAPTURE(sent);
    const std::size_t events = intake.events.size();
    const std::size_t rejects = intake.rejects.size();
    REQUIRE(decoder.decode(sent, origin_at(++second)) == sent.size());
    const bool asks = sent.starts_with("GETVAL") || sent.starts_with("LISTVAL");
    if (asks || line.starts_with("< -1")) {
      CHECK(intake.events.size() == events);
      CHECK(intake.rejects.size() == rejects + 1);
    } else {
      CHECK(intake.events.size() > events);
      CHECK(intake.rejects.size() == rejects);
    }
    sent.clear();
    ++lines;
  }
  CHECK(lines == 35);

  // The same values as on the wire, where both were sent.
  std::map<std::string, std::vector<double>> metrics;
  for (const Event& event : intake.events) {
    if (event.state.empty()) metrics[graphite_name(event)].push_back(metric(event));
  }
  const auto expected = read_rates();
  CHECK(metrics.size() == 20);
  for (const auto& [series, values] : metrics) {
    CAPTURE(series);
    const auto found = expected.find(series);
    REQUIRE(found != expected.end());
    CHECK(std::equal(values.begin(), values.end(), found->second.begin(), found->second.end(),
                     nearly_equal));
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
