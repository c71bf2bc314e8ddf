#include "ingest/syslog/relp_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/conversation.hpp"
#include "tests/unit/ingest/recording_intake.hpp"
#include "tests/unit/ingest/syslog/times.hpp"

namespace tocsin::syslog::testing {
namespace {

using listen::Tail;
using tocsin::testing::Conversation;
using Progress = listen::Session::Progress;

const std::string kOpen = "1 open 30 relp_version=0\ncommands=syslog\n";
const std::string kOpened =
    "1 rsp 58 200 OK\nrelp_version=0\nrelp_software=tocsin\ncommands=syslog\n";

std::string message(int number, const std::string& text) {
  const std::string data = "<13>" + text;
  return std::to_string(number) + " syslog " + std::to_string(data.size()) + " " + data + "\n";
}
std::string acknowledged(int number) {
  return std::to_string(number) + " rsp 6 200 OK\n";
}

Origin origin() {
  Origin origin;
  origin.received = kReceived;
  return origin;
}

struct Fixture {
  explicit Fixture(Options options = {})
      : session(options, intake, counters), conversation(session, origin()) {}

  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> found;
    for (const Event& event : intake.events) found.push_back(event.description);
    return found;
  }
  [[nodiscard]] std::vector<RejectCause> causes() const {
    std::vector<RejectCause> found;
    for (const auto& reject : intake.rejects) found.push_back(reject.cause);
    return found;
  }

  tocsin::testing::RecordingIntake intake;
  listen::ConnectionCounters counters;
  RelpSession session;
  Conversation conversation;
};

TEST_CASE("each message is acknowledged once it is in, however the stream is split") {
  const std::string stream =
      kOpen + message(2, "one") + message(3, "t\nwo") + "4 other 0\n" + message(5, "three");
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Fixture f;
    f.conversation.receive(stream, portion);
    CHECK(f.conversation.heard() == kOpened + acknowledged(2) + acknowledged(3) +
                                        "4 rsp 19 500 unknown command\n" + acknowledged(5));
    CHECK(f.intake.events.size() == 3);
    CHECK(f.intake.rejects.empty());
    CHECK(f.conversation.buffered() == 0);
  }
}

TEST_CASE("a full pipeline delays the acknowledgement, and nothing is taken twice") {
  for (std::size_t refusals = 1; refusals < 6; ++refusals) {
    Fixture f;
    f.conversation.receive(kOpen);
    f.intake.events_to_refuse = refusals;
    f.conversation.receive(message(2, "one") + message(3, "two"));
    CHECK(f.conversation.progress() == Progress::kFull);
    CHECK(f.conversation.heard() == kOpened);
    for (std::size_t tries = 1; tries < refusals; ++tries) {
      f.conversation.advance();
      CHECK(f.conversation.heard() == kOpened);
    }
    f.conversation.advance();
    CHECK(f.conversation.heard() == kOpened + acknowledged(2) + acknowledged(3));
    CHECK(f.texts() == std::vector<std::string>{"one", "two"});
    CHECK(f.intake.dropped == 0);
  }
}

TEST_CASE("what the decoder refuses is acknowledged: it would be no better the next time") {
  Fixture f;
  f.conversation.receive(kOpen + "2 syslog 4 zzzz\n" + message(3, "two") + "4 syslog 0\n");
  CHECK(f.conversation.heard() == kOpened + acknowledged(2) + acknowledged(3) + acknowledged(4));
  CHECK(f.intake.events.size() + f.intake.rejects.size() == 2);
}

TEST_CASE("a message that is too long is refused once and skipped, its neighbours are kept") {
  Options options;
  options.max_message_bytes = 50;
  const std::string stream =
      kOpen + message(2, "one") + message(3, std::string(100, 'x')) + message(4, "two");
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Fixture f(options);
    f.conversation.receive(stream, portion);
    CHECK(f.conversation.heard() == kOpened + acknowledged(2) +
                                        "3 rsp 33 500 message longer than the limit\n" +
                                        acknowledged(4));
    CHECK(f.texts() == std::vector<std::string>{"one", "two"});
    CHECK(f.causes() == std::vector{RejectCause::kOversized});
    CHECK(f.intake.rejects[0].offset == (kOpen + message(2, "one")).size());
    CHECK(f.counters.overlong.get() == 1);
  }
}

