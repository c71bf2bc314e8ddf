// Real traffic of real clients, and what Etsy's server made of its reference lines.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/ingest/statsd/captured.hpp"
#include "tests/unit/ingest/statsd/decode_all.hpp"

namespace tocsin::statsd::testing {
namespace {

using Values = std::vector<double>;

RecordingIntake decode_each(const std::vector<std::string>& datagrams,
                            const Options& options = {}) {
  RecordingIntake intake;
  intake.keep_identities = true;
  Decoder decoder(options, intake);
  for (const std::string& datagram : datagrams) {
    REQUIRE(decoder.decode(datagram, {}) == datagram.size());
  }
  REQUIRE(decoder.flush());
  REQUIRE(intake.identities.size() == intake.kept.size());
  return intake;
}

// The samples of one name.
std::vector<KeptSample> named(const RecordingIntake& intake, std::string_view name) {
  std::vector<KeptSample> samples;
  for (const KeptSample& sample : intake.kept) {
    if (sample.name == name) samples.push_back(sample);
  }
  return samples;
}

Values values_named(const RecordingIntake& intake, std::string_view name) {
  Values values;
  for (const KeptSample& sample : named(intake, name)) values.push_back(sample.value);
  return values;
}

double sum_with_prefix(const RecordingIntake& intake, std::string_view prefix) {
  double sum = 0;
  for (const KeptSample& sample : intake.kept) {
    if (sample.name.starts_with(prefix)) sum += sample.value;
  }
  return sum;
}

std::int64_t seconds_of(const Event& event) {
  return std::chrono::duration_cast<std::chrono::seconds>(event.time.time_since_epoch()).count();
}

void check_hotshots(const RecordingIntake& intake, bool utf8) {
  CHECK(intake.kept.size() == 79);
  CHECK(values_named(intake, "page.views") == Values{1, 5, -2});
  CHECK(named(intake, "sampled.count").at(0).weight == 1 / 0.999999);
  CHECK(values_named(intake, "req.duration") == Values{320.5, 17});
  CHECK(named(intake, "size").at(0).kind == SeriesKind::kHistogram);
  CHECK(named(intake, "latency.dist").at(0).kind == SeriesKind::kDistribution);
  CHECK(named(intake, "latency.dist").at(0).value == 0.173);
  CHECK(values_named(intake, "queue.depth") == Values{333, -10, 4});
  CHECK(named(intake, "temp").at(0).op == SampleOp::kSetGauge);
  CHECK(named(intake, "users.unique").at(0).member == "alice");
  CHECK(named(intake, "users.unique").at(1).member == "42");
  CHECK(named(intake, "ts.metric").at(0).timestamp_s == 1795229000);
  CHECK(named(intake, "ts.gauge").at(0).value == 2.25);
  CHECK(sum_with_prefix(intake, "app.buffered.") == 30);
  CHECK(sum_with_prefix(intake, "app.buf.t.v1") == 652.5);

  REQUIRE(intake.events.size() == 6);
  const Event& deploy = intake.events[0];
  CHECK(deploy.service == "deploy");
  CHECK(deploy.host == "ci-1");
  CHECK(deploy.state == "ok");
  CHECK(deploy.description == "Deploy finished\nversion 1.2.3\nline two | pipe");
  CHECK(seconds_of(deploy) == 1795229000);
  // Its lengths count UTF-16 units. Over TCP the client cuts every character down to one byte.
  const std::string words = utf8 ? "gr\xC3\xB6\xC3\x9F"
                                   "e \xE2\x9C\x93"
                                 : "gr\xEF\xBF\xBD\xEF\xBF\xBD"
                                   "e \x13";
  CHECK(intake.events[1].description == words + "\n" + words);
  CHECK(intake.events[2].description == "all good");
  CHECK(intake.events[2].host == "db-1");
  CHECK(intake.events[3].state == "critical");
  CHECK(intake.events[3].description == "down");
  CHECK(intake.events[4].state == "warning");
  CHECK(intake.events[5].state == "unknown");

  // The raw line feed inside a check's message.
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].record == "m: x");
}

