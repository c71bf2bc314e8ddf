#include "ingest/gelf/decoder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/gelf/chunks.hpp"
#include "tests/unit/ingest/gelf/decode_all.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::gelf::testing {
namespace {

using std::string_literals::operator""s;
using wire::testing::deflated;
using wire::testing::gzipped;

const std::string kMessage = R"({"version":"1.1","host":"web-1","short_message":"boom","level":3})";

TEST_CASE("a message is the same plain, in zlib or gzip data, and in chunks") {
  const Event event = decode_one(kMessage);
  CHECK(event.time == kReceived);
  CHECK(event.host == "web-1");
  CHECK(event.service == "gelf");
  CHECK(event.state == "critical");
  CHECK(event.description == "boom");
  CHECK(event.attributes ==
        std::vector<Attribute>{{"ingest", "gelf"}, {"level", "3"}, {"peer", "192.0.2.7"}});
  for (const std::string& form : {deflated(kMessage), gzipped(kMessage)}) {
    CHECK(decode_one(form) == event);
    CHECK(decode_one(chunk(1, 0, 1, form)) == event);
    const RecordingIntake intake = decode_each(chunks(1, form, 20));
    CHECK(intake.events == std::vector<Event>{event});
    CHECK(intake.rejects.empty());
  }
}

TEST_CASE("NUL and line ends behind a message are no part of it; alone they are no message") {
  for (const std::string& end : {"\0"s, "\n"s, "\r\n\0\0"s}) {
    CHECK(decode_one(kMessage + end).description == "boom");
  }
  for (const std::string& nothing : {""s, "\0"s, "\n"s}) {
    const RecordingIntake intake = decode_each({nothing});
    CHECK(intake.events.empty());
    CHECK(intake.rejects.empty());
  }
}

TEST_CASE("a message without a host is of the default or the sender") {
  const std::string message = R"({"short_message":"x"})";
  CHECK(decode_one(message).host == "192.0.2.7");
  Options options;
  options.default_host = "vm";
  options.default_service = "app";
  CHECK(decode_one(message, options).host == "vm");
  CHECK(decode_one(message, options).service == "app");
}

void check_refused(const std::string& datagram, RejectCause cause, const Options& options = {}) {
  CAPTURE(datagram);
  const RecordingIntake intake = decode_each({datagram, kMessage}, options);
  CHECK(intake.events.size() == 1);
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == cause);
  CHECK(intake.rejects[0].offset <= datagram.size());
}

TEST_CASE("what is no message is refused, and the next is read") {
  for (const std::string& datagram : {"text"s, "[]"s, "{"s, "{}{}"s, "\x1F"s, "<13>syslog"s}) {
    check_refused(datagram, RejectCause::kSyntax);
  }
  check_refused(deflated("text"), RejectCause::kSyntax);
  check_refused("{}", RejectCause::kValue);
  check_refused(chunk(1, 3, 3, "x"), RejectCause::kSyntax);
  check_refused("\x1E\x0F", RejectCause::kTruncated);
}

TEST_CASE("a refused message is told as what it looks like") {
  const auto text_of = [](const std::string& datagram) {
    const RecordingIntake intake = decode_each({datagram});
    REQUIRE(intake.rejects.size() == 1);
    return intake.rejects[0].text;
  };
  CHECK(text_of("<13>syslog") ==
        "found another message, expected a JSON object, zlib or gzip data, or a chunk");
  const std::string cut = R"({"version":"1.1","host":"vm","short_mess)";
  CHECK(text_of(cut) == "found the end of the JSON object too early, expected a closing quote");
  CHECK(text_of(deflated(cut)) == text_of(cut));
  CHECK(text_of(R"({"short_message":})") == "found another character, expected a JSON value");
}

