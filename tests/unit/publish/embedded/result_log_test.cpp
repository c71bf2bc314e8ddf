#include "src/publish/embedded/result_log.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;

namespace {

// What a replay hands over, as "key=value key=value".
struct Opened {
  explicit Opened(const std::string& directory) {
    auto opened = ResultLog::open(directory, [this](const StoredRecord& stored) {
      if (!replayed.empty()) replayed += ' ';
      replayed += stored.record.key + '=' + stored.record.value;
    });
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message()));
    log = std::move(*opened);
  }
  ResultLog* operator->() const { return log.get(); }

  std::string replayed;
  std::unique_ptr<ResultLog> log;
};

ResultLog::Source all_of(std::vector<Record> records) {
  return [records = std::move(records)](const ResultLog::Emit& emit) {
    for (const Record& record : records) emit({record, kNever});
  };
}

void add(ResultLog& log, const Record& record) {
  log.stage({record, kNever});
  REQUIRE(log.append().has_value());
}

// The log's files, sorted; without the lock.
std::vector<std::string> files_in(const TemporaryDirectory& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    if (entry.path().filename() != "LOCK") names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// While it lives no file of this process grows beyond `bytes`: write() fails as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_limit_);
    rlimit limit = old_limit_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit_);
    ::signal(SIGXFSZ, old_handler_);
  }

 private:
  void (*old_handler_)(int);
  rlimit old_limit_{};
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a log that has no file yet takes nothing until it is written anew") {
  const TemporaryDirectory directory;
  Opened log(directory.path());
  CHECK(log->broken());
  CHECK(log->size_bytes() == 0);
  add(*log.log, value("lost", "1"));
  CHECK(log->sync().has_value());
  CHECK(files_in(directory).empty());

  REQUIRE(log->rewrite(all_of({})).has_value());
  CHECK_FALSE(log->broken());
  CHECK(log->synced());
  CHECK(files_in(directory) == Names{"results-00000001.log"});
  CHECK(log->size_bytes() == kLogMagic.size());
}

TEST_CASE("a snapshot and what came after it are replayed in the order they were written") {
  const TemporaryDirectory directory;
  {
    Opened log(directory.path());
    REQUIRE(log->rewrite(all_of({value("a", "1"), value("b", "1")})).has_value());
    log->stage({value("a", "2"), kNever});
    log->stage({value("c", "1"), kNever});
    REQUIRE(log->append().has_value());
    CHECK_FALSE(log->synced());
    CHECK(log->sync().has_value());
    CHECK(log->synced());
    log->stage({value("only staged", "x"), kNever});
  }
  Opened log(directory.path());
  CHECK(log.replayed == "a=1 b=1 a=2 c=1");
  CHECK(log->damaged_bytes() == 0);
  add(*log.log, value("d", "1"));
  CHECK(log->size_bytes() == slurp(directory.path() + "/results-00000001.log").size());
  log.log.reset();
  CHECK(Opened(directory.path()).replayed == "a=1 b=1 a=2 c=1 d=1");
}

TEST_CASE("each rewriting is the next generation and the only file that stays") {
  const TemporaryDirectory directory;
  Opened log(directory.path());
  for (int round = 1; round <= 12; ++round) {
    REQUIRE(log->rewrite(all_of({value("round", std::to_string(round))})).has_value());
    add(*log.log, value("after", std::to_string(round)));
  }
  CHECK(files_in(directory) == Names{"results-00000012.log"});
  log.log.reset();
  CHECK(Opened(directory.path()).replayed == "round=12 after=12");
}

TEST_CASE("a snapshot larger than one write comes back whole") {
  const TemporaryDirectory directory;
  std::vector<Record> records;
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    records.push_back(
        value("k" + std::to_string(i), std::string(50'000, static_cast<char>('a' + i % 26))));
    expected += (i == 0 ? "" : " ") + records.back().key + '=' + records.back().value;
  }
  REQUIRE(Opened(directory.path())->rewrite(all_of(records)).has_value());
  CHECK(Opened(directory.path()).replayed == expected);
}

TEST_CASE("the newest generation is used, and what an unfinished rewriting left is removed") {
  const TemporaryDirectory directory;
  REQUIRE(Opened(directory.path())->rewrite(all_of({value("a", "1")})).has_value());
  const std::string first = directory.path() + "/results-00000001.log";
  std::filesystem::copy_file(first, directory.path() + "/results-00000007.log");
  spit(first, "not even a log");
  spit(directory.path() + "/results-00000009.log.new", "half a file");
  Opened log(directory.path());
  CHECK(log.replayed == "a=1");
  CHECK(files_in(directory) == Names{"results-00000007.log"});
  REQUIRE(log->rewrite(all_of({})).has_value());
  CHECK(files_in(directory) == Names{"results-00000008.log"});
}

TEST_CASE("files of other names are neither read nor removed") {
  const TemporaryDirectory directory;
  const Names others = {"notes.txt", "results-.log", "results-00000005.log.bak", "results-12x.log",
                        "results.log"};
  for (const std::string& name : others) spit(directory.path() + "/" + name, "somebody's");
  Opened log(directory.path());
  CHECK(log->broken());
  CHECK(files_in(directory) == others);
}

TEST_CASE("a log of another version stops the start and stays untouched") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/results-00000003.log";
  spit(path, "tocsinR9 something new");
  const auto opened = ResultLog::open(directory.path(), [](const StoredRecord&) {});
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().code == Errc::kUnsupported);
  CHECK(opened.error().where == path);
  CHECK(slurp(path) == "tocsinR9 something new");
}