TEST_CASE("a client that says good-bye hears it too, and what is behind that is refused") {
  Fixture f;
  f.conversation.receive(kOpen + message(2, "one") + "3 close 0\n");
  CHECK(f.conversation.progress() == Progress::kEnd);
  CHECK(f.conversation.heard() == kOpened + acknowledged(2) + "3 rsp 0\n0 serverclose 0\n");
  CHECK(f.intake.rejects.empty());

  Fixture talkative;
  talkative.conversation.receive(kOpen + "2 close 0\n" + message(3, "one more"));
  CHECK(talkative.conversation.progress() == Progress::kEnd);
  CHECK(talkative.causes() == std::vector{RejectCause::kTruncated});
  CHECK(talkative.intake.rejects[0].offset == kOpen.size() + 10);
}

TEST_CASE("what is no RELP ends the connection and says where") {
  Fixture f;
  f.conversation.receive(kOpen + message(2, "one") + "<13>plain syslog\n");
  CHECK(f.conversation.progress() == Progress::kEnd);
  CHECK(f.conversation.heard() == kOpened + acknowledged(2));
  REQUIRE(f.causes() == std::vector{RejectCause::kSyntax});
  CHECK(f.intake.rejects[0].offset == (kOpen + message(2, "one")).size());
  CHECK(f.texts() == std::vector<std::string>{"one"});
}

TEST_CASE("a client that does not read its acknowledgements is not read, and goes on later") {
  Fixture f;
  f.conversation.receive(kOpen);
  f.conversation.stop_listening();
  constexpr std::size_t kMessages = 30'000;
  std::string stream;
  std::string answers = kOpened;
  for (std::size_t i = 2; i < kMessages + 2; ++i) {
    stream += message(static_cast<int>(i), "x");
    answers += acknowledged(static_cast<int>(i));
  }
  f.conversation.receive(stream);
  CHECK(f.conversation.progress() == Progress::kFull);
  const std::size_t taken = f.intake.events.size();
  CHECK(taken < kMessages / 2 + kMessages / 4);
  f.conversation.advance();
  CHECK(f.intake.events.size() == taken);
  f.conversation.listen_again();
  for (int tries = 0; tries < 10 && f.conversation.progress() == Progress::kFull; ++tries) {
    f.conversation.advance();
  }
  CHECK(f.intake.events.size() == kMessages);
  CHECK(f.conversation.heard() == answers);
}

TEST_CASE("an end inside a frame truncates it, one inside a refused message is no second fault") {
  for (const Tail tail : {Tail::kEnded, Tail::kBroken}) {
    Fixture f;
    f.conversation.receive(kOpen + message(2, "one") + "3 syslog 20 <13>");
    f.conversation.end(tail);
    CHECK(f.causes() == std::vector{RejectCause::kTruncated});
    CHECK(f.conversation.buffered() == 0);
    CHECK(f.conversation.heard() == kOpened + acknowledged(2));

    Options options;
    options.max_message_bytes = 50;
    Fixture skipping(options);
    skipping.conversation.receive(kOpen + "2 syslog 100 <13>");
    skipping.conversation.end(tail);
    CHECK(skipping.causes() == std::vector{RejectCause::kOversized});
    CHECK(skipping.conversation.heard() == kOpened);  // the client will learn it the next time
  }
}

TEST_CASE("an abort gives up the message that waits, and refuses what was not acknowledged") {
  Fixture f;
  f.conversation.receive(kOpen + message(2, "one"));
  f.intake.events_to_refuse = 2;
  f.conversation.receive(message(3, "two") + message(4, "three"));
  CHECK(f.conversation.progress() == Progress::kFull);
  f.intake.events_to_refuse = 100;
  f.conversation.abort();
  CHECK(f.texts() == std::vector<std::string>{"one"});
  CHECK(f.intake.dropped == 1);
  CHECK(f.causes() == std::vector{RejectCause::kTruncated});
  CHECK(f.conversation.heard() == kOpened + acknowledged(2));
}

}  // namespace
}  // namespace tocsin::syslog::testing
