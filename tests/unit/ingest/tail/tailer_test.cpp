#include "ingest/tail/tailer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/ingest/tail/tailer_rig.hpp"

namespace tocsin::tail {
namespace {

using namespace testing;
using Step = Tailer::Step;

// As if the file had last been written to `seconds` after the epoch.
void set_written(const std::string& path, time_t seconds) {
  const timespec written{.tv_sec = seconds, .tv_nsec = 0};
  const timespec times[] = {written, written};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
}

TEST_CASE("a file that exists at the start is read from where it was told") {
  TailerRig rig;
  append(rig.folder / "a.log", "old\nopen");
  SUBCASE("its beginning") {
    rig.start();
    append(rig.folder / "a.log", "ed\nnew\n");
    CHECK(rig.lines() == Lines{"old", "opened", "new"});
  }
  SUBCASE("its end, and the line that is open there is old too") {
    rig.options.start = Start::kEnd;
    rig.start();
    append(rig.folder / "a.log", "ed\nnew\n");
    CHECK(rig.lines() == Lines{"new"});
  }
}

TEST_CASE("a file that appears later is read from its beginning") {
  TailerRig rig;
  rig.options.start = Start::kEnd;
  rig.start();
  append(rig.folder / "a.log", "one\n");
  append(rig.folder / "b.log", "two\n");
  append(rig.folder / "c.txt", "none of ours\n");
  CHECK(rig.lines() == Lines{"one", "two"});
  CHECK(rig.tailer->counters().open_files.get() == 2);
}

TEST_CASE("a folder that appears later is searched too") {
  TailerRig rig;
  rig.options.paths = {rig.folder / "*/x.log"};
  rig.start();
  std::filesystem::create_directory(rig.folder / "sub");
  append(rig.folder / "sub/x.log", "one\n");
  CHECK(rig.lines() == Lines{"one"});
}

TEST_CASE("after a rename the old file is read until it is quiet, then the new one") {
  TailerRig rig;
  const Writer old(rig.folder / "a.log");
  old.write("one\nmid");
  rig.start();
  rename(rig.folder / "a.log", rig.folder / "a.log.1");
  append(rig.folder / "a.log", "new\n");
  old.write("line\n");
  CHECK(rig.lines() == Lines{"one", "midline"});
  rig.wait(4s);
  old.write("late\n");
  rig.wait(4s);
  CHECK(rig.inbox.lines() == Lines{"one", "midline", "late"});
  rig.wait(2s);
  CHECK(rig.inbox.lines() == Lines{"one", "midline", "late", "new"});
  CHECK(rig.tailer->counters().rotations.get() == 1);
  CHECK(rig.tailer->counters().open_files.get() == 1);
}

TEST_CASE("a line that the old file leaves open comes before the new file") {
  TailerRig rig;
  append(rig.folder / "a.log", "one\nopen");
  rig.start();
  rename(rig.folder / "a.log", rig.folder / "a.log.1");
  append(rig.folder / "a.log", "new\n");
  rig.wait(10s);
  CHECK(rig.inbox.lines() == Lines{"one", "open", "new"});
}

TEST_CASE("a rotation in which the patterns match the old name too repeats nothing") {
  TailerRig rig;
  rig.options.paths = {rig.folder / "a.log*"};
  append(rig.folder / "a.log", "1\n");
  rig.start();
  for (int i = 2; i <= 4; ++i) {
    if (i > 3) rename(rig.folder / "a.log.1", rig.folder / "a.log.2");
    if (i > 2) rename(rig.folder / "a.log", rig.folder / "a.log.1");
    append(rig.folder / "a.log", std::to_string(i) + "\n");
    rig.wait(10s);
  }
  CHECK(rig.inbox.lines() == Lines{"1", "2", "3", "4"});
  CHECK(rig.tailer->counters().rotations.get() == 2);
  CHECK(rig.tailer->counters().open_files.get() == 3);
  append(rig.folder / "a.log.1", "late\n");
  CHECK(rig.lines().back() == "late");
}

TEST_CASE("files that were rotated away before their turn came are read, in order") {
  TailerRig rig;
  const Writer first(rig.folder / "a.log");
  first.write("1\n");
  rig.start();
  for (int i = 2; i <= 4; ++i) {
    rename(rig.folder / "a.log", rig.folder / ("a.log." + std::to_string(9 - i)));
    append(rig.folder / "a.log", std::to_string(i) + "\n");
    rig.run();
  }
  first.write("1 later\n");
  for (int i = 2; i <= 4; ++i) set_written(rig.folder / ("a.log." + std::to_string(9 - i)), i);
  SUBCASE("here") {}
  SUBCASE("over a crash") {
    rig.tailer->save();
    rig.crash();
    rig.start();
  }
  SUBCASE("over a stop") {
    rig.stop();
    rig.start();
  }
  rig.wait(40s);
  CHECK(rig.inbox.lines() == Lines{"1", "1 later", "2", "3", "4"});
  CHECK(rig.tailer->counters().open_files.get() == 1);
}

TEST_CASE("a file that nobody wrote to for long is quiet as soon as it is read") {
  TailerRig rig;
  append(rig.folder / "a.log", "1\n");
  rig.start();
  append(rig.folder / "a.log", "2\n");
  set_written(rig.folder / "a.log", 1000);  // 2600 seconds before the test begins
  rename(rig.folder / "a.log", rig.folder / "a.log.1");
  append(rig.folder / "a.log", "3\n");
  rig.wait(2s);
  CHECK(rig.inbox.lines() == Lines{"1", "2", "3"});
}

TEST_CASE("an old file that never gets quiet does not hold its successor up for ever") {
  TailerRig rig;
  const Writer old(rig.folder / "a.log");
  old.write("x\n");
  rig.start();
  rename(rig.folder / "a.log", rig.folder / "a.log.1");
  append(rig.folder / "a.log", "new\n");
  for (int i = 0; i < 70; ++i) {
    old.write("x\n");
    rig.wait(1s);
  }
  const Lines lines = rig.lines();
  CHECK(std::count(lines.begin(), lines.end(), "new") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "x") == 71);
}

TEST_CASE("a renamed file without successor is kept for orphan_wait") {
  TailerRig rig;
  rig.options.orphan_wait = 60s;
  const Writer writer(rig.folder / "a.log");
  writer.write("one\n");
  rig.start();
  rename(rig.folder / "a.log", rig.folder / "gone");
  rig.wait(50s);
  writer.write("two\n");
  CHECK(rig.lines() == Lines{"one", "two"});
  rig.wait(59s);
  CHECK(rig.tailer->counters().open_files.get() == 1);
  rig.wait(1s);
  CHECK(rig.tailer->counters().open_files.get() == 0);
  SUBCASE("when it comes back, reading goes on where it stopped") {
    writer.write("three\n");
    rename(rig.folder / "gone", rig.folder / "a.log");
    CHECK(rig.lines() == Lines{"one", "two", "three"});
  }
}

TEST_CASE("a deleted file is read to its end and closed") {
  TailerRig rig;
  const Writer writer(rig.folder / "a.log");
  rig.start();
  rig.tailer->save();
  writer.write("one\n");
  remove(rig.folder / "a.log");
  writer.write("two\nthree");
  CHECK(rig.lines() == Lines{"one", "two"});
  rig.wait(5s);
  CHECK(rig.inbox.lines() == Lines{"one", "two", "three"});
  CHECK(rig.tailer->counters().open_files.get() == 0);
  rig.tailer->save();
  CHECK(read_all(rig.options.checkpoint_file) == "tocsin-tail 1\nend 0\n");
}

TEST_CASE("a file that was deleted and made again is another file, also with the same inode") {
  TailerRig rig;
  append(rig.folder / "a.log", "one\ntwo\n");
  rig.start();
  remove(rig.folder / "a.log");
  rig.wait(5s);
  append(rig.folder / "a.log", "three\nfour\nfive\n");
  CHECK(rig.lines() == Lines{"one", "two", "three", "four", "five"});
}

TEST_CASE("a reused inode is told by how the file begins") {
  TailerRig rig;
  append(rig.folder / "a.log", "one\ntwo\n");
  rig.start();
  rig.stop();
  // The same inode for sure: what a file system does when it gives the number to the next file.
  truncate(rig.folder / "a.log");
  append(rig.folder / "a.log", "three\nfour\nfive\n");
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"one", "two", "three", "four", "five"});
}

