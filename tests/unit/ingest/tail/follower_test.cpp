#include "ingest/tail/follower.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/unit/ingest/tail/rig.hpp"

namespace tocsin::tail {
namespace {

using namespace testing;
using Step = Follower::Step;
using Before = LineCutter::Before;

struct Rig {
  Folder folder;
  std::string path = folder / "log";
  Options options;
  Counters counters;
  tocsin::testing::RecordingIntake intake;
  Inbox inbox;
  Time time;
  std::optional<LinePattern> pattern;
  std::unique_ptr<Follower> follower;

  void open(Follower::Position position = {}) {
    base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644));
    struct stat status {};
    REQUIRE(::fstat(fd.get(), &status) == 0);
    shared.emplace(Follower::Shared{options, pattern ? &*pattern : nullptr, intake, counters});
    follower = std::make_unique<Follower>(*shared, std::move(fd), key_of(status), position,
                                          std::make_unique<LineDecoder>(inbox, path), time.now());
  }
  Step poll() {
    Step step = Step::kMore;
    while (step == Step::kMore) step = follower->poll(time.now());
    return step;
  }
  // All lines so far, after everything that is there was read.
  Lines lines() {
    CHECK(poll() == Step::kIdle);
    return inbox.lines();
  }

 private:
  std::optional<Follower::Shared> shared;
};

TEST_CASE("lines come as they are written, each once") {
  Rig rig;
  append(rig.path, "one\ntwo\r\n");
  rig.open();
  CHECK(rig.lines() == Lines{"one", "two"});
  CHECK(rig.follower->committed() == 9);
  append(rig.path, "three\n\nfo");
  CHECK(rig.lines() == Lines{"one", "two", "three"});
  CHECK(rig.follower->committed() == 16);
  CHECK(rig.follower->uncommitted_bytes() == 2);
  append(rig.path, "ur\n");
  CHECK(rig.lines() == Lines{"one", "two", "three", "four"});
  CHECK(rig.follower->committed() == 21);
  CHECK(rig.counters.bytes.get() == 21);
  CHECK(rig.inbox.entries.back().received == rig.time.now().wall);
}

TEST_CASE("a position in the middle is where reading begins") {
  Rig rig;
  append(rig.path, "one\ntwo\nthree\n");
  SUBCASE("behind a line") {
    rig.open({4, Before::kLineEnd});
    CHECK(rig.lines() == Lines{"two", "three"});
  }
  SUBCASE("in a line that is none of ours") {
    rig.open({5, Before::kOpenLine});
    CHECK(rig.lines() == Lines{"three"});
  }
  SUBCASE("behind a line that was cut before its LF") {
    rig.open({7, Before::kCutLine});
    CHECK(rig.lines() == Lines{"three"});
  }
}

TEST_CASE("more than a few chunks take more than one poll") {
  Rig rig;
  std::string text;
  Lines expected;
  for (int i = 0; i < 60'000; ++i) {
    expected.push_back("line " + std::to_string(i));
    text += expected.back() + "\n";
  }
  append(rig.path, text);
  REQUIRE(text.size() > 2 * Follower::kChunkBytes * Follower::kChunksPerPoll);
  rig.open();
  CHECK(rig.follower->poll(rig.time.now()) == Step::kMore);
  CHECK(rig.inbox.entries.size() < expected.size());
  CHECK(rig.lines() == expected);
}

TEST_CASE("NULs are skipped, also when a writer that does not append leaves a hole") {
  Rig rig;
  const Writer writer(rig.path, 0);
  writer.write("before\n");
  rig.open();
  CHECK(rig.lines() == Lines{"before"});
  truncate(rig.path);
  CHECK(rig.lines() == Lines{"before"});
  writer.write("behind the hole\n");
  CHECK(rig.lines() == Lines{"before", "behind the hole"});
}

