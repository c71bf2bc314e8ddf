#include "ingest/graphite/pickle_decoder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "tests/unit/ingest/graphite/decode_all.hpp"

namespace tocsin::graphite::testing {
namespace {

constexpr TimePoint kTime{std::chrono::seconds(1'795'229'000)};

// A point in protocol 0: (name, (time, value)), each given as operations.
std::string point(const std::string& name, const std::string& time, const std::string& value) {
  return "(" + name + "(" + time + value + "tt";
}

std::string good(const std::string& name) {
  return point("S'" + name + "'\n", "I1795229000\n", "F1.5\n");
}

std::string list(const std::vector<std::string>& points) {
  std::string bytes = "(l";
  for (const std::string& each : points) bytes += each + "a";
  return bytes + ".";
}

// What becomes of one point between two good ones, which must not suffer.
RecordingIntake between_good_ones(const std::string& odd) {
  RecordingIntake intake = decode_pickle(list({good("first"), odd, good("last")}));
  REQUIRE(intake.events.size() >= 2);
  CHECK(intake.events.front().service == "first");
  CHECK(intake.events.back().service == "last");
  return intake;
}

RejectCause refused(const std::string& odd) {
  const RecordingIntake intake = between_good_ones(odd);
  CHECK(intake.events.size() == 2);
  REQUIRE(intake.rejects.size() == 1);
  return intake.rejects.front().cause;
}

Event taken(const std::string& odd) {
  const RecordingIntake intake = between_good_ones(odd);
  CHECK(intake.rejects.empty());
  REQUIRE(intake.events.size() == 3);
  return intake.events[1];
}

TEST_CASE("a point is a name and a pair of time and value") {
  const Event event = taken(point("S'servers.web.cpu'\n", "I1795229000\n", "F12.5\n"));
  CHECK(event.service == "servers.web.cpu");
  CHECK(event.time == kTime);
  CHECK(event.metric == Metric(12.5));
  CHECK(attribute(event, "ingest") == "graphite");
}

TEST_CASE("points and pairs may be lists, and all points a tuple") {
  CHECK(taken("(S'a'\n(I1795229000\nI2\nll").metric == Metric(std::int64_t{2}));
  const RecordingIntake intake = decode_pickle("(" + good("a") + good("b") + "t.");
  CHECK(services_of(intake) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("values may be integers, truths and texts, times too") {
  CHECK(taken(point("S'a'\n", "I1795229000\n", "I7\n")).metric == Metric(std::int64_t{7}));
  CHECK(taken(point("S'a'\n", "I1795229000\n", "I01\n")).metric == Metric(std::int64_t{1}));
  CHECK(taken(point("S'a'\n", "I1795229000\n", "S'4.5'\n")).metric == Metric(4.5));
  CHECK(taken(point("S'a'\n", "I1795229000\n", "S' 14\\n'\n")).metric == Metric(std::int64_t{14}));
  CHECK(taken(point("S'a'\n", "S'1795229000'\n", "I7\n")).time == kTime);
  CHECK(taken(point("S'a'\n", "F1795229000.75\n", "I7\n")).time ==
        kTime + std::chrono::milliseconds(750));
}

TEST_CASE("-1 is the time of arrival") {
  CHECK(taken(point("S'a'\n", "I-1\n", "I7\n")).time == kReceived);
}

TEST_CASE("names may be any text, with tags") {
  CHECK(taken(point("Vgr\xF6\xDF"
                    "e\n",
                    "I1795229000\n", "I7\n"))
            .service ==
        "gr\xC3\xB6\xC3\x9F"
        "e");
  CHECK(taken(point("S'with blanks'\n", "I1795229000\n", "I7\n")).service == "with blanks");
  const Event event = taken(point("S'disk;host=web;mount=/var'\n", "I1795229000\n", "I7\n"));
  CHECK(event.service == "disk");
  CHECK(event.host == "web");
  CHECK(attribute(event, "mount") == "/var");
}

TEST_CASE("templates place the paths of pickles too") {
  Options options;
  auto compiled = Templates::compile(std::vector<std::string>{"servers.* .host.service*"});
  REQUIRE(compiled.has_value());
  options.templates = std::make_shared<const Templates>(*std::move(compiled));
  const RecordingIntake intake = decode_pickle(list({good("servers.web.cpu")}), options);
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].host == "web");
  CHECK(intake.events[0].service == "cpu");
}

TEST_CASE("a bad point is refused alone") {
  CHECK(refused("I5\n") == RejectCause::kSyntax);
  CHECK(refused("N") == RejectCause::kSyntax);
  CHECK(refused("S'text'\n") == RejectCause::kSyntax);
  CHECK(refused("(t") == RejectCause::kSyntax);
  CHECK(refused("(S'a'\nt") == RejectCause::kSyntax);
  CHECK(refused("(S'a'\nI1\nI2\nt") == RejectCause::kSyntax);
  CHECK(refused("(S'a'\nI1\nt") == RejectCause::kSyntax);
  CHECK(refused("(S'a'\n(I1\ntt") == RejectCause::kSyntax);
  CHECK(refused("(S'a'\n(I1\nI2\nI3\ntt") == RejectCause::kSyntax);
  CHECK(refused(point("I5\n", "I1\n", "I2\n")) == RejectCause::kName);
  CHECK(refused(point("N", "I1\n", "I2\n")) == RejectCause::kName);
  CHECK(refused(point("S''\n", "I1\n", "I2\n")) == RejectCause::kName);
  CHECK(refused(point("S'a;b'\n", "I1\n", "I2\n")) == RejectCause::kTags);
  CHECK(refused(point("S'" + std::string(5000, 'x') + "'\n", "I1\n", "I2\n")) ==
        RejectCause::kOversized);
  CHECK(refused(point("S'a'\n", "I1\n", "N")) == RejectCause::kValue);
  CHECK(refused(point("S'a'\n", "I1\n", "S'x'\n")) == RejectCause::kValue);
  CHECK(refused(point("S'a'\n", "I1\n", "Fnan\n")) == RejectCause::kValue);
  CHECK(refused(point("S'a'\n", "I1\n", "(t")) == RejectCause::kValue);
  CHECK(refused(point("S'a'\n", "N", "I2\n")) == RejectCause::kTimestamp);
  CHECK(refused(point("S'a'\n", "I-2\n", "I2\n")) == RejectCause::kTimestamp);
  CHECK(refused(point("S'a'\n", "Fnan\n", "I2\n")) == RejectCause::kTimestamp);
}

TEST_CASE("a refused point is told by its name, or by its frame when it has none") {
  const std::string named = point("S'a'\n", "I1\n", "N");
  const std::string frame = list({named});
  const RecordingIntake intake = decode_pickle(frame);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].record == "a");
  CHECK(intake.rejects[0].offset == frame.find("tt") + 1);
  CHECK(decode_pickle(list({"N"})).rejects.at(0).record == list({"N"}));
}

TEST_CASE("what is not a list of points is refused once") {
  for (const char* frame : {"I5\n.", "N.", "S'x'\n.", "(l", "0.", "cos\nsystem\n."}) {
    CAPTURE(frame);
    const RecordingIntake intake = decode_pickle(frame);
    CHECK(intake.events.empty());
    REQUIRE(intake.rejects.size() == 1);
    CHECK(intake.rejects[0].record == frame);
  }
}

TEST_CASE("a list without points, and a frame without bytes, say nothing") {
  for (const char* frame : {"(l.", ").", ""}) {
    CAPTURE(frame);
    const RecordingIntake intake = decode_pickle(frame);
    CHECK(intake.events.empty());
    CHECK(intake.rejects.empty());
  }
}

TEST_CASE("bytes behind the pickle are refused, its points are taken") {
  const RecordingIntake intake = decode_pickle(list({good("a")}) + "junk");
  CHECK(services_of(intake) == std::vector<std::string>{"a"});
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kSyntax);
  CHECK(intake.rejects[0].record == "junk");
}

TEST_CASE("frames beyond the limits are refused") {
  Options options;
  options.max_frame_bytes = 20;
  CHECK(causes_of(decode_pickle(list({good("abcdefghijkl")}), options)) ==
        std::vector<RejectCause>{RejectCause::kOversized});
  options = {};
  options.max_pickle_values = 10;
  CHECK(causes_of(decode_pickle(list({good("a"), good("b"), good("c")}), options)) ==
        std::vector<RejectCause>{RejectCause::kOversized});
}

TEST_CASE("a frame goes on behind the points that were counted, wherever it lies then") {
  RecordingIntake intake;
  PickleDecoder decoder({}, intake);
  std::string frame = list({good("a"), "N", good("b"), good("c")}) + "rest";
  intake.events_to_refuse = 1;
  CHECK(decoder.decode(frame, received()) == 0);  // a
  CHECK(intake.events.empty());
  intake.events_to_refuse = 0;
  const std::string moved = frame;
  frame.assign(frame.size(), '?');
  CHECK(decoder.decode(moved, received()) == moved.size());
  CHECK(services_of(intake) == std::vector<std::string>{"a", "b", "c"});
  CHECK(intake.rejects.size() == 2);
  CHECK(intake.dropped == 0);
}

// Takes every second event.
class StutteringIntake final : public Intake {
 public:
  [[nodiscard]] std::size_t samples(std::span<const RawSample>, const IdentityResolver&) override {
    return 0;
  }
  [[nodiscard]] bool event(const EventView&) override {
    events += calls % 2;
    return calls++ % 2 != 0;
  }
  void drop(std::size_t) override { ++drops; }
  void reject(RejectCause, std::string_view, std::size_t, std::string_view) override { ++rejects; }