TEST_CASE("copytruncate: what was written before and after comes once") {
  TailerRig rig;
  const Writer writer(rig.folder / "a.log");
  writer.write("one\n");
  rig.start();
  writer.write("two\n");
  std::filesystem::copy(rig.folder / "a.log", rig.folder / "a.log.1");
  CHECK(rig.lines() == Lines{"one", "two"});
  truncate(rig.folder / "a.log");
  writer.write("three, which is longer than both before\n");
  CHECK(rig.lines() == Lines{"one", "two", "three, which is longer than both before"});
  CHECK(rig.tailer->counters().truncations.get() == 1);
  CHECK(rig.tailer->counters().rotations.get() == 0);
}

TEST_CASE("of two truncations between two looks only what came after the second is seen") {
  TailerRig rig;
  const Writer writer(rig.folder / "a.log");
  writer.write("one\n");
  rig.start();
  truncate(rig.folder / "a.log");
  writer.write("two\n");
  truncate(rig.folder / "a.log");
  writer.write("three\n");
  CHECK(rig.lines() == Lines{"one", "three"});
  CHECK(rig.tailer->counters().truncations.get() == 1);
}

TEST_CASE("a symbolic link that is switched leads to the next file after the last one is read") {
  TailerRig rig;
  append(rig.folder / "one", "1\n");
  append(rig.folder / "two", "2\n");
  std::filesystem::create_symlink(rig.folder / "one", rig.folder / "a.log");
  rig.start();
  CHECK(rig.lines() == Lines{"1"});
  remove(rig.folder / "a.log");
  std::filesystem::create_symlink(rig.folder / "two", rig.folder / "a.log");
  append(rig.folder / "one", "1 late\n");
  rig.wait(6s);
  CHECK(rig.inbox.lines() == Lines{"1", "1 late", "2"});
  CHECK(rig.inbox.entries.back().path == rig.folder / "a.log");
  CHECK(rig.tailer->counters().open_files.get() == 1);
}

