#include "ingest/syslog/decoder.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/syslog/decode_all.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::syslog::testing {
namespace {

using wire::testing::deflated;

using Attributes = std::vector<Attribute>;
using std::string_literals::operator""s;

TEST_CASE("an RFC 5424 message becomes an event, whole") {
  const Event event = decode_one(
      "<34>1 2026-11-21T02:51:52.204377+00:00 vm app 12 ID47 [zoo@123 tiger=\"hungry \\\"cat\\\"\" "
      "age=\"3\"][x] text\n");
  CHECK(event.time == at(2026, 11, 21, 2, 51, 52, 204'377'000));
  CHECK(event.host == "vm");
  CHECK(event.service == "app");
  CHECK(event.state == "critical");
  CHECK(event.description == "text");
  CHECK(std::holds_alternative<std::monostate>(event.metric));
  CHECK(!event.ttl);
  CHECK(event.tags.empty());
  CHECK(event.attributes == Attributes{{"facility", "4"},
                                       {"ingest", "syslog"},
                                       {"msgid", "ID47"},
                                       {"peer", "192.0.2.7"},
                                       {"procid", "12"},
                                       {"sd.x", ""},
                                       {"sd.zoo@123.age", "3"},
                                       {"sd.zoo@123.tiger", "hungry \"cat\""},
                                       {"severity", "2"}});
}

TEST_CASE("an RFC 3164 message becomes an event, whole") {
  const Event event = decode_one("<165>Nov 21 02:51:52 vm app[29350]: plain message");
  CHECK(event.time == at(2026, 11, 21, 2, 51, 52));
  CHECK(event.host == "vm");
  CHECK(event.service == "app");
  CHECK(event.state == "ok");
  CHECK(event.description == "plain message");
  CHECK(event.attributes == Attributes{{"facility", "20"},
                                       {"ingest", "syslog"},
                                       {"peer", "192.0.2.7"},
                                       {"procid", "29350"},
                                       {"severity", "5"}});
}

TEST_CASE("what a message does not say comes from the listener, the sender and the arrival") {
  const Event event = decode_one("<12>1 - - - - - - text");
  CHECK(event.time == kReceived);
  CHECK(event.host == "192.0.2.7");
  CHECK(event.service == "syslog");
  CHECK(event.state == "warning");

  Options options;
  options.default_host = "edge-1";
  options.default_service = "router";
  const Event named = decode_one("<12>text", options);
  CHECK(named.host == "edge-1");
  CHECK(named.service == "router");
}

TEST_CASE("without a priority all of the message is text") {
  for (const std::string text : {"lines", "Nov 21 02:51:52 vm app: t", "<192>1 - - - - - - t",
                                 "<013>app: t", "{\"PRIORITY\":\"notice\"}"}) {
    CAPTURE(text);
    const Event event = decode_one(text);
    CHECK(event.description == text);
    CHECK(event.service == "syslog");
    CHECK(event.time == kReceived);
    CHECK(attribute(event, "facility") == "1");
    CHECK(attribute(event, "severity") == "5");
    CHECK(attribute(event, "malformed") == "priority");
  }
}

TEST_CASE("a version other than 1, or a number that is none, is no RFC 5424") {
  CHECK(decode_one("<13>2 - vm app - - - t").description == "2 - vm app - - - t");
  CHECK(decode_one("<13>1 apple").description == "1 apple");
}

TEST_CASE("faults in front of the text do not lose it") {
  CHECK(attribute(decode_one("<13>1 2026-11-21 vm app - - - t"), "malformed") == "timestamp");
  CHECK(attribute(decode_one("<13>1 - vm app"), "malformed") == "header");
  const Event event = decode_one("<13>1 - vm app - - [disk full] text");
  CHECK(event.description == "[disk full] text");
  CHECK(event.service == "app");
  CHECK(attribute(event, "malformed") == "structured data");
}

TEST_CASE("line ends and NULs at the end are no part of the message, inside they are") {
  for (const std::string& end : {""s, "\n"s, "\r\n"s, "\0"s, "\n\0"s, "\0\n"s}) {
    CHECK(decode_one("<13>app: two\nlines" + end).description == "two\nlines");
  }
  CHECK(decode_one("<13>app: a\0b\a"s).description == "a\0b\a"s);
}

TEST_CASE("a message of nothing is skipped") {
  const RecordingIntake intake = decode_each({"\n", "\r\n", "\0"s, ""});
  CHECK(intake.events.empty());
  CHECK(intake.rejects.empty());
}

TEST_CASE("a priority alone is a message without text") {
  const Event event = decode_one("<13>");
  CHECK(event.description.empty());
  CHECK(attribute(event, "malformed").empty());
}

TEST_CASE("a name that repeats in its element is numbered") {
  const Event event =
      decode_one("<13>1 - - - - - [origin ip=\"a\" ip=\"b\" x=\"c\" ip=\"d\"][other ip=\"e\"] t");
  CHECK(attribute(event, "sd.origin.ip") == "a");
  CHECK(attribute(event, "sd.origin.ip.2") == "b");
  CHECK(attribute(event, "sd.origin.ip.3") == "d");
  CHECK(attribute(event, "sd.other.ip") == "e");
}

TEST_CASE("bytes that are no UTF-8 are replaced wherever they stand") {
  const Event event = decode_one(
      "<13>1 - h\xFFst a\xFFp p\xFF m\xFF [i\xFF n\xFF=\"v\xFF \\\"\xC3\xB6\\\\\"] t\xFFxt "
      "\xC3\xB6");
  CHECK(event.host == "h\xEF\xBF\xBDst");
  CHECK(event.service == "a\xEF\xBF\xBDp");
  CHECK(attribute(event, "procid") == "p\xEF\xBF\xBD");
  CHECK(attribute(event, "msgid") == "m\xEF\xBF\xBD");
  CHECK(attribute(event, "sd.i\xEF\xBF\xBD.n\xEF\xBF\xBD") == "v\xEF\xBF\xBD \"\xC3\xB6\\");
  CHECK(event.description == "t\xEF\xBF\xBDxt \xC3\xB6");
}

TEST_CASE("control characters stay in texts and are replaced in names") {
  const std::string message = "<13>1 - h\x1B a\x7F - - [i n=\"v\a\"] t\x1B[1m\n\ttab";
  const Event kept = decode_one(message);
  CHECK(kept.host == "h\xEF\xBF\xBD");
  CHECK(kept.service == "a\xEF\xBF\xBD");
  CHECK(attribute(kept, "sd.i.n") == "v\a");
  CHECK(kept.description == "t\x1B[1m\n\ttab");

  Options options;
  options.escape_controls = true;
  const Event escaped = decode_one(message, options);
  CHECK(attribute(escaped, "sd.i.n") == "v#007");
  CHECK(escaped.description == "t#033[1m\n\ttab");
}

TEST_CASE("blanks in front of the text stay unless they are to go") {
  const std::string message = "<13>1 - - - - - -   text";
  CHECK(decode_one(message).description == "  text");
  Options options;
  options.trim_text = true;
  CHECK(decode_one(message, options).description == "text");
  CHECK(decode_one("<13>1 - - - - - -   ", options).description.empty());
}

TEST_CASE("a message that is too long is refused") {
  Options options;
  options.max_message_bytes = 20;
  const RecordingIntake intake =
      decode_each({"<13>app: 6789012345\n", "<13>app: 6789012345678901"}, options);
  REQUIRE(intake.events.size() == 1);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kOversized);
  CHECK(intake.rejects[0].record == "<13>app: 6789012345678901");
}