TEST_CASE("hot-shots over UDP") {
  const RecordingIntake intake =
      decode_each(read_datagrams("hotshots.dgram"), with_dialect(Dialect::kDogstatsd));
  check_hotshots(intake, true);
  const auto telegraf = std::find_if(intake.identities.begin(), intake.identities.end(),
                                     [](const Identity& i) { return i.service == "tele.graf"; });
  REQUIRE(telegraf != intake.identities.end());
  CHECK(telegraf->attributes == std::vector<Attribute>{{"a", "b"}, {"c", "d"}});
}

TEST_CASE("hot-shots over TCP") {
  check_hotshots(decode_each({read_capture("hotshots_tcp.bin")}, with_dialect(Dialect::kDogstatsd)),
                 false);
}

TEST_CASE("hot-shots means deltas by signed gauges as well, which the statsd dialect takes") {
  const RecordingIntake intake = decode_each(read_datagrams("hotshots.dgram"));
  const auto depth = named(intake, "queue.depth");
  REQUIRE(depth.size() == 3);
  CHECK(depth[0].op == SampleOp::kSetGauge);
  CHECK(depth[1].op == SampleOp::kAdjustGauge);
  CHECK(depth[2].op == SampleOp::kAdjustGauge);
}

TEST_CASE("datadogpy, with container, external data and cardinality") {
  const RecordingIntake intake =
      decode_each(read_datagrams("datadogpy.dgram"), with_dialect(Dialect::kDogstatsd));
  CHECK(intake.kept.size() == 49);
  CHECK(intake.rejects.empty());
  CHECK(values_named(intake, "a.gauge") == Values{-4.5, -4.5, -4.5});
  CHECK(named(intake, "a.u").at(0).member == "x y");
  CHECK(named(intake, "a.gts").at(0).timestamp_s == 1795229000);
  CHECK(named(intake, "a.cts").at(0).timestamp_s == 1795229001);
  CHECK(sum_with_prefix(intake, "a.hits") == 6);
  const auto d = std::find_if(intake.identities.begin(), intake.identities.end(),
                              [](const Identity& i) { return i.service == "a.d"; });
  REQUIRE(d != intake.identities.end());
  CHECK(d->attributes == std::vector<Attribute>{{"a", "b:c"},
                                                {"ct", "1"},
                                                {"env", "prod"},
                                                {"service", "shop"},
                                                {"t", "\xC3\xBC"},
                                                {"version", "1.4.2"}});
  REQUIRE(intake.events.size() == 6);
  for (const std::size_t i : {0U, 2U, 4U}) {
    CHECK(intake.events[i].service == "k1");
    CHECK(intake.events[i].state == "critical");
    CHECK(intake.events[i].host == "h-1");
    CHECK(intake.events[i].description ==
          "a gr\xC3\xB6\xC3\x9F"
          "e\ntext line 1\nline 2 | x");
    CHECK(intake.events[i + 1].service == "a.svc");
    CHECK(intake.events[i + 1].state == "warning");
    CHECK(intake.events[i + 1].description == "slow\nm: reply|pipe");
  }
}

TEST_CASE("datadogpy's telemetry is refused by prefix and nothing else is") {
  Options options = with_dialect(Dialect::kDogstatsd);
  options.telemetry_prefix = "datadog.dogstatsd.client.";
  const RecordingIntake intake = decode_each(read_datagrams("datadogpy.dgram"), options);
  CHECK(intake.kept.size() == 27);
  CHECK(intake.events.size() == 6);
  CHECK(causes_of(intake) == std::vector<RejectCause>(22, RejectCause::kUnsupported));
}

TEST_CASE("datadogpy over unix streams") {
  const RecordingIntake first = decode_each(read_records("datadogpy_uds_stream_0.bin", false));
  CHECK(values_named(first, "uds.hits") == Values{1, 2, 3, 4});
  const RecordingIntake second = decode_each(read_records("datadogpy_uds_stream_1.bin", false));
  REQUIRE(second.kept.size() == 200);
  for (std::size_t i = 0; i < 200; ++i) {
    CHECK(second.kept[i].name == "uds.g." + std::to_string(i));
    CHECK(second.kept[i].value == static_cast<double>(i) / 2);
  }
}

