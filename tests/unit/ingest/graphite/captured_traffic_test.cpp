// Real traffic of real clients: what carbon-relay, Etsy's statsd and collectd sent, and pickles of
// all protocols.
#include <doctest/doctest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/graphite/decode_all.hpp"

namespace tocsin::graphite::testing {
namespace {

using tocsin::testing::read_capture;
using tocsin::testing::read_records;

std::string path(const std::string& name) {
  return "graphite/" + name;
}

RecordingIntake decode_frames(const std::string& name) {
  RecordingIntake intake;
  PickleDecoder decoder({}, intake);
  for (const std::string& frame : read_records(path(name), true)) {
    REQUIRE(decoder.decode(frame, received()) == frame.size());
  }
  return intake;
}

// Everything that two forms of the same point must share.
using Key = std::tuple<std::string, std::string, std::vector<Attribute>, TimePoint, double>;

Key key_of(const Event& event) {
  return {event.service, event.host, event.attributes, event.time, *as_double(event.metric)};
}

std::vector<Key> sorted_keys(const std::vector<Event>& events) {
  std::vector<Key> keys;
  for (const Event& event : events) keys.push_back(key_of(event));
  std::sort(keys.begin(), keys.end());
  return keys;
}

TEST_CASE("relay_input.txt: two lines are invalid, NaN is dropped, the rest are events") {
  const RecordingIntake intake = decode_lines(read_capture(path("relay_input.txt")));
  CHECK(intake.events.size() == 129);
  CHECK(causes_of(intake) ==
        std::vector<RejectCause>{RejectCause::kSyntax, RejectCause::kSyntax, RejectCause::kValue});
  CHECK(intake.rejects.at(0).record == "bad line here now");
  CHECK(intake.rejects.at(1).record == "short 1");
  CHECK(intake.rejects.at(2).record == "a.b nan 1795229000");
  const Event& disk = intake.events.at(120);
  CHECK(disk.service == "disk.used");
  CHECK(disk.host == "web-01");
  CHECK(attribute(disk, "mount") == "/var");
  CHECK(disk.metric == Metric(1e12));
  const auto named = [&](std::string_view service) {
    return std::find_if(intake.events.begin(), intake.events.end(),
                        [&](const Event& event) { return event.service == service; });
  };
  CHECK(named("stats.gauges.gr\xC3\xB6\xC3\x9F"
              "e")
            ->metric == Metric(std::int64_t{3}));
  CHECK(named("no.ts")->time == kReceived);
  CHECK(named("neg.value")->time == TimePoint(std::chrono::milliseconds(1'795'229'000'750)));
  CHECK(std::isinf(*as_double(named("a.inf")->metric)));
  CHECK(named("spaced.out")->metric == Metric(std::int64_t{7}));
  CHECK(named("a..b.")->metric == Metric(std::int64_t{1}));
  CHECK(named("cr.lf")->metric == Metric(std::int64_t{5}));
}

TEST_CASE("relay_pickle_{a,b,c}.bin hold together what relay_input.txt holds") {
  std::vector<Event> relayed;
  for (const char* name : {"relay_pickle_a.bin", "relay_pickle_b.bin", "relay_pickle_c.bin"}) {
    CAPTURE(name);
    const RecordingIntake intake = decode_frames(name);
    CHECK(intake.rejects.empty());
    CHECK_FALSE(intake.events.empty());
    relayed.insert(relayed.end(), intake.events.begin(), intake.events.end());
  }
  std::vector<Event> sent = decode_lines(read_capture(path("relay_input.txt"))).events;
  // The relay's "now" is not ours.
  for (std::vector<Event>* events : {&relayed, &sent}) {
    for (Event& event : *events) {
      if (event.service == "no.ts") event.time = {};
    }
  }
  CHECK(sorted_keys(relayed) == sorted_keys(sent));
}

// What statsd says about the connection it writes to: the only values in which two forms of the
// same flush may differ.
std::vector<Event> without_measurements_of_the_flush(std::vector<Event> events) {
  std::erase_if(events, [](const Event& event) {
    return event.service.starts_with("stats.statsd.graphiteStats.") ||
           event.service == "stats.statsd.processing_time";
  });
  return events;
}

TEST_CASE("statsd_backend_{text,pickle}_{0,1,2}: both forms of a flush are the same points") {
  for (const std::string flush : {"0", "1", "2"}) {
    CAPTURE(flush);
    const RecordingIntake text =
        decode_lines(read_capture(path("statsd_backend_text_" + flush + ".txt")));
    const RecordingIntake pickle = decode_frames("statsd_backend_pickle_" + flush + ".bin");
    CHECK(text.rejects.empty());
    CHECK(pickle.rejects.empty());
    CHECK(text.events.size() == (flush == "0" ? 111 : 51));
    CHECK(sorted_keys(without_measurements_of_the_flush(text.events)) ==
          sorted_keys(without_measurements_of_the_flush(pickle.events)));
  }
}

TEST_CASE("collectd_write_graphite.txt: every line is an event, but for NaN") {
  const std::string lines = read_capture(path("collectd_write_graphite.txt"));
  std::size_t numbers = 0;
  std::size_t nans = 0;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    (line.find(" nan ") != std::string::npos ? nans : numbers) += 1;
  }
  const RecordingIntake intake = decode_lines(lines);
  CHECK(intake.events.size() == numbers);
  CHECK(intake.rejects.size() == nans);
  CHECK(nans > 0);
  CHECK(intake.events.front().service == "collectd.web-01_example_net.load.load.shortterm");
  CHECK(intake.events.front().metric == Metric(1.26025390625));
  for (const KeptReject& reject : intake.rejects) CHECK(reject.cause == RejectCause::kValue);
}

TEST_CASE("pickle/*.pickle: every protocol and shape gives expected.json") {
  rapidjson::Document expected;
  expected.Parse(read_capture(path("pickle/expected.json")).c_str());
  REQUIRE(expected.IsArray());
  // `decimals`: whether the times keep theirs.
  const auto check = [&](const std::string& name, rapidjson::SizeType points, bool decimals) {
    CAPTURE(name);
    const RecordingIntake intake = decode_frames("pickle/" + name);
    CHECK(intake.rejects.empty());
    REQUIRE(intake.events.size() == points);
    const RecordingIntake lines = [&] {
      // The names of expected.json as lines, so that tags are compared as well.
      std::string text;
      for (rapidjson::SizeType i = 0; i < points; ++i) {
        text += std::string(expected[i][0].GetString()) + " 0 0\n";
      }
      return decode_lines(text);
    }();
    for (rapidjson::SizeType i = 0; i < points; ++i) {
      const Event& event = intake.events[i];
      CHECK(event.service == lines.events.at(i).service);
      CHECK(event.host == lines.events.at(i).host);
      CHECK(event.attributes == lines.events.at(i).attributes);
      CHECK(*as_double(event.metric) == expected[i][2].GetDouble());
      const double exact = expected[i][1].GetDouble();
      const double time = decimals ? exact : std::floor(exact);
      const TimePoint at(
          std::chrono::nanoseconds(static_cast<std::int64_t>(time * 4) * 250'000'000));
      CHECK(event.time == (time == -1 ? kReceived : at));
    }
  };
  for (const char* protocol : {"0", "1", "2", "3", "4"}) {
    for (const char* shape : {"list", "tuple_outer", "inner_lists"}) {
      check(std::string("py3_proto") + protocol + "_" + shape + ".pickle", expected.Size(), true);
    }
  }
  check("py2_shape_proto0.pickle", 3, false);
  check("py2_shape_proto2.pickle", 3, false);
}

TEST_CASE("pickle_bad/: each is refused once with its cause, and says nothing") {
  const std::map<std::string, RejectCause> causes = {
      {"deep_nest", RejectCause::kUnsupported},     {"dict", RejectCause::kUnsupported},
      {"ext1", RejectCause::kUnsupported},          {"global_os_system", RejectCause::kUnsupported},
      {"huge_len_string", RejectCause::kTruncated}, {"memo_missing", RejectCause::kSyntax},
      {"no_stop", RejectCause::kTruncated},         {"not_a_list", RejectCause::kSyntax},
      {"persid", RejectCause::kUnsupported},        {"pop_empty", RejectCause::kUnsupported},
      {"proto2_global", RejectCause::kUnsupported}, {"reduce_only", RejectCause::kUnsupported},
      {"self_ref_list", RejectCause::kUnsupported}, {"stack_global_p4", RejectCause::kUnsupported},
      {"truncated", RejectCause::kTruncated},
  };
  for (const auto& [name, cause] : causes) {
    CAPTURE(name);
    const RecordingIntake intake = decode_frames("pickle_bad/" + name + ".pickle");
    CHECK(intake.events.empty());
    CHECK(causes_of(intake) == std::vector<RejectCause>{cause});
  }
}

TEST_CASE("pickle_bad/empty_list.pickle is valid and holds no point") {
  const RecordingIntake intake = decode_frames("pickle_bad/empty_list.pickle");
  CHECK(intake.events.empty());
  CHECK(intake.rejects.empty());
}

TEST_CASE("pickle_bad/frame_too_long.bin announces more than a frame may hold") {
  const std::string bytes = read_capture(path("pickle_bad/frame_too_long.bin"));
  // The framing refuses it by its length (framing_test.cpp); offered as a frame it is refused too.
  CHECK(bytes.substr(0, 4) == "\x7f\xff\xff\xff");
  CHECK(decode_pickle(bytes.substr(4)).rejects.size() == 1);
}

}  // namespace
}  // namespace tocsin::graphite::testing