TEST_CASE("structured data means the same whether it came before or not") {
  const std::string begin = "<13>1 - - app - - ";
  const std::string messages[] = {
      begin + "[meta id=\"1\" user=\"me\"] text",
      begin + "[meta id=\"2\" user=\"\"]",
      begin + "[meta id=\"2\" user=\"a \\\"quoted\\\" one\"] text",
      begin + "[meta id=\"2\" user=\"\xFF\xC3\xB6\"] \xEF\xBB\xBFt\xFFxt",
      begin + "[meta id=\"2\" id=\"3\"][meta id=\"4\"] text",
      begin + "[m\xC3\xB6ta n\xFF=\"1\"] text",
      begin + "[meta id=\"2\" user=\"me\"]text",
  };
  for (const std::string& message : messages) {
    const Event alone = decode_one(message);
    for (const std::string& before : messages) {
      // So often that the shape of the one before is known, then so often that its own is.
      std::vector<std::string> all(7, before);
      all.insert(all.end(), 7, message);
      const RecordingIntake intake = decode_each(all);
      REQUIRE(intake.events.size() == all.size());
      for (std::size_t i = 7; i < all.size(); ++i) CHECK(intake.events[i] == alone);
    }
  }
}

TEST_CASE("more parameters than the limit stay in the text") {
  Options options;
  options.max_parameters = 1;
  const Event event = decode_one("<13>1 - - - - - [a b=\"1\" c=\"2\"] t", options);
  CHECK(event.description == "[a b=\"1\" c=\"2\"] t");
  CHECK(attribute(event, "malformed") == "structured data");
}

