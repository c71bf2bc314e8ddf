#include "ingest/collectd/text_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/conversation.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

using listen::Tail;
using tocsin::testing::Conversation;
using Progress = listen::Session::Progress;

const std::string kOne = "0 Success: 1 value has been dispatched.\n";
const std::string kTwo = "0 Success: 2 values have been dispatched.\n";

struct Fixture {
  explicit Fixture(Options options = with_types())
      : session(options, rates, limited, counters), conversation(session, origin_at()) {
    limited.make_room(1'000'000);
  }

  static Options with_types() {
    Options options;
    options.types = captured_types();
    return options;
  }

  std::string answer(const std::string& lines) {
    const std::size_t before = conversation.heard().size();
    conversation.receive(lines);
    return conversation.heard().substr(before);
  }
  [[nodiscard]] std::vector<RejectCause> causes() const {
    std::vector<RejectCause> found;
    for (const auto& reject : intake.rejects) found.push_back(reject.cause);
    return found;
  }

  tocsin::testing::RecordingIntake intake;
  LimitedIntake limited{intake};
  RateTable rates{{}, 1};
  listen::ConnectionCounters counters;
  TextSession session;
  Conversation conversation;
};

TEST_CASE("a PUTVAL is answered by the number of its lists, whatever they hold") {
  Fixture f;
  CHECK(f.answer("PUTVAL h/p/gauge N:1\n") == kOne);
  CHECK(f.answer("PUTVAL h/load/load N:1:2:3\n") == kOne);  // three sources, one list
  CHECK(f.answer("PUTVAL h/q/gauge interval=10 1795229280:1 1795229290:2\n") == kTwo);
  CHECK(f.answer("PUTVAL h/p/derive 1795229290:1\n") == kOne);  // no rate yet
  CHECK(f.answer("PUTVAL h/r/gauge N:U\r\n") == kOne);
  CHECK(f.intake.rejects.empty());
}

TEST_CASE("commands have any case, and blanks may come first") {
  Fixture f;
  CHECK(f.answer("putval h/p/gauge N:1\n") == kOne);
  CHECK(f.answer(" \tPutVal h/q/gauge N:1\n") == kOne);
  CHECK(f.answer("\"PUTVAL\" \"h/r/gauge\" N:1\n") == kOne);
  CHECK(f.answer("putnotif host=h severity=warning time=1795229290 message=\"on fire\"\n") ==
        "0 Success\n");
  CHECK(f.answer("\"PutNotif\" host=h severity=okay time=1795229291 message=out\n") ==
        "0 Success\n");
  CHECK(f.intake.events.size() == 5);
}

TEST_CASE("empty lines and comments are not answered") {
  Fixture f;
  CHECK(f.answer("\n\r\n  \n# PUTVAL h/p/gauge N:1\n").empty());
  CHECK(f.answer("PUTVAL h/p/gauge N:1\n") == kOne);
  CHECK(f.intake.rejects.empty());
}

TEST_CASE("what is wrong is answered by the first fault, once for each line") {
  Fixture f;
  CHECK(f.answer("GETVAL h/p/gauge\n") ==
        "-1 a command that asks; only PUTVAL and PUTNOTIF are taken\n");
  CHECK(f.answer("HELLO\n") == "-1 found an unknown command, expected PUTVAL or PUTNOTIF\n");
  CHECK(f.answer("PUTVAL h/p/gauge\n") == "-1 PUTVAL without a value\n");
  CHECK(f.answer("PUTVAL h/p/nosuch N:1\n") == "-1 a type that types.db does not know\n");
  CHECK(f.answer("PUTVAL \"h/p/gauge N:1\n") == "-1 a quote that is not closed\n");
  CHECK(f.answer("PUTNOTIF severity=dreadful\n") ==
        "-1 found an unknown severity, expected okay, warning or failure\n");
  CHECK(f.intake.rejects.size() == 6);
  CHECK(f.answer("PUTVAL h/p/gauge N:1\n") == kOne);  // a fault does not outlive its line
}

TEST_CASE("of a line that is partly refused the rest is in") {
  Fixture f;
  CHECK(f.answer("PUTVAL h/p/gauge 1795229280:1 1795229281:x 1795229282:3 1795229283:y\n") ==
        "-1 a value that is not a number of its type\n");
  CHECK(f.intake.events.size() == 2);
  CHECK(f.causes() == std::vector{RejectCause::kValue, RejectCause::kValue});
}

TEST_CASE("rejects say where in the stream their line begins") {
  Fixture f;
  f.answer("PUTVAL h/p/gauge N:1\nHELLO\n");
  f.answer("HI\n");
  REQUIRE(f.intake.rejects.size() == 2);
  CHECK(f.intake.rejects[0].offset == 21);
  CHECK(f.intake.rejects[1].offset == 27);
}

