#include "ingest/gelf/chunk_assembler.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ingest/gelf/chunks.hpp"
#include "tests/unit/ingest/gelf/decode_all.hpp"

namespace tocsin::gelf::testing {
namespace {

using Kind = ChunkAssembler::Outcome::Kind;
using Texts = std::vector<std::string>;
using std::chrono::milliseconds;
using std::chrono::seconds;

// An assembler and what became of the messages.
struct Rig {
  explicit Rig(const ChunkLimits& limits = {})
      : chunks(limits,
               [this](std::string_view parts, std::string_view) { lost.emplace_back(parts); }) {}

  Kind add(const std::string& datagram, const Origin& origin = origin_at()) {
    const ChunkAssembler::Outcome outcome = chunks.add(datagram, origin);
    if (outcome.kind == Kind::kComplete) {
      complete.emplace_back(outcome.message);
      chunks.finish();
    }
    if (outcome.kind == Kind::kRefused) {
      CHECK(!outcome.text.empty());
      CHECK(outcome.offset <= datagram.size());
      causes.push_back(outcome.cause);
    }
    return outcome.kind;
  }

  Texts complete;
  Texts lost;
  std::vector<RejectCause> causes;
  ChunkAssembler chunks;
};

TEST_CASE("a chunk is told by its magic bytes") {
  CHECK(begins_chunk(chunk(1, 0, 1, "")));
  CHECK(begins_chunk("\x1E\x0F"));
  for (const char* other : {"", "\x1E", "{", "\x1F\x8B", "\x0F\x1E"}) CHECK(!begins_chunk(other));
}

TEST_CASE("chunks in any order are the message") {
  const std::string message = "the quick brown fox jumps over the lazy dog";
  std::mt19937 random(1);
  for (std::uint64_t id = 1; id <= 100; ++id) {
    Rig rig;
    Texts parts = testing::chunks(id, message, 1 + random() % message.size());
    std::shuffle(parts.begin(), parts.end(), random);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(rig.add(parts[i]) == (i + 1 < parts.size() ? Kind::kWaits : Kind::kComplete));
    }
    CHECK(rig.complete == Texts{message});
    CHECK(rig.chunks.waiting() == 0);
  }
}

TEST_CASE("a message of one chunk waits for nothing, not even for one of the same id") {
  Rig rig;
  CHECK(rig.add(chunk(1, 0, 1, "a")) == Kind::kComplete);
  CHECK(rig.add(chunk(1, 0, 1, "b")) == Kind::kComplete);
  CHECK(rig.complete == Texts{"a", "b"});
}

TEST_CASE("128 chunks are the most") {
  Rig rig;
  for (std::size_t i = 0; i < 128; ++i) rig.add(chunk(1, i, 128, "x"));
  CHECK(rig.complete == Texts{std::string(128, 'x')});
  CHECK(rig.add(chunk(2, 0, 129, "x")) == Kind::kRefused);
}

TEST_CASE("a chunk that came before is ignored, also when the message is complete") {
  Rig rig;
  rig.add(chunk(1, 0, 2, "a"));
  CHECK(rig.add(chunk(1, 0, 2, "A")) == Kind::kWaits);
  CHECK(rig.add(chunk(1, 1, 2, "b")) == Kind::kComplete);
  CHECK(rig.add(chunk(1, 1, 2, "b")) == Kind::kWaits);
  CHECK(rig.add(chunk(1, 0, 2, "a")) == Kind::kWaits);
  CHECK(rig.complete == Texts{"ab"});
  rig.chunks.expire(kReceived + seconds(60));
  CHECK(rig.lost.empty());
}

TEST_CASE("an id may be used again when the message before is too old") {
  Rig rig;
  for (const auto later : {seconds(0), seconds(5)}) {
    rig.add(chunk(1, 0, 2, "a"), origin_at(later));
    rig.add(chunk(1, 1, 2, "b"), origin_at(later));
  }
  CHECK(rig.complete == Texts{"ab", "ab"});
}

TEST_CASE("messages of different senders and ids do not mix; the port does not matter") {
  Rig rig;
  Origin other_port = origin_at();
  other_port.peer.port = 4711;
  rig.add(chunk(1, 0, 2, "a"));
  rig.add(chunk(2, 0, 2, "c"));
  rig.add(chunk(1, 0, 2, "e"), origin_at({}, 8));
  CHECK(rig.chunks.waiting() == 3);
  rig.add(chunk(1, 1, 2, "f"), origin_at({}, 8));
  rig.add(chunk(2, 1, 2, "d"));
  rig.add(chunk(1, 1, 2, "b"), other_port);
  CHECK(rig.complete == Texts{"ef", "cd", "ab"});
}

TEST_CASE("a chunk that cannot be one is refused, and the message it names is not touched") {
  Rig rig;
  rig.add(chunk(1, 0, 2, "a"));
  CHECK(rig.add(chunk(1, 2, 2, "x")) == Kind::kRefused);
  CHECK(rig.add(chunk(1, 200, 2, "x")) == Kind::kRefused);
  CHECK(rig.add(chunk(1, 0, 0, "x")) == Kind::kRefused);
  CHECK(rig.add(chunk(1, 1, 3, "x")) == Kind::kRefused);
  CHECK(rig.causes == std::vector<RejectCause>(4, RejectCause::kSyntax));
  CHECK(rig.add(chunk(1, 1, 2, "").substr(0, 11)) == Kind::kRefused);
  CHECK(rig.causes.back() == RejectCause::kTruncated);
  CHECK(rig.add(chunk(1, 1, 2, "b")) == Kind::kComplete);
  CHECK(rig.complete == Texts{"ab"});
}

TEST_CASE("a message is lost when its time is over, by the next chunk or by the timer") {
  Rig rig;
  rig.add(chunk(1, 0, 3, "a"));
  rig.add(chunk(1, 2, 3, "c"), origin_at(milliseconds(4000)));
  rig.add(chunk(2, 0, 2, "x"), origin_at(milliseconds(4999)));
  CHECK(rig.lost.empty());
  CHECK(rig.chunks.waiting() == 2);
  rig.add(chunk(3, 0, 2, "y"), origin_at(milliseconds(5000)));
  CHECK(rig.lost == Texts{"ac"});
  rig.chunks.expire(kReceived + milliseconds(9998));
  CHECK(rig.lost.size() == 1);
  rig.chunks.expire(kReceived + milliseconds(9999));
  rig.chunks.expire(kReceived + milliseconds(9999));
  CHECK(rig.lost == Texts{"ac", "x"});
  CHECK(rig.chunks.waiting() == 1);
}

TEST_CASE("a clock that goes back loses nothing") {
  Rig rig;
  rig.add(chunk(1, 0, 2, "a"));
  CHECK(rig.add(chunk(1, 1, 2, "b"), origin_at(seconds(-3600))) == Kind::kComplete);
}

TEST_CASE("one message too many pushes the oldest out") {
  ChunkLimits limits;
  limits.max_messages = 3;
  Rig rig(limits);
  for (std::uint64_t id = 1; id <= 4; ++id) rig.add(chunk(id, 0, 2, std::to_string(id)));
  CHECK(rig.lost == Texts{"1"});
  CHECK(rig.chunks.waiting() == 3);
  CHECK(rig.add(chunk(2, 1, 2, "!")) == Kind::kComplete);
  CHECK(rig.complete == Texts{"2!"});
}

TEST_CASE("complete messages do not count towards the limit, and few are remembered") {
  ChunkLimits limits;
  limits.max_messages = 2;
  Rig rig(limits);
  rig.add(chunk(99, 0, 2, "waits"));
  for (std::uint64_t id = 1; id <= 10; ++id) {
    rig.add(chunk(id, 0, 2, "a"));
    rig.add(chunk(id, 1, 2, "b"));
  }
  CHECK(rig.lost.empty());
  CHECK(rig.complete.size() == 10);
  CHECK(rig.add(chunk(10, 0, 2, "late")) == Kind::kWaits);
  CHECK(rig.chunks.waiting() == 1);
}

TEST_CASE("bytes beyond the limit push the oldest out, but not the message at hand") {
  ChunkLimits limits;
  limits.max_bytes = 10;
  Rig rig(limits);
  rig.add(chunk(1, 0, 3, "1111"));
  rig.add(chunk(2, 0, 2, "2222"));
  rig.add(chunk(1, 1, 3, "11"));
  CHECK(rig.lost.empty());
  rig.add(chunk(1, 2, 3, "1"));
  CHECK(rig.lost == Texts{"2222"});
  CHECK(rig.complete == Texts{"1111111"});
}

TEST_CASE("a message longer than the limit is refused once, and its other chunks are ignored") {
  ChunkLimits limits;
  limits.max_message_bytes = 5;
  Rig rig(limits);
  CHECK(rig.add(chunk(1, 0, 3, "aaa")) == Kind::kWaits);
  CHECK(rig.add(chunk(1, 1, 3, "bbb")) == Kind::kRefused);
  CHECK(rig.add(chunk(1, 2, 3, "c")) == Kind::kWaits);
  CHECK(rig.add(chunk(1, 1, 3, "b")) == Kind::kWaits);
  CHECK(rig.add(chunk(2, 0, 1, "dddddd")) == Kind::kRefused);
  CHECK(rig.causes == std::vector<RejectCause>(2, RejectCause::kOversized));
  CHECK(rig.add(chunk(3, 0, 2, "eee")) == Kind::kWaits);
  CHECK(rig.add(chunk(3, 1, 2, "ff")) == Kind::kComplete);
  rig.chunks.expire(kReceived + seconds(60));
  CHECK(rig.lost.empty());
}

TEST_CASE("a complete message is complete again until it is done with") {
  Rig rig;
  rig.add(chunk(1, 0, 2, "a"));
  CHECK(rig.chunks.add(chunk(1, 1, 2, "b"), origin_at()).message == "ab");
  const ChunkAssembler::Outcome again = rig.chunks.add(chunk(1, 1, 2, "b"), origin_at());
  CHECK(again.kind == Kind::kComplete);
  CHECK(again.message == "ab");
  rig.chunks.finish();
  rig.chunks.finish();
  CHECK(rig.add(chunk(1, 1, 2, "b")) == Kind::kWaits);
}

TEST_CASE("a flood of beginnings stays within its limits") {
  ChunkLimits limits;
  limits.max_messages = 50;
  limits.max_bytes = 4000;
  Rig rig(limits);
  for (std::uint64_t id = 0; id < 20'000; ++id) rig.add(chunk(id, 0, 2, std::string(100, 'x')));
  CHECK(rig.chunks.waiting() == 40);
  CHECK(rig.lost.size() == 20'000 - 40);
}

}  // namespace
}  // namespace tocsin::gelf::testing
