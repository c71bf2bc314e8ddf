#include "src/publish/embedded/file.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;

namespace {

AppendFile open_file(const std::string& path) {
  auto file = AppendFile::open(path);
  REQUIRE_MESSAGE(file.has_value(), (file ? "" : file.error().message()));
  return std::move(*file);
}

std::string read_at(const AppendFile& file, std::uint64_t offset, std::size_t at_most) {
  std::string into(at_most, '?');
  const auto size = file.read_at(offset, into);
  REQUIRE(size.has_value());
  return into.substr(0, *size);
}

}  // namespace

TEST_CASE("a new file is empty and for its owner's eyes only") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/log";
  const AppendFile file = open_file(path);
  CHECK(file.path() == path);
  CHECK(file.size_bytes() == 0);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a file grows at its end, also after it was opened again or cut") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/log";
  {
    AppendFile file = open_file(path);
    REQUIRE(file.append("one ").has_value());
    REQUIRE(file.append("two ").has_value());
    CHECK(file.size_bytes() == 8);
    CHECK(file.sync().has_value());
  }
  AppendFile file = open_file(path);
  CHECK(file.size_bytes() == 8);
  REQUIRE(file.truncate(4).has_value());
  CHECK(file.size_bytes() == 4);
  REQUIRE(file.append("three").has_value());
  CHECK(file.size_bytes() == 9);
  CHECK(slurp(path) == "one three");
}

TEST_CASE("reading gives what there is from an offset, and nothing at the end") {
  const TemporaryDirectory directory;
  AppendFile file = open_file(directory.path() + "/log");
  REQUIRE(file.append("0123456789").has_value());
  CHECK(read_at(file, 0, 4) == "0123");
  CHECK(read_at(file, 7, 4) == "789");
  CHECK(read_at(file, 10, 4).empty());
  CHECK(read_at(file, 99, 4).empty());
}

TEST_CASE("a disk that takes no byte is an error that names the file, which has not grown") {
  AppendFile file = open_file("/dev/full");
  const auto written = file.append("x");
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == Errc::kIo);
  CHECK(written.error().message() == "/dev/full: write: No space left on device");
  CHECK(file.size_bytes() == 0);
}

TEST_CASE("a path that cannot be a file is an error that names it") {
  const TemporaryDirectory directory;
  const auto folder = AppendFile::open(directory.path());
  REQUIRE_FALSE(folder.has_value());
  CHECK(folder.error().message() == directory.path() + ": open: Is a directory");
  CHECK_FALSE(AppendFile::open(directory.path() + "/none/log").has_value());
}

TEST_CASE("a directory is made with those above it, and its files are listed, renamed, removed") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/a/b";
  const auto locked = LockedDirectory::open(path);
  REQUIRE(locked.has_value());
  CHECK(locked->path_of("x") == path + "/x");
  spit(locked->path_of("old"), "new bytes");
  spit(locked->path_of("there"), "old bytes");

  REQUIRE(locked->rename("old", "there").has_value());
  CHECK(slurp(path + "/there") == "new bytes");
  CHECK(locked->sync().has_value());
  auto names = locked->file_names();
  REQUIRE(names.has_value());
  std::sort(names->begin(), names->end());
  CHECK(*names == std::vector<std::string>{"LOCK", "there"});

  locked->remove("there");
  locked->remove("there");  // what is gone already is no error
  CHECK_FALSE(std::filesystem::exists(path + "/there"));
  const auto renamed = locked->rename("there", "x");
  REQUIRE_FALSE(renamed.has_value());
  CHECK(renamed.error().message() == path + "/there: rename: No such file or directory");
}

TEST_CASE("a lock goes with the process that held it, even when it was killed") {
  const TemporaryDirectory directory;
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto held = LockedDirectory::open(directory.path());
    const char answer = held ? 'y' : 'n';
    (void)!::write(pipe_ends[1], &answer, 1);
    for (;;) ::pause();
  }
  char answer = 0;
  REQUIRE(::read(pipe_ends[0], &answer, 1) == 1);
  const auto refused = LockedDirectory::open(directory.path());
  ::kill(child, SIGKILL);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);

  CHECK(answer == 'y');
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::kUnavailable);
  CHECK(refused.error().text.find("(pid " + std::to_string(child) + ")") != std::string::npos);
  CHECK(LockedDirectory::open(directory.path()).has_value());
}

TEST_CASE("a lock file that says no process id is still a lock") {
  const TemporaryDirectory directory;
  const auto held = LockedDirectory::open(directory.path());
  REQUIRE(held.has_value());
  spit(held->path_of("LOCK"), "somebody");
  const auto refused = LockedDirectory::open(directory.path());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text ==
        "in use by another process; give each daemon a directory of its own");
}
