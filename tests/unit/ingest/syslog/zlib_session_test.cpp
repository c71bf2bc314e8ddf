#include "ingest/syslog/zlib_session.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "ingest/listen/framed_session.hpp"
#include "ingest/syslog/decoder.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/conversation.hpp"
#include "tests/unit/ingest/recording_intake.hpp"
#include "tests/unit/ingest/syslog/times.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::syslog::testing {
namespace {

using listen::Tail;
using tocsin::testing::Conversation;
using tocsin::testing::RecordingIntake;
using wire::testing::deflated;
using Progress = listen::Session::Progress;

constexpr std::size_t kMaxMessage = 256;

struct Fixture {
  explicit Fixture(std::size_t buffer_bytes = 2 * listen::least_buffer(kMaxMessage))
      : session(std::make_unique<listen::FramedSession>(
                    listen::make_framing(listen::FramingKind::kSyslog, kMaxMessage),
                    std::make_unique<Decoder>(Options{}, intake), intake, counters),
                buffer_bytes, intake),
        conversation(session, origin()) {}

  static Origin origin() {
    Origin origin;
    origin.received = kReceived;
    return origin;
  }
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

  RecordingIntake intake;
  listen::ConnectionCounters counters;
  ZlibSession session;
  Conversation conversation;
};

std::string lines(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "<13>app: line " + std::to_string(i) + "\n";
  return out;
}

TEST_CASE("a stream that is not compressed passes unchanged") {
  for (std::size_t portion = 1; portion < 20; ++portion) {
    Fixture f;
    f.conversation.receive("<13>app: one\n13 <13>app: two!x", portion);
    CHECK(f.texts() == std::vector<std::string>{"one", "two!"});
    f.conversation.end(Tail::kEnded);
    CHECK(f.texts().back() == "x");
    CHECK(f.intake.rejects.empty());
  }
}

TEST_CASE("a compressed stream is read whatever its portions, also far beyond the buffer") {
  const std::string stream = deflated(lines(500));
  for (const std::size_t portion :
       {std::size_t{1}, std::size_t{7}, std::size_t{100}, stream.size()}) {
    Fixture f;
    f.conversation.receive(stream, portion);
    REQUIRE(f.intake.events.size() == 500);
    CHECK(f.texts().back() == "line 499");
    CHECK(f.intake.rejects.empty());
    f.conversation.end(Tail::kEnded);
    CHECK(f.intake.rejects.empty());
  }
}

TEST_CASE("what rsyslog sends with compression.mode=stream:always is read") {
  Fixture f(1 << 17);
  f.conversation.receive(tocsin::testing::read_capture("syslog/rsyslog_tcp_zip.bin"), 50);
  f.conversation.end(Tail::kEnded);
  CHECK(f.intake.events.size() == 9);
  CHECK(f.causes() == std::vector{RejectCause::kOversized});  // 900 times x
}

TEST_CASE("a full pipeline is asked again, and every message comes once") {
  const std::string stream = deflated(lines(100));
  for (std::size_t refusals = 1; refusals < 4; ++refusals) {
    Fixture f;
    f.intake.events_to_refuse = refusals;
    f.conversation.receive(stream);
    for (std::size_t tries = 1; tries <= refusals; ++tries) {
      CHECK(f.conversation.progress() == Progress::kFull);
      f.conversation.advance();
    }
    CHECK(f.intake.events.size() == 100);
    CHECK(f.intake.dropped == 0);
  }
}

TEST_CASE("broken data ends the connection and is one record") {
  std::string stream = deflated(lines(20));
  stream[stream.size() / 2] = static_cast<char>(stream[stream.size() / 2] ^ 0x55);
  Fixture f;
  f.conversation.receive(stream);
  f.conversation.end(Tail::kEnded);
  CHECK(f.conversation.progress() == Progress::kEnd);
  CHECK(f.intake.rejects.size() >= 1);
  CHECK(f.causes()[0] == RejectCause::kSyntax);
}

TEST_CASE(
    "an open last message counts when the compressed stream is whole, and not when it is cut") {
  const std::string stream = deflated("<13>app: one\n<13>app: two");
  Fixture whole;
  whole.conversation.receive(stream);
  whole.conversation.end(Tail::kEnded);
  CHECK(whole.texts() == std::vector<std::string>{"one", "two"});

  Fixture cut;
  cut.conversation.receive(stream.substr(0, stream.size() - 3));
  cut.conversation.end(Tail::kEnded);
  CHECK(cut.texts().size() <= 1);
  CHECK(cut.causes() == std::vector{RejectCause::kTruncated});
}

TEST_CASE("bytes behind the end of the compressed stream are refused, and the connection ends") {
  Fixture f;
  f.conversation.receive(deflated("<13>app: one\n") + "<13>app: two\n");
  CHECK(f.conversation.progress() == Progress::kEnd);
  CHECK(f.texts() == std::vector<std::string>{"one"});
  CHECK(f.causes() == std::vector{RejectCause::kSyntax});
}

TEST_CASE("an abort accounts for what was inflated and for what was not") {
  Fixture f;
  f.intake.events_to_refuse = 1'000'000;
  f.conversation.receive(deflated(lines(3)));
  CHECK(f.conversation.progress() == Progress::kFull);
  f.conversation.abort();
  CHECK(f.intake.events.empty());
  CHECK(f.intake.dropped + f.intake.rejects.size() >= 3);
}

}  // namespace
}  // namespace tocsin::syslog::testing
