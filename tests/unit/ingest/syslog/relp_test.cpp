#include "ingest/syslog/relp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace tocsin::syslog {
namespace {

using Kind = RelpServer::Step::Kind;

const std::string kOpen = "1 open 30 relp_version=0\ncommands=syslog\n";
const std::string kOpened =
    "1 rsp 58 200 OK\nrelp_version=0\nrelp_software=tocsin\ncommands=syslog\n";

// A client's stream, received `portion` bytes at a time.
struct Conversation {
  explicit Conversation(std::size_t max_message_bytes = 100) : server(max_message_bytes) {}

  void receive(std::string_view stream, std::size_t portion) {
    for (; !stream.empty(); stream.remove_prefix(std::min(portion, stream.size()))) {
      buffered += stream.substr(0, portion);
      advance();
    }
  }

  void advance() {
    while (last.kind != Kind::kClosed && last.kind != Kind::kFault) {
      last = server.step(buffered, replies);
      if (last.kind == Kind::kNeedMore) return;
      if (last.kind == Kind::kMessage) {
        messages.emplace_back(last.message);
        server.acknowledge(replies);
      }
      if (last.kind == Kind::kRefused) {
        ++refused;
        CHECK(last.cause == RejectCause::kOversized);
      }
      REQUIRE(last.consumed <= buffered.size());
      buffered.erase(0, last.consumed);
    }
  }

  RelpServer server;
  RelpServer::Step last;
  std::string buffered;
  std::string replies;
  std::vector<std::string> messages;
  int refused = 0;
};

TEST_CASE("messages are acknowledged one by one, however the stream is split") {
  const std::string stream = kOpen + "2 syslog 8 <13>one\n\n3 syslog 8 <13>t\no\n\n4 close 0\n";
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Conversation conversation;
    conversation.receive(stream, portion);
    CHECK(conversation.messages == std::vector<std::string>{"<13>one\n", "<13>t\no\n"});
    CHECK(conversation.replies ==
          kOpened + "2 rsp 6 200 OK\n3 rsp 6 200 OK\n4 rsp 0\n0 serverclose 0\n");
    CHECK(conversation.last.kind == Kind::kClosed);
    CHECK(conversation.buffered.empty());
  }
}

TEST_CASE("a message is not acknowledged before somebody says so") {
  RelpServer server(100);
  std::string replies;
  REQUIRE(server.step(kOpen, replies).kind == Kind::kAnswered);
  replies.clear();
  const std::string frame = "2 syslog 7 <13>one\n";
  CHECK(server.step(frame, replies).message == "<13>one");
  CHECK(replies.empty());
  // The pipeline was full: the same bytes are offered again.
  const RelpServer::Step again = server.step(frame, replies);
  CHECK(again.kind == Kind::kMessage);
  CHECK(again.consumed == frame.size());
  server.acknowledge(replies);
  CHECK(replies == "2 rsp 6 200 OK\n");
}

TEST_CASE("a message that is too long is refused once, skipped and answered 500") {
  const std::string stream = kOpen + "2 syslog 101 " + std::string(101, '\n') +
                             "\n3 syslog 5 <13>x\n4 syslog 100 " + std::string(100, 'y') + "\n";
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Conversation conversation;
    conversation.receive(stream, portion);
    CHECK(conversation.messages == std::vector<std::string>{"<13>x", std::string(100, 'y')});
    CHECK(conversation.refused == 1);
    CHECK(conversation.replies ==
          kOpened + "2 rsp 33 500 message longer than the limit\n3 rsp 6 200 OK\n4 rsp 6 200 OK\n");
  }
}

TEST_CASE("the stated buffer holds every frame and refuses none by itself") {
  RelpServer server(100);
  std::string replies;
  REQUIRE(server.step(kOpen, replies).kind == Kind::kAnswered);
  const std::string frame = "999999999 syslog 000000100 " + std::string(100, 'y') + "\n";
  CHECK(frame.size() <= RelpServer::least_buffer(100));
  CHECK(server.step(frame, replies).kind == Kind::kMessage);
}

TEST_CASE("unknown commands are answered and do no harm") {
  Conversation conversation;
  conversation.receive(kOpen + "2 starttls 0\n3 syslog 5 <13>x\n", 7);
  CHECK(conversation.replies == kOpened + "2 rsp 19 500 unknown command\n3 rsp 6 200 OK\n");
}

TEST_CASE("a client that does not offer version 0 is not opened") {
  for (const char* open : {"1 open 14 relp_version=1\n", "1 open 15 commands=syslog\n",
                           "1 open 0\n", "1 open 15 relp_version=01\n"}) {
    CAPTURE(open);
    Conversation conversation;
    conversation.receive(open, 100);
    CHECK(conversation.replies == "1 rsp 27 500 expected relp_version=0\n");
    conversation.receive("2 syslog 5 <13>x\n", 100);
    CHECK(conversation.last.kind == Kind::kFault);
    CHECK(conversation.messages.empty());
  }
}

TEST_CASE("what is no frame is a fault with its place") {
  struct Case {
    std::string frame;
    std::size_t offset;
  };
  const Case cases[] = {{"<13>text\n", 0},
                        {"1x", 1},
                        {"1234567890 open 0\n", 9},
                        {"1 9 0\n", 2},
                        {"1 open\n", 6},
                        {"1 " + std::string(33, 'a') + " 0\n", 35},
                        {"1 open x\n", 7},
                        {"1 open 1234567890\n", 16},
                        {"1 open 3x", 8},
                        {"1 open 3 abcd", 12},
                        {"1 open 0x\n", 8}};
  for (const Case& c : cases) {
    CAPTURE(c.frame);
    RelpServer server(100);
    std::string replies;
    const RelpServer::Step step = server.step(c.frame, replies);
    CHECK(step.kind == Kind::kFault);
    CHECK(step.cause == RejectCause::kSyntax);
    CHECK(step.consumed == c.offset);
    CHECK(!step.text.empty());
    CHECK(replies.empty());
  }
}

}  // namespace
}  // namespace tocsin::syslog