TEST_CASE("two names of one file are one file") {
  TailerRig rig;
  append(rig.folder / "a.log", "1\n");
  std::filesystem::create_hard_link(rig.folder / "a.log", rig.folder / "b.log");
  std::filesystem::create_symlink(rig.folder / "a.log", rig.folder / "c.log");
  rig.start();
  CHECK(rig.lines() == Lines{"1"});
}

TEST_CASE("after an orderly stop every line comes exactly once") {
  TailerRig rig;
  append(rig.folder / "a.log", "1\n2\nop");
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"1", "2"});
  SUBCASE("with an open line") {
    append(rig.folder / "a.log", "en");
  }
  SUBCASE("with lines that were not read yet") {
    append(rig.folder / "a.log", "en\n3\n");
  }
  SUBCASE("with a full pipeline") {
    rig.inbox.room = 1;
    append(rig.folder / "a.log", "en\n3\n");
    rig.run();
  }
  rig.stop();
  rig.inbox.room = 100;
  append(rig.folder / "a.log", "!\n4\n");
  const std::string text = read_all(rig.folder / "a.log");
  rig.start();
  std::string got;
  for (const std::string& line : rig.lines()) got += line + "\n";
  CHECK(got == text);
  CHECK(rig.intake.dropped == 0);
}

TEST_CASE("after a crash what was accepted since the last save comes again, and nothing is lost") {
  TailerRig rig;
  append(rig.folder / "a.log", "1\n2\n");
  rig.start();
  rig.tailer->save();
  append(rig.folder / "a.log", "3\n");
  CHECK(rig.lines() == Lines{"1", "2", "3"});
  rig.crash();
  append(rig.folder / "a.log", "4\n");
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"1", "2", "3", "3", "4"});
}

TEST_CASE("a position is kept only of what was accepted") {
  TailerRig rig;
  append(rig.folder / "a.log", "1\n2\n3\n");
  rig.inbox.room = 1;
  rig.start();
  rig.tailer->save();
  rig.crash();
  rig.inbox.room = 100;
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"1", "2", "3"});
}