TEST_CASE("node-statsd and statsd-client") {
  const RecordingIntake intake = decode_each(read_datagrams("node_others.dgram"));
  CHECK(intake.kept.size() == 20);
  CHECK(intake.rejects.empty());
  CHECK(named(intake, "seta.ns.g").at(0).op == SampleOp::kAdjustGauge);
  CHECK(named(intake, "seta.h").at(0).tags == "t1,t2:v");
  CHECK(values_named(intake, "seta.sc.c") == Values{5, 1});
  CHECK(values_named(intake, "seta.sc.g") == Values{10, -3, 2});
  CHECK(values_named(intake, "raw.metric") == Values{1, 2, 3});
  CHECK(named(intake, "raw.metric").at(2).weight == 2);
}

TEST_CASE("python3-statsd over UDP and TCP") {
  const RecordingIntake udp = decode_each(read_datagrams("python_statsd.dgram"));
  CHECK(udp.kept.size() == 110);
  CHECK(udp.rejects.empty());
  CHECK(sum_with_prefix(udp, "pya.pipe.") == 4950);
  CHECK(values_named(udp, "pya.jobs") == Values{1, 10, -1});
  CHECK(named(udp, "pya.neg").at(1).op == SampleOp::kAdjustGauge);
  CHECK(values_named(udp, "pya.t") == Values{3.14159});
  const RecordingIntake tcp = decode_each({read_capture("python_tcp.bin")});
  CHECK(values_of(tcp) == Values{2, 1.5, 8, 1});
}

// Etsy's bookkeeping, enough to compare with what its server printed.
struct Totals {
  std::map<std::string, double> counters;
  std::map<std::string, double> gauges;
  std::map<std::string, Values> timers;
  std::map<std::string, double> timer_counts;
  std::map<std::string, std::set<std::string>> sets;
};

std::string key_of(const Identity& identity) {
  std::string key = identity.service;
  for (const Attribute& attribute : identity.attributes) {
    key += ";" + attribute.key + "=" + attribute.value;
  }
  return key;
}

Totals add_up(const RecordingIntake& intake) {
  Totals totals;
  for (std::size_t i = 0; i < intake.kept.size(); ++i) {
    const KeptSample& sample = intake.kept[i];
    const std::string key = key_of(intake.identities[i]);
    if (sample.op == SampleOp::kAdd) totals.counters[key] += sample.value * sample.weight;
    if (sample.op == SampleOp::kSetGauge) totals.gauges[key] = sample.value;
    if (sample.op == SampleOp::kAdjustGauge) totals.gauges[key] += sample.value;
    if (sample.op == SampleOp::kUnique) totals.sets[key].insert(sample.member);
    if (sample.op == SampleOp::kObserve) {
      totals.timers[key].push_back(sample.value);
      totals.timer_counts[key] += sample.weight;
    }
  }
  for (auto& [key, values] : totals.timers) std::sort(values.begin(), values.end());
  return totals;
}

// "key: value" lines of one section of the first flush on Etsy's console, keys without quotes and
// with their tags sorted.
std::map<std::string, std::string> flushed(const std::string& section) {
  std::istringstream console(read_capture("reference_console.txt"));
  std::map<std::string, std::string> found;
  bool inside = false;
  for (std::string line; std::getline(console, line);) {
    if (line == "  " + section + ": {") inside = true;
    if (inside && line == "  },") break;
    if (!inside || line.substr(0, 4) != "    ") continue;
    const std::size_t colon = line.find(": ");
    std::string key = line.substr(4, colon - 4);
    std::erase(key, '\'');
    if (key == "tagged;env=prod;az=a") key = "tagged;az=a;env=prod";
    std::string value = line.substr(colon + 2);
    if (value.back() == ',') value.pop_back();
    if (!key.starts_with("statsd.")) found[key] = value;
  }
  return found;
}

