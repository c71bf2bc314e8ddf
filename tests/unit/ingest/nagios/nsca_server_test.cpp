#include "ingest/nagios/nsca_server.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/ingest/nagios/nsca_conversation.hpp"

namespace tocsin::nagios::testing {
namespace {

using nsca::Method;
using std::chrono::seconds;

constexpr auto kGreeted = static_cast<std::uint32_t>(kReceived.time_since_epoch() / seconds(1));

PacketFields fields_of(std::string service, std::size_t bytes = nsca::kPacketBytes) {
  PacketFields fields;
  fields.time = kGreeted;
  fields.service = std::move(service);
  fields.bytes = bytes;
  return fields;
}

TEST_CASE("the greeting is the random bytes and the time, big-endian") {
  const Conversation conversation(Method::kNone);
  std::string greeting = "x";
  conversation.server.greeting(greeting);
  REQUIRE(greeting.size() == 1 + 128 + 4);
  const nsca::Iv iv = iv_of_letters();
  CHECK(greeting.substr(1, 128) == std::string(iv.data(), iv.size()));
  CHECK(greeting.substr(129) == std::string("\x6b\x01\x05\x48", 4));
}

TEST_CASE("packets of both sizes are read by every method, however the stream is split") {
  for (const std::size_t bytes : {nsca::kPacketBytes, nsca::kOldPacketBytes}) {
    const std::string clear = packet(fields_of("a", bytes)) + packet(fields_of("b", bytes)) +
                              packet(fields_of("c", bytes));
    for (const Method method : kMethods) {
      const std::string wire = sealed(clear, method, "throwaway-nsca", iv_of_letters(), bytes);
      for (const std::size_t portion : {1U, 719U, 720U, 721U, 1000U, 4304U, 5000U, 20000U}) {
        CAPTURE(bytes);
        CAPTURE(static_cast<int>(method));
        CAPTURE(portion);
        Conversation conversation(method);
        conversation.receive(wire, portion);
        CHECK(conversation.intake.rejects.empty());
        REQUIRE(conversation.intake.events.size() == 3);
        CHECK(conversation.intake.events[0].service == "a");
        CHECK(conversation.intake.events[1].service == "b");
        CHECK(conversation.intake.events[2].service == "c");
        CHECK(conversation.buffered.empty());
      }
    }
  }
}

TEST_CASE("a wrong password or method is unauthorized, once, and ends the connection") {
  const std::string clear = packet(fields_of("a")) + packet(fields_of("b"));
  for (const Method theirs : kMethods) {
    for (const Method ours : kMethods) {
      const std::string theirs_password = theirs == ours ? "guessed" : "throwaway-nsca";
      if (theirs == ours && theirs == Method::kNone) continue;
      CAPTURE(static_cast<int>(theirs));
      CAPTURE(static_cast<int>(ours));
      const std::string wire =
          sealed(clear, theirs, theirs_password, iv_of_letters(), nsca::kPacketBytes);
      Conversation conversation(ours);
      conversation.receive(wire, 1000);
      CHECK(conversation.intake.events.empty());
      REQUIRE(conversation.intake.rejects.size() == 1);
      CHECK(conversation.intake.rejects[0].cause == RejectCause::kUnauthorized);
      CHECK(conversation.intake.rejects[0].text.find("password") != std::string::npos);
      CHECK(conversation.closed);
    }
  }
}

TEST_CASE("a damaged byte is unauthorized, whatever comes before") {
  std::string wire = packet(fields_of("a")) + packet(fields_of("b"));
  wire[5000] = static_cast<char>(wire[5000] ^ 1);
  Conversation conversation(Method::kNone);
  conversation.receive(wire, 20000);
  CHECK(conversation.intake.events.size() == 1);
  REQUIRE(conversation.intake.rejects.size() == 1);
  CHECK(conversation.intake.rejects[0].cause == RejectCause::kUnauthorized);

  std::string old = packet(fields_of("a", 720)) + packet(fields_of("b", 720));
  old[1000] = static_cast<char>(old[1000] ^ 1);
  Conversation with_old(Method::kNone);
  with_old.receive(old, 20000);
  CHECK(with_old.intake.events.size() == 1);
  REQUIRE(with_old.intake.rejects.size() == 1);
  CHECK(with_old.intake.rejects[0].cause == RejectCause::kUnauthorized);
}

TEST_CASE("a packet must bear the time of the greeting, or it alone is refused") {
  PacketFields other = fields_of("a");
  other.time = kGreeted - 1;
  const std::string clear = packet(other) + packet(fields_of("b"));
  const std::string wire = sealed(clear, Method::kAes256, "throwaway-nsca", iv_of_letters(), 4304);
  Conversation conversation(Method::kAes256);
  conversation.receive(wire, 3000);
  REQUIRE(conversation.intake.events.size() == 1);
  CHECK(conversation.intake.events[0].service == "b");
  REQUIRE(conversation.intake.rejects.size() == 1);
  CHECK(conversation.intake.rejects[0].cause == RejectCause::kTimestamp);
  CHECK_FALSE(conversation.closed);
}

TEST_CASE("a packet may come 30 s behind the greeting and not later, unless age does not count") {
  const std::string clear = packet(fields_of("a"));
  for (const auto& [age, events] : {std::pair{30, 1U}, std::pair{31, 0U}}) {
    Conversation conversation(Method::kNone);
    conversation.now = kReceived + seconds(age);
    conversation.receive(clear, 5000);
    CHECK(conversation.intake.events.size() == events);
    CHECK(conversation.intake.rejects.size() == 1 - events);
  }
  NscaServer server({*nsca::Key::make(Method::kNone, ""), seconds(0)}, iv_of_letters(), kReceived);
  CHECK(server.step(clear, kReceived + std::chrono::hours(5)).kind ==
        NscaServer::Step::Kind::kMessage);
}

TEST_CASE("a packet that was not acknowledged is given again, the same") {
  const std::string clear = packet(fields_of("a")) + packet(fields_of("b"));
  for (const Method method : kMethods) {
    const std::string wire = sealed(clear, method, "throwaway-nsca", iv_of_letters(), 4304);
    Conversation conversation(method);
    conversation.intake.events_to_refuse = 3;
    conversation.buffered = wire;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(conversation.advance());
    CHECK(conversation.buffered == wire);
    CHECK(conversation.advance());
    CHECK(conversation.advance());
    CHECK(conversation.buffered.empty());
    CHECK(conversation.intake.events.size() == 2);
    CHECK(conversation.intake.rejects.empty());
  }
}

TEST_CASE("the end of the stream inside a packet is told with its place") {
  const std::string wire = packet(fields_of("a")).substr(0, 4000);
  for (const std::size_t size : {1U, 719U, 720U, 4000U}) {
    Conversation conversation(Method::kNone);
    conversation.receive(wire.substr(0, size), 5000);
    REQUIRE(conversation.intake.rejects.size() == 1);
    CHECK(conversation.intake.rejects[0].cause == RejectCause::kTruncated);
    CHECK(conversation.intake.rejects[0].offset == size);
  }
  CHECK(NscaServer::end("").kind == NscaServer::Step::Kind::kNeedMore);
}

TEST_CASE("the version is looked at before there is a whole packet") {
  PacketFields fields = fields_of("a");
  fields.version = 2;
  const std::string wire = packet(fields);
  Conversation conversation(Method::kNone);
  CHECK(conversation.server.step(wire.substr(0, 719), kReceived).kind ==
        NscaServer::Step::Kind::kNeedMore);
  CHECK(conversation.server.step(wire.substr(0, 720), kReceived).kind ==
        NscaServer::Step::Kind::kFault);
}

}  // namespace
}  // namespace tocsin::nagios::testing
