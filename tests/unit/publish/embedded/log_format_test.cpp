#include "src/publish/embedded/log_format.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/publish/store_testing.hpp"

using namespace tocsin;
using namespace tocsin::publish;

namespace {

StoredRecord numbered(int i) {
  return {value("key" + std::to_string(i), std::string(20, static_cast<char>('a' + i))), kNever};
}

std::string log_of(int records) {
  std::string bytes(kLogMagic);
  for (int i = 0; i < records; ++i) append_frame(numbered(i), bytes.size(), bytes);
  return bytes;
}

struct Outcome {
  std::vector<Record> records;
  std::uint64_t good_end = 0;
  std::uint64_t damaged = 0;
  std::uint64_t inside = 0;
};

Outcome read_back(const TemporaryDirectory& directory, const std::string& bytes) {
  auto file = AppendFile::open(directory.path() + "/log");
  REQUIRE(file.has_value());
  REQUIRE(file->truncate(0).has_value());
  REQUIRE(file->append(bytes).has_value());
  LogReader reader(*file);
  REQUIRE(reader.read_magic().has_value());
  Outcome outcome;
  for (;;) {
    auto next = reader.next();
    REQUIRE(next.has_value());
    if (!next->has_value()) break;
    outcome.records.push_back((*next)->record);
  }
  outcome.good_end = reader.good_end();
  outcome.damaged = reader.damaged_bytes();
  outcome.inside = reader.damaged_inside_bytes();
  return outcome;
}

}  // namespace

TEST_CASE("records come back from a log with their end of life") {
  TemporaryDirectory directory;
  StoredRecord stored{member("index", "name"), TimePoint(std::chrono::seconds(99))};
  std::string bytes(kLogMagic);
  append_frame(stored, bytes.size(), bytes);
  CHECK(bytes.size() == kLogMagic.size() + frame_bytes(stored.record));
  auto file = AppendFile::open(directory.path() + "/log");
  REQUIRE(file.has_value());
  REQUIRE(file->append(bytes).has_value());
  LogReader reader(*file);
  REQUIRE(reader.read_magic().has_value());
  auto next = reader.next();
  REQUIRE(next.has_value());
  REQUIRE(next->has_value());
  CHECK((*next)->record == stored.record);
  CHECK((*next)->expires == stored.expires);
}

TEST_CASE("a log cut anywhere yields every whole record before the cut") {
  TemporaryDirectory directory;
  const std::string bytes = log_of(5);
  const std::size_t frame = frame_bytes(numbered(0).record);
  for (std::size_t size = kLogMagic.size(); size <= bytes.size(); ++size) {
    const Outcome outcome = read_back(directory, bytes.substr(0, size));
    const std::size_t whole = (size - kLogMagic.size()) / frame;
    REQUIRE(outcome.records.size() == whole);
    REQUIRE(outcome.good_end == kLogMagic.size() + whole * frame);
    REQUIRE(outcome.damaged == size - outcome.good_end);
    REQUIRE(outcome.inside == 0);
  }
}

TEST_CASE("a changed byte costs one record at most, and is counted") {
  TemporaryDirectory directory;
  const std::string good = log_of(5);
  for (std::size_t at = kLogMagic.size(); at < good.size(); ++at) {
    std::string bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    const Outcome outcome = read_back(directory, bytes);
    REQUIRE(outcome.records.size() == 4);
    REQUIRE(outcome.damaged == frame_bytes(numbered(0).record));
  }
}

TEST_CASE("a whole frame inside a value is not taken for a record") {
  TemporaryDirectory directory;
  // A record whose value holds a frame; its own header is damaged, so that the reader searches.
  std::string inner;
  append_frame(numbered(1), 0, inner);
  std::string bytes(kLogMagic);
  append_frame({value("outer", inner), kNever}, bytes.size(), bytes);
  bytes[kLogMagic.size()] = '\x7F';
  append_frame(numbered(2), bytes.size(), bytes);
  const Outcome outcome = read_back(directory, bytes);
  REQUIRE(outcome.records.size() == 1);
  CHECK(outcome.records[0].key == "key2");
  CHECK(outcome.inside == outcome.damaged);
}

TEST_CASE("a log of another version is refused, not repaired") {
  TemporaryDirectory directory;
  auto file = AppendFile::open(directory.path() + "/log");
  REQUIRE(file.has_value());
  REQUIRE(file->append("tocsinR2 and so on").has_value());
  LogReader reader(*file);
  const auto magic = reader.read_magic();
  REQUIRE_FALSE(magic.has_value());
  CHECK(magic.error().code == Errc::kUnsupported);
}