TEST_CASE("a joined record that is open at the stop is joined after it") {
  TailerRig rig;
  rig.options.multi_line.rule = MultiLineOptions::Rule::kIndent;
  append(rig.folder / "a.log", "1\n2\n  b\n");
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"1"});
  rig.stop();
  append(rig.folder / "a.log", "  c\n3\n");
  rig.start();
  rig.wait(2s);
  CHECK(rig.inbox.lines() == Lines{"1", "2\n  b\n  c", "3"});
}

TEST_CASE("a file that was rotated while nobody watched is read to its end first") {
  TailerRig rig;
  rig.options.start = Start::kEnd;
  append(rig.folder / "a.log", "old\n");
  SUBCASE("the patterns match its new name") {
    rig.options.paths = {rig.folder / "a.log*"};
  }
  SUBCASE("they do not") {}
  rig.start();
  append(rig.folder / "a.log", "1\n");
  CHECK(rig.lines() == Lines{"1"});
  rig.stop();
  append(rig.folder / "a.log", "2\n");
  rename(rig.folder / "a.log", rig.folder / "a.log.1");
  append(rig.folder / "a.log", "3\n");
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"1", "2"});
  rig.wait(6s);
  CHECK(rig.inbox.lines() == Lines{"1", "2", "3"});
  rig.stop();
  rig.start();
  rig.wait(6s);
  CHECK(rig.inbox.lines() == Lines{"1", "2", "3"});
}

TEST_CASE("a line that came right before a rotation and the stop is not lost") {
  TailerRig rig;
  rig.options.start = Start::kEnd;
  rig.start();
  append(rig.folder / "new.log", "1\n");
  rig.stop();
  append(rig.folder / "new.log", "2\n");
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"1", "2"});
}

TEST_CASE("a deleted file that is open at the stop is read to its end, open line included") {
  TailerRig rig;
  const Writer writer(rig.folder / "a.log");
  rig.start();
  remove(rig.folder / "a.log");
  writer.write("1\n2");
  SUBCASE("taken") {
    rig.tailer->close(rig.time.now());
    CHECK(rig.inbox.lines() == Lines{"1", "2"});
    CHECK(rig.tailer->counters().lost_bytes.get() == 0);
  }
  SUBCASE("what a full pipeline does not take is lost, and counted") {
    rig.inbox.room = 1;
    rig.tailer->close(rig.time.now());
    CHECK(rig.inbox.lines() == Lines{"1"});
    CHECK(rig.tailer->counters().lost_bytes.get() == 1);
  }
  CHECK(rig.tailer->counters().open_files.get() == 0);
}

TEST_CASE("a full pipeline stops all reading, and the file that waited goes first") {
  TailerRig rig;
  append(rig.folder / "a.log", "a1\na2\n");
  append(rig.folder / "b.log", "b1\nb2\n");
  rig.inbox.room = 1;
  rig.start();
  CHECK(rig.run() == Step::kFull);
  const std::string first = rig.inbox.entries.at(0).path;
  CHECK(rig.inbox.entries.size() == 1);
  rig.inbox.room = 1;
  CHECK(rig.run() == Step::kFull);
  CHECK(rig.inbox.lines_of(first).size() == 2);
  rig.inbox.room = 100;
  rig.lines();
  CHECK(rig.inbox.lines_of(rig.folder / "a.log") == Lines{"a1", "a2"});
  CHECK(rig.inbox.lines_of(rig.folder / "b.log") == Lines{"b1", "b2"});
  CHECK(rig.tailer->counters().stalls.get() >= 2);
}

TEST_CASE("beyond max_files files wait for room") {
  TailerRig rig;
  rig.options.max_files = 2;
  for (const auto* name : {"a.log", "b.log", "c.log"}) append(rig.folder / name, "x\n");
  rig.start();
  CHECK(rig.inbox.entries.size() == 2);
  CHECK(rig.tailer->counters().waiting.get() == 1);
  remove(rig.folder / "a.log");
  rig.wait(6s);
  CHECK(rig.inbox.entries.size() == 3);
  CHECK(rig.tailer->counters().waiting.get() == 0);
}