  std::size_t calls = 0;
  std::size_t events = 0;
  std::size_t drops = 0;
  std::size_t rejects = 0;
};

TEST_CASE("however often a frame is offered, each point is counted once") {
  StutteringIntake intake;
  PickleDecoder decoder({}, intake);
  const std::string frame = list({good("a"), "N", good("b"), good("c"), "N"});
  std::size_t offers = 1;
  while (decoder.decode(frame, received()) == 0) ++offers;
  CHECK(offers == 4);
  CHECK(intake.events == 3);
  CHECK(intake.rejects == 2);
  CHECK(decoder.decode(list({"N"}), received()) != 0);
  CHECK(intake.rejects == 3);
}

TEST_CASE("after drop the refused points of the frame are given up and counted") {
  RecordingIntake intake;
  PickleDecoder decoder({}, intake);
  const std::string frame = list({good("a"), good("b"), good("c")});
  intake.events_to_refuse = 3;
  CHECK(decoder.decode(frame, received()) == 0);
  decoder.drop();
  CHECK(decoder.decode(frame, received()) == frame.size());  // a and b
  CHECK(intake.dropped == 2);
  CHECK(services_of(intake) == std::vector<std::string>{"c"});
  intake.events_to_refuse = 1;
  CHECK(decoder.decode(frame, received()) == 0);
  CHECK(intake.dropped == 2);
}

}  // namespace
}  // namespace tocsin::graphite::testing
