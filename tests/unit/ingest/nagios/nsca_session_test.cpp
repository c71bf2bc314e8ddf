// A whole connection of send_nsca as a session; what packets mean is tested with the server.
#include "ingest/nagios/nsca_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/conversation.hpp"
#include "tests/unit/ingest/nagios/packets.hpp"
#include "tests/unit/ingest/nagios/results.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::nagios::testing {
namespace {

using listen::Tail;
using tocsin::testing::RecordingIntake;
using Progress = listen::Session::Progress;

constexpr auto kMethod = nsca::Method::kAes256;

struct Fixture {
  explicit Fixture(const std::string& password = "secret")
      : session({*nsca::Key::make(kMethod, password)}, Options{}, iv_of_letters(), kReceived,
                intake),
        conversation(session, received_from_192_0_2_7()) {}

  [[nodiscard]] std::vector<RejectCause> causes() const {
    std::vector<RejectCause> found;
    for (const auto& reject : intake.rejects) found.push_back(reject.cause);
    return found;
  }

  RecordingIntake intake;
  NscaSession session;
  tocsin::testing::Conversation conversation;
};

std::string results(std::size_t count) {
  std::string clear;
  for (std::size_t i = 0; i < count; ++i) {
    PacketFields fields;
    fields.time = static_cast<std::uint32_t>(
        std::chrono::floor<std::chrono::seconds>(kReceived).time_since_epoch().count());
    fields.service = "check " + std::to_string(i);
    clear += packet(fields);
  }
  return sealed(std::move(clear), kMethod, "secret", iv_of_letters(), nsca::kPacketBytes);
}

TEST_CASE("the greeting comes first: 128 bytes and the time") {
  Fixture f;
  CHECK(f.conversation.heard().size() == 132);
  f.conversation.end(Tail::kEnded);
  CHECK(f.intake.rejects.empty());
}

TEST_CASE("packets become events, however the stream is split, and are not answered") {
  const std::string stream = results(3);
  for (const std::size_t portion : {std::size_t{100}, std::size_t{4303}, stream.size()}) {
    Fixture f;
    f.conversation.receive(stream, portion);
    f.conversation.end(Tail::kEnded);
    REQUIRE(f.intake.events.size() == 3);
    CHECK(f.intake.events[2].service == "check 2");
    CHECK(f.intake.rejects.empty());
    CHECK(f.conversation.heard().size() == 132);
  }
}

TEST_CASE("a full pipeline gets the packet again, and takes it once") {
  Fixture f;
  f.intake.events_to_refuse = 2;
  f.conversation.receive(results(2));
  CHECK(f.conversation.progress() == Progress::kFull);
  f.conversation.advance();
  CHECK(f.conversation.progress() == Progress::kFull);
  f.conversation.advance();
  CHECK(f.intake.events.size() == 2);
  CHECK(f.intake.dropped == 0);
}

TEST_CASE("a wrong password is refused and ends the connection") {
  Fixture f("another");
  f.conversation.receive(results(2));
  CHECK(f.conversation.progress() == Progress::kEnd);
  CHECK(f.intake.events.empty());
  CHECK(f.causes() == std::vector{RejectCause::kUnauthorized});
}

TEST_CASE("what an end or an abort cuts short is counted") {
  Fixture ended;
  ended.conversation.receive(results(1).substr(0, 4000));
  ended.conversation.end(Tail::kEnded);
  CHECK(ended.causes() == std::vector{RejectCause::kTruncated});

  Fixture aborted;
  aborted.intake.events_to_refuse = 1'000'000;
  aborted.conversation.receive(results(2) + "x");
  aborted.conversation.abort();
  CHECK(aborted.intake.dropped == 2);
  CHECK(aborted.causes() == std::vector{RejectCause::kTruncated});
}

}  // namespace
}  // namespace tocsin::nagios::testing
