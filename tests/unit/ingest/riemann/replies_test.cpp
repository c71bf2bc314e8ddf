#include "ingest/riemann/replies.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "ingest/riemann/event_writer.hpp"
#include "ingest/riemann/reply.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"

namespace tocsin::riemann::testing {
namespace {

using namespace std::string_literals;

const std::string kOk = "\x00\x00\x00\x02\x10\x01"s;

std::string error(std::string_view text) {
  std::string msg;
  append_error(text, msg);
  std::string frame;
  append_frame(msg, frame);
  return frame;
}

std::string answer_of(std::string_view events) {
  std::string frame;
  append_frame("\x10\x01" + std::string(events), frame);
  return frame;
}

std::string take(Replies& replies) {
  std::string out;
  replies.take(out);
  return out;
}

Replies::Ticket ask(Replies& replies) {
  const auto ticket = replies.add({Outcome::Kind::kQuery, "true"});
  REQUIRE(ticket.has_value());
  return ticket.value_or(0);
}

void accept(Replies& replies) {
  REQUIRE_FALSE(replies.add({Outcome::Kind::kAccepted, {}}).has_value());
}

TEST_CASE("a message whose events were taken is confirmed at once") {
  Replies replies;
  accept(replies);
  CHECK_FALSE(replies.empty());
  CHECK(take(replies) == kOk);
  CHECK(replies.empty());
  CHECK(take(replies).empty());
}

TEST_CASE("replies come in the order of the messages") {
  Replies replies;
  accept(replies);
  CHECK_FALSE(replies.add({Outcome::Kind::kRefused, "offset 7: a bad time"}).has_value());
  replies.add_refusal("frame too long");
  accept(replies);
  CHECK(take(replies) == kOk + error("offset 7: a bad time") + error("frame too long") + kOk);
}

TEST_CASE("what comes behind a query waits for its answer") {
  Replies replies;
  accept(replies);
  const auto ticket = ask(replies);
  accept(replies);
  replies.add_refusal("bad");
  CHECK(take(replies) == kOk);
  CHECK_FALSE(replies.empty());
  const std::string events = event_of(service("cpu"));
  replies.answer(ticket, events);
  CHECK(take(replies) == answer_of(events) + kOk + error("bad"));
  CHECK(replies.empty());
}

TEST_CASE("answers that come out of order are sent in order") {
  Replies replies;
  const auto first = ask(replies);
  const auto second = ask(replies);
  const auto third = ask(replies);
  replies.answer(third, "");
  replies.answer(second, Error{Errc::kSyntax, "1:9", "expected a value"});
  CHECK(take(replies).empty());
  replies.answer(first, "");
  CHECK(take(replies) == kOk + error("1:9: expected a value") + kOk);
}

TEST_CASE("an answer counts once, and only where one is due") {
  Replies replies;
  const auto first = ask(replies);
  accept(replies);
  replies.answer(first + 1, "forged");  // not a query
  replies.answer(first + 2, "forged");  // not there yet
  CHECK(take(replies).empty());
  replies.answer(first, "");
  replies.answer(first, "again");
  CHECK(take(replies) == kOk + kOk);
  const auto later = ask(replies);
  CHECK(later == first + 2);
  replies.answer(first, "again");
  CHECK(take(replies).empty());
  replies.answer(later, "");
  CHECK(take(replies) == kOk);
}

TEST_CASE("an answer above the limit becomes an error") {
  Replies replies(ReplyOptions{.max_reply_bytes = 100});
  replies.answer(ask(replies), std::string(100, 'x'));
  CHECK(take(replies) == answer_of(std::string(100, 'x')));
  replies.answer(ask(replies), std::string(101, 'x'));
  CHECK(take(replies) == error("the answer is longer than 100 bytes: ask for fewer events"));
}

TEST_CASE("full when too many queries have no answer") {
  Replies replies(ReplyOptions{.max_queries = 2});
  const auto first = ask(replies);
  CHECK_FALSE(replies.full());
  const auto second = ask(replies);
  CHECK(replies.full());
  replies.answer(second, "");
  CHECK_FALSE(replies.full());
  replies.answer(first, "");
  CHECK_FALSE(replies.full());
}

TEST_CASE("full when too many replies wait behind a query") {
  Replies replies(ReplyOptions{.max_replies = 3});
  const auto ticket = ask(replies);
  accept(replies);
  CHECK_FALSE(replies.full());
  accept(replies);
  CHECK(replies.full());
  replies.answer(ticket, "");
  CHECK_FALSE(replies.full());
}

TEST_CASE("full when nobody takes the replies") {
  Replies replies(ReplyOptions{.max_unsent_bytes = 3 * kOk.size()});
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(replies.full());
    accept(replies);
  }
  CHECK(replies.full());
  std::string out = take(replies);
  CHECK_FALSE(replies.full());
}

TEST_CASE("what was taken is not touched by what comes later") {
  Replies replies;
  accept(replies);
  std::string out;
  replies.take(out);
  accept(replies);
  CHECK(out == kOk);
  out.clear();
  replies.take(out);
  CHECK(out == kOk);
}

TEST_CASE("any order of messages and answers gives every message its reply in order") {
  std::mt19937 random(5555);
  Replies replies;
  std::vector<std::string> expected;
  std::vector<std::pair<Replies::Ticket, std::size_t>> open;
  std::string sent;
  const auto answer_one = [&] {
    const std::size_t i = random() % open.size();
    const std::string events = event_of(service(std::to_string(open[i].second)));
    replies.answer(open[i].first, events);
    expected[open[i].second] = answer_of(events);
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
  };
  for (int step = 0; step < 20'000; ++step) {
    switch (random() % 4) {
      case 0:
        accept(replies);
        expected.push_back(kOk);
        break;
      case 1:
        open.emplace_back(ask(replies), expected.size());
        expected.emplace_back();
        break;
      case 2:
        if (!open.empty()) answer_one();
        break;
      default:
        sent += take(replies);
    }
  }
  while (!open.empty()) answer_one();
  sent += take(replies);
  CHECK(replies.empty());
  CHECK_FALSE(replies.full());
  std::string all;
  for (const std::string& frame : expected) all += frame;
  CHECK(sent == all);
}

}  // namespace
}  // namespace tocsin::riemann::testing