TEST_CASE("damaged and cut compression is refused") {
  for (const std::string& form : {deflated(kMessage), gzipped(kMessage)}) {
    std::string damaged = form;
    damaged[damaged.size() - 2] = static_cast<char>(damaged[damaged.size() - 2] ^ 1);
    check_refused(form.substr(0, form.size() - 3), RejectCause::kTruncated);
    if (form.starts_with('\x78')) check_refused(damaged, RejectCause::kSyntax);
  }
}

TEST_CASE("a message longer than the limit is refused, a bomb before it is inflated") {
  Options options;
  options.max_message_bytes = 100;
  const auto message = [](std::size_t size) {
    const std::string empty = R"({"short_message":""})";
    return R"({"short_message":")" + std::string(size - empty.size(), 'x') + "\"}";
  };
  for (const std::string& fits : {message(100), deflated(message(100)), gzipped(message(100))}) {
    CHECK(decode_one(fits, options).description.size() == 80);
  }
  for (const std::string& too_long : {message(101), deflated(message(101)), gzipped(message(101)),
                                      deflated(std::string(10'000'000, ' '))}) {
    check_refused(too_long, RejectCause::kOversized, options);
  }
}

TEST_CASE("too many members and too long names are refused") {
  Options options;
  options.limits.max_members = 4;
  options.limits.max_key_bytes = 20;
  check_refused(R"({"short_message":"x","_a":1,"_b":2,"_c":3,"_d":4})", RejectCause::kOversized,
                options);
  check_refused(R"({"_aaaaaaaaaaaaaaaaaaaa":1})", RejectCause::kOversized, options);
}

TEST_CASE("a message whose chunks are missing is one refused record") {
  RecordingIntake intake;
  Decoder decoder({}, intake);
  const auto parts = chunks(1, deflated(kMessage), 20);
  REQUIRE(parts.size() > 2);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    CHECK(decoder.decode(parts[i], origin_at()) == parts[i].size());
  }
  decoder.expire(kReceived + std::chrono::milliseconds(4999));
  CHECK(intake.rejects.empty());
  decoder.expire(kReceived + std::chrono::seconds(5));
  REQUIRE(intake.rejects.size() == 1);
  CHECK(intake.rejects[0].cause == RejectCause::kTruncated);
  CHECK(intake.events.empty());
}

TEST_CASE("a full intake is offered the same message again, whole or with its last chunk") {
  for (const std::size_t size : {std::size_t{1000}, std::size_t{20}}) {
    RecordingIntake intake;
    Decoder decoder({}, intake);
    auto parts = chunks(1, deflated(kMessage), size);
    const std::string last = parts.back();
    parts.pop_back();
    for (const std::string& part : parts) REQUIRE(decoder.decode(part, origin_at()) == part.size());
    intake.events_to_refuse = 2;
    CHECK(decoder.decode(last, origin_at()) == 0);
    CHECK(decoder.decode(last, origin_at()) == 0);
    CHECK(decoder.decode(last, origin_at()) == last.size());
    CHECK(intake.events.size() == 1);
    CHECK(intake.dropped == 0);
    CHECK(intake.rejects.empty());
  }
}

TEST_CASE("after drop() the refused message is given up, and only that") {
  RecordingIntake intake;
  Decoder decoder({}, intake);
  const auto parts = chunks(1, kMessage, 40);
  REQUIRE(parts.size() == 2);
  REQUIRE(decoder.decode(parts[0], origin_at()) == parts[0].size());
  intake.events_to_refuse = 2;
  CHECK(decoder.decode(parts[1], origin_at()) == 0);
  decoder.drop();
  CHECK(decoder.decode(parts[1], origin_at()) == parts[1].size());
  CHECK(intake.dropped == 1);
  decoder.drop();
  CHECK(decoder.decode(kMessage, origin_at()) == kMessage.size());
  CHECK(intake.events.size() == 1);
  decoder.expire(kReceived + std::chrono::seconds(60));
  CHECK(intake.rejects.empty());
}

}  // namespace
}  // namespace tocsin::gelf::testing