TEST_CASE("a file that found no room at the start is read from its beginning when it does") {
  TailerRig rig;
  rig.options.max_files = 1;
  rig.options.start = Start::kEnd;
  for (const auto* name : {"a.log", "b.log"}) append(rig.folder / name, "old\n");
  rig.start();
  CHECK(rig.inbox.entries.empty());
  CHECK(rig.tailer->counters().waiting.get() == 1);
  remove(rig.folder / "a.log");
  rig.wait(6s);
  CHECK(rig.inbox.lines_of(rig.folder / "b.log") == Lines{"old"});
}

TEST_CASE("many files are read in turns") {
  TailerRig rig;
  for (int i = 0; i < 100; ++i) append(rig.folder / (std::to_string(i) + ".log"), "x\n");
  rig.start();
  CHECK(rig.inbox.entries.size() == 100);
  rig.tailer->want_polls();
  CHECK(rig.tailer->turn(rig.time.now()) == Step::kMore);
  CHECK(rig.turns() == Step::kIdle);
}

TEST_CASE("a broken checkpoint file is complained of, and set aside") {
  TailerRig rig;
  append(rig.options.checkpoint_file, "nonsense\n");
  append(rig.folder / "a.log", "1\n");
  rig.start();
  REQUIRE(rig.complaints.size() == 1);
  CHECK(rig.complaints[0].starts_with(rig.options.checkpoint_file + ":1:1: "));
  CHECK(rig.inbox.lines() == Lines{"1"});
  rig.stop();
  CHECK(read_all(rig.options.checkpoint_file).starts_with("tocsin-tail 1\n"));
}

TEST_CASE("a checkpoint file that cannot be written is complained of once") {
  TailerRig rig;
  rig.options.checkpoint_file = rig.folder / "no/positions";
  append(rig.folder / "a.log", "1\n");
  rig.start();
  rig.tailer->save();
  rig.tailer->save();
  CHECK(rig.complaints.size() == 1);
  CHECK(rig.tailer->counters().errors.get() == 2);
  std::filesystem::create_directory(rig.folder / "no");
  rig.tailer->save();
  CHECK(read_all(rig.options.checkpoint_file).starts_with("tocsin-tail 1\n"));
}

TEST_CASE("without a checkpoint file positions are not kept") {
  TailerRig rig;
  rig.options.checkpoint_file.clear();
  append(rig.folder / "a.log", "1\n");
  rig.start();
  rig.stop();
  rig.start();
  CHECK(rig.inbox.lines() == Lines{"1", "1"});
}

TEST_CASE("options out of range are refused") {
  TailerRig rig;
  const auto complaint = [&] {
    const auto made = Tailer::create(rig.options, {}, rig.intake, {});
    return made ? "(none)" : made.error().message();
  };
  SUBCASE("paths") {
    rig.options.paths.clear();
    CHECK(complaint() == "no paths; expected at least one");
  }
  SUBCASE("files") {
    rig.options.max_files = 0;
    CHECK(complaint() == "max_files is 0; expected at least 1");
  }
  SUBCASE("lines") {
    rig.options.max_line_bytes = 0;
    CHECK(complaint() == "max_line_bytes is 0; expected at least 1");
  }
  SUBCASE("checkpoints") {
    rig.options.max_checkpoints = 10;
    CHECK(complaint() == "max_checkpoints is 10; expected at least 1024");
  }
  SUBCASE("start pattern") {
    rig.options.multi_line.rule = MultiLineOptions::Rule::kStartPattern;
    rig.options.multi_line.start_pattern = "(";
    CHECK(complaint().starts_with("start_pattern: "));
    CHECK(complaint().ends_with("(byte 1 of the expression)"));
  }
}

TEST_CASE("inotify says which file grew and that a name came") {
  TailerRig rig;
  rig.options.with_inotify = true;
  append(rig.folder / "a.log", "1\n");
  rig.start();
  REQUIRE(rig.tailer->watch_fd() >= 0);
  append(rig.folder / "a.log", "2\n");
  rig.turns();
  CHECK(rig.inbox.lines() == Lines{"1"});
  rig.tailer->read_watches();
  rig.turns();
  CHECK(rig.inbox.lines() == Lines{"1", "2"});
  append(rig.folder / "b.log", "3\n");
  rig.tailer->read_watches();
  rig.turns();
  CHECK(rig.inbox.lines() == Lines{"1", "2", "3"});
}

}  // namespace
}  // namespace tocsin::tail
