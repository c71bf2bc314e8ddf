#include "ingest/riemann/session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/riemann/event_writer.hpp"
#include "ingest/riemann/reply.hpp"
#include "tests/unit/ingest/conversation.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

using namespace std::string_literals;
using listen::Tail;
using tocsin::testing::Conversation;
using Progress = listen::Session::Progress;

const std::string kOk = "\x00\x00\x00\x02\x10\x01"s;
constexpr std::size_t kMaxFrame = 4096;

std::string framed(std::string_view msg) {
  std::string frame;
  append_frame(msg, frame);
  return frame;
}
std::string error(std::string_view text) {
  std::string msg;
  append_error(text, msg);
  return framed(msg);
}
std::string answered(std::string_view events) {
  return framed("\x10\x01" + std::string(events));
}
std::string event(std::string_view name) {
  return event_of(service(name));
}

// What was asked, to be answered when the test says so.
struct Index {
  std::deque<std::pair<std::string, Answer>> asked;

  Ask ask() {
    return [this](std::string query, Answer answer) {
      asked.emplace_back(std::move(query), std::move(answer));
    };
  }
  void answer(const Result<std::string>& events) {
    REQUIRE_FALSE(asked.empty());
    const Answer answer = std::move(asked.front().second);
    asked.pop_front();
    answer(events);
  }
};

struct Fixture {
  explicit Fixture(Ask ask = {}, const ReplyOptions& replies = {})
      : session(std::make_unique<Session>(Options{}, replies, kMaxFrame, std::move(ask), intake,
                                          counters)),
        conversation(*session) {}

  [[nodiscard]] std::vector<RejectCause> causes() const {
    std::vector<RejectCause> found;
    for (const auto& reject : intake.rejects) found.push_back(reject.cause);
    return found;
  }

  RecordingIntake intake;
  listen::ConnectionCounters counters;
  std::unique_ptr<Session> session;
  Conversation conversation;
};

TEST_CASE("every message is confirmed, an empty one too, however the stream is split") {
  const std::string stream = framed(event("a") + event("b")) + framed("") + framed(event("c"));
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Fixture f;
    f.conversation.receive(stream, portion);
    CHECK(f.conversation.heard() == kOk + kOk + kOk);
    CHECK(services_of(f.intake) == std::vector<std::string>{"a", "b", "c"});
    CHECK(f.conversation.buffered() == 0);
    CHECK(f.intake.rejects.empty());
    CHECK_FALSE(f.session->owes_output());
  }
}

TEST_CASE("a message is confirmed when it is whole, not before") {
  Fixture f;
  const std::string frame = framed(event("a"));
  f.conversation.receive(std::string_view(frame).substr(0, frame.size() - 1));
  CHECK(f.conversation.heard().empty());
  CHECK(f.intake.events.empty());
  f.conversation.receive(std::string_view(frame).substr(frame.size() - 1));
  CHECK(f.conversation.heard() == kOk);
}

TEST_CASE("what is bad in a message is answered by an error, and its neighbours are kept") {
  Fixture f;
  const std::string bad = event_of(bytes(2, "state") + "\x0a\x7f");  // a text longer than the Msg
  f.conversation.receive(framed(event("a")) + framed(event("b") + bad) + framed(event("c")));
  CHECK(services_of(f.intake) == std::vector<std::string>{"a", "b", "c"});
  REQUIRE(f.intake.rejects.size() == 1);
  const std::string& heard = f.conversation.heard();
  REQUIRE(heard.size() > 2 * kOk.size());
  CHECK(heard.starts_with(kOk));
  CHECK(heard.ends_with(kOk));
  const auto reply = parse_reply(
      std::string_view(heard).substr(kOk.size() + 4, heard.size() - 2 * kOk.size() - 4));
  REQUIRE(reply.has_value());
  CHECK_FALSE(reply->ok);
  CHECK(reply->error.starts_with("offset "));
}

TEST_CASE("a full pipeline delays the answer; every event is taken once, the outcome told once") {
  const std::string bad = event_of(bytes(2, "state") + "\x0a\x7f");
  const std::string stream = framed(event("a") + bad + event("b") + event("c")) +
                             framed(event("d")) + framed(query_of("true") + event("e"));
  for (std::size_t refusals = 1; refusals < 12; ++refusals) {
    Index index;
    Fixture f(index.ask());
    f.intake.events_to_refuse = refusals;
    f.conversation.receive(stream);
    CHECK(f.conversation.progress() == Progress::kFull);
    CHECK(f.conversation.heard().empty());
    for (std::size_t tries = 0; tries < refusals; ++tries) {
      // Once more in the middle of a message.
      if (f.intake.events.size() == 1 && tries == 1) ++f.intake.events_to_refuse;
      f.conversation.advance();
    }
    while (f.conversation.progress() == Progress::kFull) f.conversation.advance();
    CHECK(services_of(f.intake) == std::vector<std::string>{"a", "b", "c", "d", "e"});
    CHECK(f.intake.rejects.size() == 1);
    CHECK(f.intake.dropped == 0);
    REQUIRE(index.asked.size() == 1);
    index.answer(""s);
    const std::string& heard = f.conversation.heard();
    CHECK(heard.ends_with(kOk + kOk));
    // One error in front of them, and nothing else.
    const std::string first = heard.substr(0, heard.size() - 2 * kOk.size());
    REQUIRE(first.size() > 4);
    CHECK(framed(first.substr(4)) == first);
    CHECK_FALSE(parse_reply(std::string_view(first).substr(4))->ok);
  }
}