TEST_CASE("a torn tail is cut off, damage inside is kept for who wants to look") {
  const TemporaryDirectory directory;
  {
    Opened log(directory.path());
    REQUIRE(log->rewrite(all_of({value("a", "1"), value("b", "2")})).has_value());
  }
  const std::string path = directory.path() + "/results-00000001.log";
  const std::string sound = slurp(path);

  SUBCASE("torn tail") {
    spit(path, sound + "torn");
    Opened log(directory.path());
    CHECK(log.replayed == "a=1 b=2");
    CHECK(log->damaged_bytes() == 4);
    CHECK_FALSE(log->damaged_inside());
    CHECK_FALSE(log->broken());
    CHECK(slurp(path) == sound);
  }
  SUBCASE("damage inside") {
    std::string bytes = sound;
    bytes[20] = static_cast<char>(bytes[20] ^ 1);
    spit(path, bytes);
    Opened log(directory.path());
    CHECK(log.replayed == "b=2");
    CHECK(log->damaged_inside());
    CHECK(slurp(path) == bytes);
    REQUIRE(log->rewrite(all_of({value("b", "2")})).has_value());
    CHECK(files_in(directory) == Names{"results-00000002.log", "results.damaged"});
    CHECK(slurp(directory.path() + "/results.damaged") == bytes);
    REQUIRE(log->rewrite(all_of({value("b", "3")})).has_value());  // a sound one is only removed
    CHECK(slurp(directory.path() + "/results.damaged") == bytes);
  }
  SUBCASE("not one good byte") {
    spit(path, "");
    Opened log(directory.path());
    CHECK(log.replayed.empty());
    CHECK(log->broken());
    REQUIRE(log->rewrite(all_of({value("c", "3")})).has_value());
    log.log.reset();
    CHECK(Opened(directory.path()).replayed == "c=3");
  }
}

TEST_CASE("after a refused append the log takes nothing until it could be written anew") {
  const TemporaryDirectory directory;
  Opened log(directory.path());
  REQUIRE(log->rewrite(all_of({value("a", "1")})).has_value());
  Result<void> appended;
  Result<void> rewritten;
  {
    const FileSizeLimit full(4096);
    log->stage({value("b", std::string(8192, 'b')), kNever});
    appended = log->append();
    rewritten = log->rewrite(all_of({value("b", std::string(8192, 'b'))}));
  }
  REQUIRE_FALSE(appended.has_value());
  CHECK(appended.error().code == Errc::kIo);
  CHECK_FALSE(rewritten.has_value());
  CHECK(log->broken());
  CHECK(log->size_bytes() == 0);
  CHECK(files_in(directory) == Names{"results-00000001.log"});
  add(*log.log, value("lost", "1"));

  REQUIRE(log->rewrite(all_of({value("c", "3")})).has_value());
  CHECK_FALSE(log->broken());
  add(*log.log, value("d", "4"));
  log.log.reset();
  CHECK(Opened(directory.path()).replayed == "c=3 d=4");
}

TEST_CASE("a rewriting that cannot begin leaves the present generation in use") {
  const TemporaryDirectory directory;
  Opened log(directory.path());
  REQUIRE(log->rewrite(all_of({value("a", "1")})).has_value());
  const std::string in_the_way = directory.path() + "/results-00000002.log.new";
  std::filesystem::create_directory(in_the_way);
  const auto rewritten = log->rewrite(all_of({value("never", "1")}));
  REQUIRE_FALSE(rewritten.has_value());
  CHECK(rewritten.error().where == in_the_way);
  CHECK_FALSE(log->broken());
  add(*log.log, value("b", "2"));
  log.log.reset();
  std::filesystem::remove(in_the_way);
  CHECK(Opened(directory.path()).replayed == "a=1 b=2");
}