TEST_CASE("a compressed message is inflated, again and again") {
  const std::string message = "<34>1 - vm app - - - " + std::string(1000, 'x');
  const RecordingIntake intake =
      decode_each({"z" + deflated(message), "<13>app: plain", "z" + deflated(message + "\n")});
  REQUIRE(intake.events.size() == 3);
  CHECK(intake.events[0].description == std::string(1000, 'x'));
  CHECK(intake.events[1].description == "plain");
  CHECK(intake.events[2].description == std::string(1000, 'x'));
}

TEST_CASE("compressed messages that are broken, cut or too long are refused") {
  const std::string whole = "z" + deflated("<34>1 - vm app - - - " + std::string(1000, 'x'));
  std::string broken = whole;
  broken.back() = static_cast<char>(broken.back() ^ 1);
  const std::string bomb = "z" + deflated(std::string(10'000'000, 'x'));
  const RecordingIntake intake =
      decode_each({broken, whole.substr(0, whole.size() - 1), bomb, "<13>neighbour: lives"});
  REQUIRE(intake.rejects.size() == 3);
  CHECK(intake.rejects[0].cause == RejectCause::kSyntax);
  CHECK(intake.rejects[1].cause == RejectCause::kTruncated);
  CHECK(intake.rejects[2].cause == RejectCause::kOversized);
  CHECK(intake.rejects[2].record == bomb);
  REQUIRE(intake.events.size() == 1);
  CHECK(intake.events[0].description == "lives");
}

TEST_CASE("exactly the limit may come out of compression") {
  Options options;
  options.max_message_bytes = 1000;
  CHECK(decode_one("z" + deflated(std::string(1000, 'x')), options).description.size() == 1000);
  const RecordingIntake intake = decode_each({"z" + deflated(std::string(1001, 'x'))}, options);
  CHECK(intake.rejects.size() == 1);
}

TEST_CASE("text that begins with z is text") {
  CHECK(decode_one("zebra").description == "zebra");
  CHECK(decode_one("z").description == "z");
}

TEST_CASE("a full intake gets the message again, and loses it only when told to") {
  RecordingIntake intake;
  intake.events_to_refuse = 2;
  Decoder decoder({}, intake);
  const std::string first = "<13>app: first\n";
  CHECK(decoder.decode(first, origin_of_tests()) == 0);
  CHECK(decoder.decode(first, origin_of_tests()) == 0);
  CHECK(decoder.decode(first, origin_of_tests()) == first.size());
  CHECK(intake.events.size() == 1);
  CHECK(intake.dropped == 0);

  intake.events_to_refuse = 3;
  CHECK(decoder.decode(first, origin_of_tests()) == 0);
  decoder.drop();
  CHECK(decoder.decode(first, origin_of_tests()) == first.size());
  CHECK(intake.dropped == 1);
  // The permission was for that one.
  CHECK(decoder.decode(first, origin_of_tests()) == 0);
  CHECK(intake.dropped == 1);
}

TEST_CASE("a drop when nothing waits gives up nothing") {
  RecordingIntake intake;
  Decoder decoder({}, intake);
  decoder.drop();
  intake.events_to_refuse = 1;
  CHECK(decoder.decode("<13>app: t", origin_of_tests()) == 0);
  CHECK(intake.dropped == 0);
}

}  // namespace
}  // namespace tocsin::syslog::testing