TEST_CASE("a message that the pipeline takes event by event is one message") {
  // Refuses every second time it is asked.
  struct Reluctant final : Intake {
    std::size_t samples(std::span<const RawSample> samples, const IdentityResolver&) override {
      return samples.size();
    }
    bool event(const EventView& event) override {
      if ((calls++ % 2) == 0) return false;
      services.emplace_back(event.service);
      return true;
    }
    void drop(std::size_t) override { FAIL("nothing is dropped"); }
    void reject(RejectCause, std::string_view, std::size_t, std::string_view) override {
      FAIL("nothing is rejected");
    }
    std::size_t calls = 0;
    std::vector<std::string> services;
  };
  Reluctant intake;
  listen::ConnectionCounters counters;
  Session session({}, {}, kMaxFrame, {}, intake, counters);
  Conversation conversation(session);
  conversation.receive(framed(event("a") + event("b") + event("c")) + framed(event("d")));
  for (int tries = 0; tries < 10 && conversation.progress() == Progress::kFull; ++tries) {
    conversation.advance();
  }
  CHECK(intake.services == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(conversation.heard() == kOk + kOk);
}

TEST_CASE("a query is answered when the answer is found, and what is behind it waits for that") {
  Index index;
  Fixture f(index.ask());
  f.conversation.receive(framed(event("a")) + framed(query_of("service = \"cpu\"")) +
                         framed(event("b")));
  CHECK(f.conversation.heard() == kOk);
  CHECK(services_of(f.intake) == std::vector<std::string>{"a", "b"});
  CHECK(f.session->owes_output());
  REQUIRE(index.asked.size() == 1);
  CHECK(index.asked[0].first == "service = \"cpu\"");
  index.answer(event("cpu"));
  CHECK(f.conversation.heard() == kOk + answered(event("cpu")) + kOk);
  CHECK_FALSE(f.session->owes_output());
}

TEST_CASE("answers that are found out of order are sent in order") {
  Index index;
  Fixture f(index.ask());
  f.conversation.receive(framed(query_of("1")) + framed(query_of("2")) + framed(query_of("3")));
  REQUIRE(index.asked.size() == 3);
  std::swap(index.asked[0], index.asked[2]);
  index.answer(event("three"));
  index.answer(Error{Errc::kSyntax, "1:2", "no such field"});
  CHECK(f.conversation.heard().empty());
  index.answer(event("one"));
  CHECK(f.conversation.heard() ==
        answered(event("one")) + error("1:2: no such field") + answered(event("three")));
}

TEST_CASE("an answer that is found at once is no different") {
  Fixture f([](const std::string& query, const Answer& answer) { answer(event(query)); });
  f.conversation.receive(framed(query_of("a")) + framed(event("b")) + framed(query_of("c")));
  CHECK(f.conversation.heard() == answered(event("a")) + kOk + answered(event("c")));
}

TEST_CASE("where nobody answers, queries are errors") {
  Fixture f;
  f.conversation.receive(framed(query_of("true")) + framed(event("a")));
  CHECK(f.conversation.heard() == error("queries are not offered") + kOk);
}

TEST_CASE("with too many queries without answer nothing more is read") {
  Index index;
  Fixture f(index.ask(), {.max_queries = 2});
  f.conversation.receive(framed(query_of("1")) + framed(query_of("2")) + framed(query_of("3")) +
                         framed(event("a")));
  CHECK(f.conversation.progress() == Progress::kFull);
  CHECK(index.asked.size() == 2);
  CHECK(f.intake.events.empty());
  index.answer(""s);
  f.conversation.advance();
  CHECK(index.asked.size() == 2);
  index.answer(""s);
  f.conversation.advance();
  index.answer(""s);
  CHECK(f.conversation.progress() == Progress::kNeedMore);
  CHECK(f.conversation.heard() == kOk + kOk + kOk + kOk);
  CHECK(services_of(f.intake) == std::vector<std::string>{"a"});
}

TEST_CASE("a client that does not read its replies is not read, and goes on later") {
  Fixture f({}, {.max_unsent_bytes = 60});
  f.conversation.stop_listening();
  std::string stream;
  for (int i = 0; i < 100; ++i) stream += framed(event("e" + std::to_string(i)));
  f.conversation.receive(stream);
  CHECK(f.conversation.progress() == Progress::kFull);
  CHECK(f.intake.events.size() == 10);
  f.conversation.advance();
  CHECK(f.intake.events.size() == 10);
  f.conversation.listen_again();
  for (int tries = 0; tries < 100 && f.conversation.progress() == Progress::kFull; ++tries) {
    f.conversation.advance();
  }
  CHECK(f.intake.events.size() == 100);
  CHECK(f.conversation.heard().size() == 100 * kOk.size());
}

TEST_CASE(
    "a frame that is too long is answered behind what is still owed, and ends the connection") {
  Index index;
  Fixture f(index.ask());
  f.conversation.receive(framed(query_of("1")) + framed(std::string(kMaxFrame, '\0')).substr(0, 4));
  CHECK(f.conversation.progress() == Progress::kNeedMore);  // as long as the limit is not too long

  Fixture g(index.ask());
  index.asked.clear();
  g.conversation.receive(framed(query_of("1")) + "\x00\x00\x10\x01"s + "whatever comes");
  CHECK(g.conversation.progress() == Progress::kEnd);
  CHECK(g.causes() == std::vector{RejectCause::kOversized});
  CHECK(g.intake.rejects[0].offset == framed(query_of("1")).size());
  CHECK(g.counters.overlong.get() == 1);
  CHECK(g.conversation.heard().empty());
  CHECK(g.session->owes_output());
  index.answer(""s);

  CHECK(g.conversation.heard() == kOk + error("found a Msg of 4097 bytes, expected at most 4096"));
  CHECK_FALSE(g.session->owes_output());
}

TEST_CASE("a frame that the end cut short is truncated, whatever the end") {
  for (const Tail tail : {Tail::kEnded, Tail::kBroken}) {
    Fixture f;
    const std::string frame = framed(event("a"));
    f.conversation.receive(frame + frame.substr(0, 5));
    f.conversation.end(tail);
    CHECK(f.conversation.heard() == kOk);
    CHECK(f.causes() == std::vector{RejectCause::kTruncated});
    CHECK(f.intake.rejects[0].offset == frame.size());
    CHECK(f.conversation.buffered() == 0);
  }
}

TEST_CASE("an abort accounts for every event, taken or not, and asks nobody") {
  Index index;
  Fixture f(index.ask());
  f.intake.events_to_refuse = 1;
  f.conversation.receive(framed(event("a") + event("b")) + framed(event("c") + query_of("true")) +
                         framed(event("d")).substr(0, 6));
  CHECK(f.conversation.progress() == Progress::kFull);
  f.intake.events_to_refuse = 3;  // still full for b; then "a" is given up
  f.conversation.abort();
  CHECK(f.intake.events.size() + f.intake.dropped == 3);
  CHECK(f.intake.dropped >= 1);
  CHECK(f.causes() == std::vector{RejectCause::kTruncated});
  CHECK(index.asked.empty());
}

TEST_CASE("an abort in the middle of a message does not count its beginning again") {
  Fixture f;
  struct Room final : Intake {
    std::size_t samples(std::span<const RawSample> samples, const IdentityResolver&) override {
      return samples.size();
    }
    bool event(const EventView&) override {
      if (room == 0) return false;
      --room;
      ++taken;
      return true;
    }
    void drop(std::size_t records) override { dropped += records; }
    void reject(RejectCause, std::string_view, std::size_t, std::string_view) override {
      ++rejected;
    }
    std::size_t room = 2;
    std::size_t taken = 0;
    std::size_t dropped = 0;
    std::size_t rejected = 0;
  } intake;
  Session session({}, {}, kMaxFrame, {}, intake, f.counters);
  Conversation conversation(session);
  conversation.receive(framed(event("a") + event("b") + event("c") + event("d")) +
                       framed(event("e")));
  CHECK(conversation.progress() == Progress::kFull);
  conversation.abort();
  CHECK(intake.taken == 2);
  CHECK(intake.dropped == 3);
  CHECK(intake.rejected == 0);
}

TEST_CASE("an answer that comes when the session is gone goes nowhere") {
  Index index;
  int woken = 0;
  {
    Fixture f(index.ask());
    f.session->open([&] { ++woken; });
    f.conversation.receive(framed(query_of("true")));
  }
  index.answer(event("late"));
  CHECK(woken == 1);  // which the connection takes as harmless
}

}  // namespace
}  // namespace tocsin::riemann::testing