TEST_CASE("an overlong line is refused once, and its neighbours are kept") {
  Rig rig;
  rig.options.max_line_bytes = 10;
  append(rig.path, "short\n" + std::string(200'000, 'x') + "\nnext\n");
  rig.open();
  CHECK(rig.lines() == Lines{"short", "next"});
  REQUIRE(rig.intake.rejects.size() == 1);
  CHECK(rig.intake.rejects[0].cause == RejectCause::kOversized);
  CHECK(rig.intake.rejects[0].record == "xxxxxxxxxx");
  CHECK(rig.intake.rejects[0].offset == 6);
  CHECK(rig.counters.overlong.get() == 1);
  CHECK(rig.follower->committed() == 200'012);
}

TEST_CASE("a last line without LF waits for its rest, but not for ever") {
  Rig rig;
  rig.options.partial_line_wait = 5s;
  append(rig.path, "open");
  rig.open();
  CHECK(rig.lines().empty());
  rig.time.pass(4s);
  CHECK(rig.lines().empty());
  SUBCASE("the rest comes in time") {
    append(rig.path, "ed");
    CHECK(rig.lines().empty());
    rig.time.pass(4s);
    append(rig.path, "\n");
    CHECK(rig.lines() == Lines{"opened"});
  }
  SUBCASE("only the LF comes late") {
    rig.time.pass(1s);
    CHECK(rig.lines() == Lines{"open"});
    CHECK(rig.follower->committed() == 4);
    append(rig.path, "\nnext\n");
    CHECK(rig.lines() == Lines{"open", "next"});
  }
  SUBCASE("the rest comes late, and is a line of its own") {
    rig.time.pass(1s);
    CHECK(rig.lines() == Lines{"open"});
    append(rig.path, "ed\n");
    CHECK(rig.lines() == Lines{"open", "ed"});
  }
}

TEST_CASE("a truncated file is read from its beginning") {
  Rig rig;
  append(rig.path, "one\ntwo\nrest of");
  rig.open();
  CHECK(rig.lines() == Lines{"one", "two"});
  truncate(rig.path);
  SUBCASE("empty") {}
  SUBCASE("shorter") {
    append(rig.path, "new\n");
  }
  SUBCASE("of the same size") {
    append(rig.path, "new\nof the same");
  }
  SUBCASE("grown past the position") {
    append(rig.path, "new\nthat is longer\nby far\n");
  }
  // What was read of the open line is a line.
  CHECK(rig.poll() == Step::kIdle);
  truncate(rig.path);
  append(rig.path, "last\n");
  Lines lines = rig.lines();
  CHECK(lines.at(2) == "rest of");
  CHECK(lines.back() == "last");
  CHECK(rig.counters.truncations.get() >= 1);
  CHECK(rig.counters.lost_bytes.get() == 0);
  CHECK(rig.follower->committed() == 5);
}

TEST_CASE("a file that was truncated and regrew past the position gives every new line once") {
  Rig rig;
  append(rig.path, "one\ntwo\n");
  rig.open();
  CHECK(rig.lines() == Lines{"one", "two"});
  truncate(rig.path);
  append(rig.path, "eins\nzwei\ndrei\nvier\n");
  CHECK(rig.lines() == Lines{"one", "two", "eins", "zwei", "drei", "vier"});
  CHECK(rig.counters.truncations.get() == 1);
}

TEST_CASE("bytes that were there and went unread are counted as lost") {
  Rig rig;
  append(rig.path, "one\n");
  rig.open();
  rig.inbox.room = 0;
  CHECK(rig.poll() == Step::kFull);
  // More than was read before the pipeline was full.
  append(rig.path, "two\n" + std::string(300'000, 'x') + "\n");
  rig.inbox.room = 1;
  CHECK(rig.poll() == Step::kFull);
  truncate(rig.path);
  rig.inbox.room = 100;
  CHECK(rig.poll() == Step::kIdle);
  const Lines lines = rig.inbox.lines();
  // What was read of the long line is a line.
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] == "two");
  CHECK(lines[2].size() == rig.counters.bytes.get() - 8);
  CHECK(rig.counters.lost_bytes.get() > 200'000);
  CHECK(rig.counters.lost_bytes.get() + rig.counters.bytes.get() == 300'009);
}

TEST_CASE("a full pipeline stops the reading, and nothing is lost or doubled") {
  Rig rig;
  append(rig.path, "one\ntwo\nthree\n");
  rig.open();
  rig.inbox.room = 1;
  CHECK(rig.poll() == Step::kFull);
  CHECK(rig.poll() == Step::kFull);
  CHECK(rig.inbox.lines() == Lines{"one"});
  CHECK(rig.follower->committed() == 4);
  CHECK(rig.inbox.refusals == 2);
  rig.inbox.room = 10;
  CHECK(rig.lines() == Lines{"one", "two", "three"});
  CHECK(rig.follower->committed() == 14);
}

TEST_CASE("a decoder that takes a record in parts is offered only the rest") {
  // Takes what comes before the next blank, if there is room.
  class WordDecoder final : public Decoder {
   public:
    WordDecoder(Lines& words, std::size_t& room) : words_(words), room_(room) {}
    std::size_t decode(std::string_view bytes, const Origin&) override {
      std::size_t at = 0;
      while (at < bytes.size() && room_ > 0) {
        const std::size_t end = std::min(bytes.find(' ', at), bytes.size());
        words_.emplace_back(bytes.substr(at, end - at));
        --room_;
        at = std::min(end + 1, bytes.size());
      }
      return at;
    }
    bool flush() override { return true; }
    void drop() override {}

   private:
    Lines& words_;
    std::size_t& room_;
  };
  const Folder folder;
  append(folder / "log", "a b c d\ne f\n");
  Options options;
  Counters counters;
  tocsin::testing::RecordingIntake intake;
  Lines words;
  std::size_t room = 3;
  const Time time;
  Follower follower({options, nullptr, intake, counters},
                    base::UniqueFd(::open((folder / "log").c_str(), O_RDONLY | O_CLOEXEC)), {}, {},
                    std::make_unique<WordDecoder>(words, room), time.now());
  CHECK(follower.poll(time.now()) == Step::kFull);
  CHECK(follower.committed() == 0);
  room = 10;
  CHECK(follower.poll(time.now()) == Step::kIdle);
  CHECK(words == Lines{"a", "b", "c", "d", "e", "f"});
}

TEST_CASE("a traceback is one record, and counts as accepted only as a whole") {
  Rig rig;
  rig.options.multi_line.rule = MultiLineOptions::Rule::kStartPattern;
  rig.pattern.emplace(*LinePattern::compile("^\\d\\d:\\d\\d "));
  append(rig.path, "10:00 fine\n10:01 bad\nTraceback (most recent call last):\n");
  rig.open();
  CHECK(rig.lines() == Lines{"10:00 fine"});
  CHECK(rig.follower->committed() == 11);
  append(rig.path, "  File \"a.py\"\r\n\nValueError: x\n");
  CHECK(rig.lines().size() == 1);
  const std::string traceback =
      "10:01 bad\nTraceback (most recent call last):\n  File \"a.py\"\n\nValueError: x";
  SUBCASE("it ends with the next record") {
    append(rig.path, "10:02 next\n");
    CHECK(rig.lines() == Lines{"10:00 fine", traceback});
    CHECK(rig.follower->committed() == read_all(rig.path).size() - 11);
  }
  SUBCASE("it ends with time") {
    rig.time.pass(2s);
    CHECK(rig.lines() == Lines{"10:00 fine", traceback});
    CHECK(rig.follower->committed() == read_all(rig.path).size());
  }
  SUBCASE("it waits while a line of it is open") {
    append(rig.path, "10:0");
    CHECK(rig.lines().size() == 1);
    rig.time.pass(4s);
    CHECK(rig.lines().size() == 1);
    rig.time.pass(1s);
    CHECK(rig.lines() == Lines{"10:00 fine", traceback + "\n10:0"});
  }
  SUBCASE("it ends with the file") {
    rig.follower->end();
    rig.inbox.room = 0;
    CHECK(rig.poll() == Step::kFull);
    rig.inbox.room = 1;
    CHECK(rig.poll() == Step::kEnded);
    CHECK(rig.inbox.lines() == Lines{"10:00 fine", traceback});
  }
  SUBCASE("it ends with the contents of the file") {
    truncate(rig.path);
    append(rig.path, "11:00 new\n");
    rig.inbox.room = 0;
    CHECK(rig.poll() == Step::kFull);
    rig.inbox.room = 10;
    CHECK(rig.lines() == Lines{"10:00 fine", traceback});
    rig.time.pass(2s);
    CHECK(rig.lines() == Lines{"10:00 fine", traceback, "11:00 new"});
  }
}

TEST_CASE("an overlong line inside a record does not end it") {
  Rig rig;
  rig.options.multi_line.rule = MultiLineOptions::Rule::kIndent;
  rig.options.max_line_bytes = 20;
  append(rig.path, "a\n " + std::string(30, 'x') + "\n b\nnext\n");
  rig.open();
  CHECK(rig.lines() == Lines{"a\n b"});
  CHECK(rig.intake.rejects.size() == 1);
}

TEST_CASE("after its end a file gives what is left, the open line included") {
  Rig rig;
  append(rig.path, "one\ntwo");
  rig.open();
  CHECK(rig.lines() == Lines{"one"});
  append(rig.path, "\nthree");
  rig.follower->end();
  CHECK(rig.poll() == Step::kEnded);
  CHECK(rig.inbox.lines() == Lines{"one", "two", "three"});
  CHECK(rig.follower->uncommitted_bytes() == 0);
}

TEST_CASE("quiet is a file that did not grow and was read to its end") {
  Rig rig;
  append(rig.path, "one\n");
  rig.open();
  CHECK_FALSE(rig.follower->is_quiet(rig.time.now(), 0s));
  rig.inbox.room = 0;
  CHECK(rig.poll() == Step::kFull);
  rig.time.pass(10s);
  CHECK_FALSE(rig.follower->is_quiet(rig.time.now(), 5s));
  rig.inbox.room = 10;
  CHECK(rig.poll() == Step::kIdle);
  CHECK(rig.follower->is_quiet(rig.time.now(), 5s));
  append(rig.path, "two\n");
  CHECK(rig.poll() == Step::kIdle);
  CHECK_FALSE(rig.follower->is_quiet(rig.time.now(), 5s));
}

TEST_CASE("a file without a name is deleted") {
  Rig rig;
  rig.open();
  CHECK_FALSE(rig.follower->is_deleted());
  rename(rig.path, rig.folder / "other");
  CHECK_FALSE(rig.follower->is_deleted());
  remove(rig.folder / "other");
  CHECK(rig.follower->is_deleted());
}

TEST_CASE("an identity is of what was read") {
  Rig rig;
  append(rig.path, "one\nopen");
  rig.open();
  CHECK(rig.lines() == Lines{"one"});
  const FileIdentity identity = rig.follower->identity();
  CHECK(identity.head_bytes == 8);
  CHECK(begins_as(rig.follower->fd(), identity));
  truncate(rig.path);
  append(rig.path, "other contents\n");
  CHECK_FALSE(begins_as(rig.follower->fd(), identity));
  CHECK(rig.poll() == Step::kIdle);
  CHECK(begins_as(rig.follower->fd(), rig.follower->identity()));
}

TEST_CASE("under a writer that truncates while we read no line is doubled or invented") {
  Rig rig;
  constexpr int kLines = 30'000;
  constexpr int kLinesEach = 61;  // between two truncations
  const auto line = [](int i) { return std::to_string(i) + ":" + std::string(i % 97, 'x'); };
  rig.open();
  std::atomic<int> polls = 0;
  std::atomic<bool> done = false;
  std::thread writing([&] {
    const Writer writer(rig.path);
    int polls_then = 0;
    for (int i = 1; i <= kLines; ++i) {
      writer.write(line(i) + "\n");
      if (i % kLinesEach != 0) continue;
      // No poll sees two truncations: contents that come and go within one cannot be told apart.
      while (polls < polls_then + 2) std::this_thread::yield();
      truncate(rig.path);
      polls_then = polls;
    }
    done = true;
  });
  while (!done) {
    CHECK(rig.poll() == Step::kIdle);
    ++polls;
  }
  writing.join();
  CHECK(rig.poll() == Step::kIdle);
  int last = 0;
  for (const std::string& got : rig.inbox.lines()) {
    int i = last + 1;
    while (i <= kLines && got != line(i)) ++i;
    if (i <= kLines) {
      last = i;
      continue;
    }
    // A write may be seen in part, and the truncation come before the rest of it was read.
    i = last + 1;
    while (i <= kLines && !line(i).starts_with(got)) ++i;
    CAPTURE(got);
    REQUIRE(i <= kLines);
  }
  CHECK(last == kLines);
  CHECK(rig.counters.truncations.get() > 0);
}

TEST_CASE("a file that cannot be read is broken") {
  const Folder folder;
  Options options;
  Counters counters;
  tocsin::testing::RecordingIntake intake;
  Inbox inbox;
  const Time time;
  Follower follower({options, nullptr, intake, counters},
                    base::UniqueFd(::open(folder.path().c_str(), O_RDONLY | O_CLOEXEC)), {}, {},
                    std::make_unique<LineDecoder>(inbox, ""), time.now());
  CHECK(follower.poll(time.now()) == Step::kBroken);
}

}  // namespace
}  // namespace tocsin::tail