TEST_CASE("answers do not depend on how the stream is split") {
  const std::string stream =
      "PUTVAL h/p/gauge 1795229280:1 1795229281:2\n\nHELLO\r\n#\nPUTNOTIF host=h severity=okay "
      "time=1795229290 message=x\nPUTVAL h/load/load N:1:2:3";
  const std::string answers = kTwo +
                              "-1 found an unknown command, expected PUTVAL or PUTNOTIF\n"
                              "0 Success\n" +
                              kOne;
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Fixture f;
    f.conversation.receive(stream, portion);
    f.conversation.end(Tail::kEnded);
    CHECK(f.conversation.heard() == answers);
    CHECK(f.intake.events.size() == 6);
    CHECK(f.causes() == std::vector{RejectCause::kSyntax});
  }
}

TEST_CASE("a full pipeline delays the answer; every value is taken once and counted once") {
  const std::string lines =
      "PUTVAL h/load/load 1795229280:1:2:3 1795229281:x:2:3 1795229282:4:5:6\n"
      "PUTNOTIF host=h severity=okay time=1795229290 message=x\nPUTVAL h/load/load N:7:8:9\n";
  for (std::size_t room = 1; room <= 10; ++room) {
    CAPTURE(room);
    Fixture f;
    f.limited.make_room(0);
    f.conversation.receive(lines);
    CHECK(f.conversation.progress() == Progress::kFull);
    CHECK(f.conversation.heard().empty());
    for (int tries = 0; tries < 20 && f.conversation.progress() == Progress::kFull; ++tries) {
      f.limited.make_room(room);
      f.conversation.advance();
    }
    CHECK(f.conversation.progress() == Progress::kNeedMore);
    CHECK(f.conversation.heard() ==
          "-1 a value that is not a number of its type\n0 Success\n" + kOne);
    CHECK(f.intake.events.size() == 10);
    CHECK(f.causes() == std::vector{RejectCause::kValue});
    CHECK(f.intake.dropped == 0);
  }
}

TEST_CASE("a client that does not read its answers is not read, and goes on later") {
  Fixture f;
  f.conversation.stop_listening();
  std::string lines;
  constexpr std::size_t kLines = 5000;
  for (std::size_t i = 0; i < kLines; ++i) {
    lines += "PUTVAL h/p/gauge " + std::to_string(1795000000 + i) + ":1\n";
  }
  f.conversation.receive(lines);
  CHECK(f.conversation.progress() == Progress::kFull);
  const std::size_t taken = f.intake.events.size();
  CHECK(taken < 2000);
  f.conversation.advance();
  CHECK(f.intake.events.size() == taken);
  f.conversation.listen_again();
  while (f.conversation.progress() == Progress::kFull) f.conversation.advance();
  CHECK(f.intake.events.size() == kLines);
  CHECK(f.conversation.heard().size() == kLines * kOne.size());
}

TEST_CASE("a line that is too long is answered, and ends the connection") {
  Options options;
  options.max_line_bytes = 30;
  for (const std::size_t portion : {1, 7, 1000}) {
    Fixture f(options);
    const std::string long_line = "PUTVAL h/p/gauge N:" + std::string(50, '1') + "\n";
    f.conversation.receive("PUTVAL h/p/gauge N:1\n" + long_line + "PUTVAL h/q/gauge N:1\n",
                           portion);
    CHECK(f.conversation.progress() == Progress::kEnd);
    CHECK(f.conversation.heard() == kOne + "-1 line too long\n");
    CHECK(f.causes() == std::vector{RejectCause::kOversized});
    CHECK(f.intake.rejects[0].offset == 21);
    CHECK(f.counters.overlong.get() == 1);
    CHECK(f.intake.events.size() == 1);
  }
}

TEST_CASE("an open last line counts at an orderly end, and is truncated at another") {
  Fixture orderly;
  orderly.conversation.receive("PUTVAL h/p/gauge N:1");
  CHECK(orderly.conversation.heard().empty());
  orderly.conversation.end(Tail::kEnded);
  CHECK(orderly.conversation.heard() == kOne);

  Fixture broken;
  broken.conversation.receive("PUTVAL h/p/gauge N:1\nPUTVAL h/p/gauge N:1");
  broken.conversation.end(Tail::kBroken);
  CHECK(broken.conversation.heard() == kOne);
  CHECK(broken.causes() == std::vector{RejectCause::kTruncated});
  CHECK(broken.intake.rejects[0].offset == 21);
  CHECK(broken.conversation.buffered() == 0);
}

TEST_CASE("an abort accounts for every value, taken or not") {
  Fixture f;
  f.limited.make_room(2);
  f.conversation.receive(
      "PUTVAL h/load/load 1795229280:1:2:3 1795229281:4:5:6\nPUTVAL h/p/gauge N:1\nPUTVAL h/p");
  CHECK(f.conversation.progress() == Progress::kFull);
  f.conversation.abort();
  CHECK(f.intake.events.size() == 2);
  CHECK(f.intake.dropped == 5);
  CHECK(f.causes() == std::vector{RejectCause::kTruncated});
}

}  // namespace
}  // namespace tocsin::collectd::testing