std::map<std::string, double> flushed_numbers(const std::string& section) {
  std::map<std::string, double> numbers;
  for (const auto& [key, value] : flushed(section)) numbers[key] = std::stod(value);
  return numbers;
}

TEST_CASE("the strict dialect adds up to what Etsy's server flushed") {
  const Totals totals =
      add_up(decode_each(reference_datagrams(), with_dialect(Dialect::kEtsyStrict)));
  std::map<std::string, double> counters = flushed_numbers("counters");
  REQUIRE(counters.size() == 11);
  // Deleted through the admin port before the flush, where it was Infinity because of `@0`. Without
  // that line: 1, 4 / 0.5, -1, the 1 without a type, and 2 whose rate `1e-1` is read as 1.
  counters["gorets"] = 11;
  CHECK(totals.counters == counters);
  CHECK(totals.gauges == flushed_numbers("gauges"));
  CHECK(flushed("timers") == std::map<std::string, std::string>{{"glork", "[ 3, 7.25, 10, 320 ]"},
                                                                {"tagged2;env=prod", "[ 5 ]"},
                                                                {"multi", "[ 3 ]"}});
  CHECK(totals.timers == std::map<std::string, Values>{{"glork", {3, 7.25, 10, 320}},
                                                       {"tagged2;env=prod", {5}},
                                                       {"multi", {3}}});
  CHECK(totals.timer_counts ==
        std::map<std::string, double>{{"glork", 13}, {"tagged2;env=prod", 2}, {"multi", 1}});
  CHECK(totals.sets ==
        std::map<std::string, std::set<std::string>>{{"uniques", {"0", "765", "abc"}}});
}

// The lines that Etsy's server called bad, once for each bad piece.
std::vector<std::string> etsy_bad_lines() {
  std::istringstream console(read_capture("reference_console.txt"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(console, line);) {
    const std::string mark = " in msg \"";
    const std::size_t at = line.find(mark);
    if (line.find("Bad line: ") == std::string::npos || at == std::string::npos) continue;
    lines.push_back(line.substr(at + mark.size(), line.size() - at - mark.size() - 1));
  }
  return lines;
}

std::vector<std::string> refused_lines(const RecordingIntake& intake) {
  std::vector<std::string> lines;
  for (const KeptReject& reject : intake.rejects) lines.push_back(reject.record);
  return lines;
}

TEST_CASE("the strict dialect refuses what Etsy's server calls bad, and a rate of 0") {
  std::vector<std::string> expected = etsy_bad_lines();
  REQUIRE(expected.size() == 14);
  const auto empty_rate = std::find(expected.begin(), expected.end(), "gorets:1|c|@");
  REQUIRE(empty_rate != expected.end());
  expected.insert(empty_rate, "gorets:1|c|@0");
  CHECK(refused_lines(decode_each(reference_datagrams(), with_dialect(Dialect::kEtsyStrict))) ==
        expected);
}

TEST_CASE("the statsd dialect refuses of the reference lines what is no clear metric") {
  const RecordingIntake intake = decode_each(reference_datagrams());
  CHECK(refused_lines(intake) ==
        std::vector<std::string>{"gorets|c", "gorets", "gorets:", "gorets:abc|c", "gorets:1",
                                 "gorets:1|", "gorets:1|c|0.1", "gorets:1|c|@-0.1", "gorets:1|c|@0",
                                 "gorets:1|c|@", "glork:-5|ms", "ghex:0x10|g", "gnan:NaN|g",
                                 "ginf:Infinity|g", "gspace: 12 |g", "uniques:|s", "unknown:5|q",
                                 "meter:3|m"});
  CHECK(intake.events.size() == 2);
  CHECK(add_up(intake).counters.at("gorets") == doctest::Approx(1 + 8 - 1 + 20));
  CHECK(add_up(intake).timers.at("glork") == Values{1, 2, 3, 7.25, 10, 320});
}

}  // namespace
}  // namespace tocsin::statsd::testing
