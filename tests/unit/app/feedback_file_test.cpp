#include "src/app/feedback_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>

#include <atomic>
#include <thread>

#include "tests/unit/app/scratch_directory.hpp"
#include "tests/unit/app/small_files.hpp"

namespace tocsin::app {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

FeedbackFile opened(const fs::path& path) {
  auto file = FeedbackFile::open(path);
  if (!file) FAIL(file.error().message());
  return std::move(*file);
}

TEST_CASE("a file is made, and lines are put at its end") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f.jsonl";
  {
    FeedbackFile file = opened(path);
    CHECK(file.size() == 0);
    CHECK(file.append("a\n"));
    CHECK(file.append("b\n"));
    CHECK(file.size() == 4);
  }
  FeedbackFile again = opened(path);
  CHECK(again.append("c\n"));
  const auto text = again.read();
  REQUIRE(text);
  CHECK(*text == "a\nb\nc\n");
}

TEST_CASE("a file that is replaced is whole, and goes on") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f.jsonl";
  FeedbackFile file = opened(path);
  CHECK(file.append("long lines of before\n"));
  CHECK(file.replace("x\n"));
  CHECK(file.append("y\n"));
  CHECK(content(path) == "x\ny\n");
  CHECK(file.size() == 4);
  CHECK_FALSE(fs::exists(scratch.path() / "f.jsonl.new"));
}

TEST_CASE("nobody else may have it, also when it was replaced") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f.jsonl";
  FeedbackFile file = opened(path);
  CHECK(FeedbackFile::open(path).error().code == Errc::kUnavailable);
  CHECK(file.replace("x\n"));
  const auto second = FeedbackFile::open(path);
  REQUIRE_FALSE(second);
  CHECK(second.error().message() == path.string() + ": another process has this file");
}

TEST_CASE("a place that cannot be written is said") {
  const test::ScratchDirectory scratch;
  const auto missing = FeedbackFile::open(scratch.path() / "no" / "f.jsonl");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Errc::kIo);
  CHECK(missing.error().where == (scratch.path() / "no" / "f.jsonl").string());
  CHECK_FALSE(FeedbackFile::open(scratch.path()));
}

TEST_CASE("of lines that do not fit on the disk nothing is left") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f.jsonl";
  FeedbackFile file = opened(path);
  CHECK(file.append("good\n"));
  {
    const test::SmallFiles small(16);
    const auto refused = file.append("much longer than there is room\n");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::kIo);
    CHECK_FALSE(file.replace("also much longer than there is room\n"));
  }
  CHECK(content(path) == "good\n");
  CHECK(file.append("next\n"));
  CHECK(content(path) == "good\nnext\n");
  CHECK_FALSE(fs::exists(scratch.path() / "f.jsonl.new"));
}

TEST_CASE("a line that was torn by a crash does not spoil the next one") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.write("f.jsonl", "good\nto");
  FeedbackFile file = opened(path);
  CHECK(file.append("next\n"));
  CHECK(file.append("last\n"));
  CHECK(content(path) == "good\nto\nnext\nlast\n");
  CHECK(file.size() == content(path).size());
}

TEST_CASE("nothing is put behind a part of a line that the disk does not let go of") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f.jsonl";
  // A file in memory that can grow and not shrink.
  const base::UniqueFd memory(::memfd_create("f", MFD_ALLOW_SEALING | MFD_CLOEXEC));
  REQUIRE(memory);
  REQUIRE(::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SHRINK) == 0);
  fs::create_symlink("/proc/self/fd/" + std::to_string(memory.get()), path);
  FeedbackFile file = opened(path);
  CHECK(file.append("good\n"));
  {
    const test::SmallFiles small(8);
    CHECK_FALSE(file.append("torn in two\n"));
  }
  REQUIRE(content(path) == "good\ntor");
  const auto refused = file.append("next\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::kIo);
  CHECK(refused.error().text.starts_with("cannot cut off the lines before, which were refused: "));
  CHECK(content(path) == "good\ntor");
  CHECK(file.replace("good\n"));
  CHECK(file.append("next\n"));
  CHECK(content(path) == "good\nnext\n");
}

TEST_CASE("copies do not take each other's place, and the same is not copied twice") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f.jsonl";
  FeedbackFile file = opened(path);
  const auto kept = [&] {
    const auto copy = file.keep_copy("damaged");
    return copy ? copy->filename() : fs::path();
  };
  CHECK(file.append("first\n"));
  CHECK(kept() == "f.jsonl.damaged");
  CHECK(kept() == "f.jsonl.damaged");
  CHECK(file.append("second\n"));
  CHECK(kept() == "f.jsonl.damaged.2");
  CHECK(content(scratch.path() / "f.jsonl.damaged") == "first\n");
  CHECK(content(scratch.path() / "f.jsonl.damaged.2") == "first\nsecond\n");
  CHECK(file.append("third\n"));
  {
    const test::SmallFiles small(4);
    CHECK_FALSE(file.keep_copy("damaged"));
  }
  CHECK_FALSE(fs::exists(scratch.path() / "f.jsonl.damaged.3"));
}

TEST_CASE("a file that is replaced while another opens it is not the other's") {
  const test::ScratchDirectory scratch;
  const fs::path path = scratch.path() / "f.jsonl";
  FeedbackFile file = opened(path);
  std::atomic<bool> ended{false};  // written by this thread, read by the other; orders nothing
  std::atomic<int> taken{0};       // written by the other; read when that has ended
  std::thread other([&] {
    while (!ended.load(std::memory_order_relaxed)) {
      if (FeedbackFile::open(path)) taken.fetch_add(1, std::memory_order_relaxed);
    }
  });
  for (int i = 0; i < 200; ++i) CHECK(file.replace("x\n"));
  ended.store(true, std::memory_order_relaxed);
  other.join();
  CHECK(taken.load() == 0);
}

}  // namespace
}  // namespace tocsin::app
