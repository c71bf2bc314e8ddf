// Real traffic of real clients: every message of every file of tests/data/gelf.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ingest/listen/framing.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/gelf/decode_all.hpp"

namespace tocsin::gelf::testing {
namespace {

using Attributes = std::vector<Attribute>;

const std::string kWords =
    "gr\xC3\xB6\xC3\x9F"
    "e \xE2\x9C\x93";

// `attributes`: all but ingest and peer.
Event expected(std::int64_t milliseconds, const std::string& service, const std::string& state,
               const std::string& description, const Attributes& attributes,
               const std::string& host = "vm") {
  Event event;
  event.time = TimePoint(std::chrono::milliseconds(milliseconds));
  event.host = host;
  event.service = service;
  event.state = state;
  event.description = description;
  event.attributes = attributes;
  event.attributes.push_back({"ingest", "gelf"});
  event.attributes.push_back({"peer", "192.0.2.7"});
  event::normalise(event);
  return event;
}

void check(const std::vector<Event>& events, const std::vector<Event>& wanted) {
  REQUIRE(events.size() == wanted.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    CAPTURE(i);
    CHECK(events[i].time == wanted[i].time);
    CHECK(events[i].description == wanted[i].description);
    CHECK(events[i].attributes == wanted[i].attributes);
    CHECK(events[i] == wanted[i]);
  }
}

// The text that needed two chunks: 900 numbers in base 36.
std::string long_text() {
  std::string out = "Lorem ipsum";
  for (unsigned i = 0; i < 900; ++i) {
    std::string digits;
    for (unsigned number = i * 7919 % 99991; number != 0 || digits.empty(); number /= 36) {
      digits.insert(digits.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36]);
    }
    out += " " + digits;
  }
  return out;
}

TEST_CASE("gelf-pro and npm gelf over UDP: udp.dgram") {
  const std::vector<std::string> datagrams = tocsin::testing::read_datagrams("gelf/udp.dgram");
  const RecordingIntake intake = decode_each(datagrams);
  const Attribute dc = {"dc", "ams1"};
  check(
      intake.events,
      {
          expected(1795229828474, "billing", "ok", "a hello from gelf-pro", {{"level", "6"}, dc}),
          expected(1795229828476, "billing", "critical", "a " + kWords,
                   {{"level", "3"},
                    dc,
                    {"code", "500"},
                    {"user_id", "7"},
                    {"user_name", "x"},
                    {"arr", "1,2"}}),
          expected(1795229828476, "billing", "critical", "a boom",
                   {{"level", "2"}, dc, {"latency", "0.25"}, {"ok", "true"}, {"nul", ""}}),
          expected(1795229828476, "billing", "warning", long_text(), {{"level", "4"}, dc}),
          expected(1795229000125, "node.js", "critical", "a node-gelf",
                   {{"level", "3"}, {"request_id", "abc"}, {"full_message", "trace\n at x"}},
                   "a-host"),
          // No level is alert, says the specification.
          expected(1795229828779, "node.js", "critical", "a string only", {}),
          expected(1795229829180, "billing", "ok", "a over tcp", {{"level", "6"}, dc, {"k", "1"}}),
          expected(1795229829180, "billing", "critical", "a tcp two lines\nsecond",
                   {{"level", "1"}, dc}),
      });
  // The two whose id has one byte instead of eight.
  REQUIRE(intake.rejects.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(intake.rejects[i].record == datagrams.at(7 + i));
  }
  CHECK(intake.rejects[0].cause == RejectCause::kSyntax);  // 173 of 40
  CHECK(intake.rejects[0].text == "the sequence number of a chunk is not below their count");
  CHECK(intake.rejects[1].cause == RejectCause::kSyntax);  // 126 of 196
  CHECK(intake.rejects[1].text == "the count of chunks is not 1 to 128");
}

TEST_CASE("gelf-pro over TCP: tcp.bin") {
  const std::string stream = tocsin::testing::read_capture("gelf/tcp.bin");
  const auto framing = listen::make_framing(listen::FramingKind::kNul, 8192);
  std::vector<std::string> frames;
  std::string buffered;
  for (std::size_t at = 0; at < stream.size(); at += 50) {
    buffered += stream.substr(at, 50);
    for (;;) {
      const listen::Cut cut = framing->cut(buffered, false);
      if (cut.kind == listen::Cut::Kind::kNeedMore) break;
      REQUIRE(cut.kind == listen::Cut::Kind::kRecords);
      frames.push_back(buffered.substr(cut.head, cut.body));
      buffered.erase(0, cut.head + cut.body);
    }
  }
  CHECK(buffered.empty());
  const RecordingIntake intake = decode_each(frames);
  CHECK(intake.rejects.empty());
  check(intake.events,
        {
            expected(1795229931870, "billing", "ok", "a over tcp", {{"level", "6"}, {"k", "1"}}),
            expected(1795229931871, "billing", "critical", "a tcp two lines\nsecond",
                     {{"level", "1"}}),
            expected(1795229931871, "billing", "ok", "a third", {{"level", "7"}}),
        });
}

}  // namespace
}  // namespace tocsin::gelf::testing
