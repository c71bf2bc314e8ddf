#include "ingest/collectd/write_http_decoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

struct Decoding {
  explicit Decoding(Options options = {}) : decoder(std::move(options), rates, intake) {}

  void decode(const std::string& body) { CHECK(decoder.decode(body, origin_at()) == body.size()); }

  RateTable rates{{}, 1};
  tocsin::testing::RecordingIntake intake;
  WriteHttpDecoder decoder;
};

std::string object(const std::string& type, int values = 1) {
  std::string text = R"({"host":"h","plugin":"p","type":")" + type + R"(","time":10,"values":[1)";
  for (int i = 1; i < values; ++i) text += ",1";
  text += R"(],"dstypes":["gauge")";
  for (int i = 1; i < values; ++i) text += ",\"gauge\"";
  return text + "]}";
}

TEST_CASE("a body is an array of objects") {
  Decoding decoding;
  decoding.decode("[" + object("a") + ", " + object("b") + "]\n");
  CHECK(decoding.intake.events.size() == 2);
  CHECK(decoding.intake.rejects.empty());
}

TEST_CASE("objects may follow each other without an array") {
  Decoding decoding;
  decoding.decode(object("a") + "\n" + object("b") + object("c"));
  CHECK(decoding.intake.events.size() == 3);
}

TEST_CASE("an empty body says nothing") {
  Decoding decoding;
  for (const char* body : {"", "[]", " \r\n", "[ ]"}) decoding.decode(body);
  CHECK(decoding.intake.events.empty());
  CHECK(decoding.intake.rejects.empty());
}

TEST_CASE("a body that is no JSON is lines of the text protocol") {
  Decoding decoding;
  decoding.decode("PUTVAL h/p/t interval=10 10:1\r\nPUTVAL h/p/t interval=10 20:2\r\n");
  CHECK(decoding.intake.events.size() == 2);
  decoding.decode("[" + object("a") + "]");
  CHECK(decoding.intake.events.size() == 3);
  CHECK(decoding.intake.rejects.empty());
}

TEST_CASE("a bad object is refused alone") {
  Decoding decoding;
  const std::string bad = R"({"host":"}\"]","values":[1 2]})";
  const std::string body = "[" + object("a") + "," + bad + "," + object("b") + "]";
  decoding.decode(body);
  CHECK(decoding.intake.events.size() == 2);
  REQUIRE(decoding.intake.rejects.size() == 1);
  CHECK(decoding.intake.rejects[0].offset == 2 + object("a").size());
}

TEST_CASE("what is no object is refused up to the next one") {
  Decoding decoding;
  decoding.decode("[1, \"x\", " + object("a") + " garbage");
  CHECK(decoding.intake.events.size() == 1);
  REQUIRE(decoding.intake.rejects.size() == 2);
  CHECK(decoding.intake.rejects[0].cause == RejectCause::kSyntax);
  CHECK(decoding.intake.rejects[1].record == "garbage");
}

TEST_CASE("an object that is not closed is refused as cut off") {
  Decoding decoding;
  decoding.decode("[" + object("a") + ",{\"host\":\"h\\");
  CHECK(decoding.intake.events.size() == 1);
  REQUIRE(decoding.intake.rejects.size() == 1);
  CHECK(decoding.intake.rejects[0].cause == RejectCause::kTruncated);
}

TEST_CASE("an object longer than the limit is refused") {
  Options options;
  options.max_object_bytes = 100;
  Decoding decoding(options);
  decoding.decode("[" + object("a") + "," + object(std::string(100, 'x')) + "]");
  CHECK(decoding.intake.events.size() == 1);
  REQUIRE(decoding.intake.rejects.size() == 1);
  CHECK(decoding.intake.rejects[0].cause == RejectCause::kOversized);
}

const std::string kJson =
    "[" + object("a", 3) + ",{}," + object("b", 2) + "," + object("c", 4) + "]";
const std::string kLines = "PUTVAL h/p/t 10:1 11:2\nPUTVAL h/p/t 12:3\nNOSUCH\n";

TEST_CASE("a full intake gets the rest of a body later") {
  for (const std::string& body : {kJson, kLines}) {
    Decoding whole;
    whole.decode(body);
    CHECK(whole.intake.rejects.size() == 1);
    for (std::size_t room = 1; room < 6; ++room) {
      RateTable rates({}, 1);
      tocsin::testing::RecordingIntake kept;
      LimitedIntake intake(kept);
      WriteHttpDecoder decoder({}, rates, intake);
      decode_in_steps(decoder, intake, body, room);
      CHECK(kept.events == whole.intake.events);
      CHECK(kept.rejects.size() == 1);
      CHECK(kept.dropped == 0);
    }
  }
}

TEST_CASE("what is given up is counted value by value") {
  for (const std::string& body : {kJson, kLines}) {
    for (std::size_t room = 0; room < 3; ++room) {
      RateTable rates({}, 1);
      tocsin::testing::RecordingIntake kept;
      LimitedIntake intake(kept);
      WriteHttpDecoder decoder({}, rates, intake);
      decode_or_drop(decoder, intake, body, room);
      CHECK(kept.events.size() + kept.dropped == (body == kLines ? 3 : 9));
      CHECK(kept.dropped > 0);
      CHECK(kept.rejects.size() == 1);
    }
  }
}

}  // namespace
}  // namespace tocsin::collectd::testing
