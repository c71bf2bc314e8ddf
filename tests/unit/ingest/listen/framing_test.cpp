#include "ingest/listen/framing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace tocsin::listen {
namespace {

// What a connection does with cuts, over a buffer that receives `portion` bytes at a time.
struct Reader {
  Reader(FramingKind kind, std::size_t max_record)
      : framing(make_framing(kind, max_record)), capacity(least_buffer(max_record)) {}

  void receive(std::string_view stream, std::size_t portion) {
    while (!stream.empty()) {
      const std::size_t size = std::min({portion, stream.size(), capacity - buffered.size()});
      REQUIRE(size > 0);  // a full buffer that yields nothing would never make progress
      buffered.append(stream.substr(0, size));
      stream.remove_prefix(size);
      cut(false);
    }
  }

  void cut(bool ended) {
    for (;;) {
      const Cut cut = framing->cut(buffered, ended);
      if (cut.kind == Cut::Kind::kNeedMore) return;
      if (cut.kind == Cut::Kind::kOversized) {
        ++oversized;
        continue;
      }
      REQUIRE(cut.head + cut.body > 0);
      REQUIRE(cut.head + cut.body <= buffered.size());
      if (cut.kind == Cut::Kind::kRecords) records += buffered.substr(cut.head, cut.body);
      buffered.erase(0, cut.head + cut.body);
    }
  }

  std::unique_ptr<Framing> framing;
  std::size_t capacity;
  std::string buffered;
  std::string records;
  std::size_t oversized = 0;
};

std::string frame(std::string_view record, FramingKind kind = FramingKind::kLength32) {
  const auto size = static_cast<std::uint32_t>(record.size());
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((size >> shift) & 0xff);
  if (kind == FramingKind::kBigLength32) std::reverse(out.begin(), out.end());
  return out.append(record);
}

TEST_CASE("lines are the same however the stream is split") {
  const std::string stream = "a:1|c\n\nlonger.name:22|ms\nb:3|g\n";
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Reader reader(FramingKind::kLines, 20);
    reader.receive(stream, portion);
    CHECK(reader.records == stream);
    CHECK(reader.oversized == 0);
    CHECK(reader.buffered.empty());
  }
}

TEST_CASE("many whole lines are one cut") {
  const auto framing = make_framing(FramingKind::kLines, 8);
  const Cut cut = framing->cut("a\nbb\nccc\ndddd\neeeee\nopen", false);
  CHECK(cut.kind == Cut::Kind::kRecords);
  CHECK(cut.head == 0);
  CHECK(cut.body == 20);
}

TEST_CASE("a line of exactly the limit is whole and one byte more is too long") {
  for (std::size_t portion = 1; portion <= 16; ++portion) {
    Reader fits(FramingKind::kLines, 8);
    fits.receive("12345678\n", portion);
    CHECK(fits.records == "12345678\n");
    CHECK(fits.oversized == 0);

    Reader too_long(FramingKind::kLines, 8);
    too_long.receive("123456789\n", portion);
    CHECK(too_long.records.empty());
    CHECK(too_long.oversized == 1);
  }
}

TEST_CASE("a line that is too long is reported once and its neighbours are kept") {
  const std::string stream = "first\n" + std::string(100, 'x') + "\nlast\n";
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Reader reader(FramingKind::kLines, 8);
    reader.receive(stream, portion);
    CHECK(reader.records == "first\nlast\n");
    CHECK(reader.oversized == 1);
  }
}

TEST_CASE("an open last line counts only when the stream ended in good order") {
  Reader reader(FramingKind::kLines, 20);
  reader.receive("a:1|c\nb:2", 4);
  CHECK(reader.records == "a:1|c\n");
  CHECK(reader.buffered == "b:2");
  reader.cut(true);
  CHECK(reader.records == "a:1|c\nb:2");
}

TEST_CASE("length frames are the same however the stream is split") {
  const std::string stream = frame("a:1|c\nb:2|c") + frame("") + frame("c:3|g\n");
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Reader reader(FramingKind::kLength32, 20);
    reader.receive(stream, portion);
    CHECK(reader.records == "a:1|c\nb:2|cc:3|g\n");
    CHECK(reader.buffered.empty());
  }
}

TEST_CASE("big-endian length frames are the same however the stream is split") {
  constexpr FramingKind kBig = FramingKind::kBigLength32;
  const std::string long_record(300, 'y');  // its length shows in two bytes
  const std::string stream = frame("one", kBig) + frame("", kBig) + frame(long_record, kBig) +
                             frame(std::string(70000, 'x'), kBig) + frame("two", kBig);
  for (std::size_t portion = 1; portion <= 305; ++portion) {
    Reader reader(kBig, 300);
    reader.receive(stream, portion);
    CHECK(reader.records == "one" + long_record + "two");
    CHECK(reader.oversized == 1);
    CHECK(reader.buffered.empty());
  }
}

TEST_CASE("a length frame that is too long is skipped without being stored") {
  const std::string stream = frame("one") + frame(std::string(500, 'x')) + frame("two");
  for (std::size_t portion = 1; portion <= 40; ++portion) {
    Reader reader(FramingKind::kLength32, 16);
    reader.receive(stream, portion);
    CHECK(reader.records == "onetwo");
    CHECK(reader.oversized == 1);
  }
}

TEST_CASE("the largest length does not overflow") {
  Reader reader(FramingKind::kLength32, 16);
  reader.receive("\xff\xff\xff\xff" + std::string(1000, 'x'), 20);
  CHECK(reader.records.empty());
  CHECK(reader.oversized == 1);
  CHECK(reader.buffered.empty());
}

TEST_CASE("a cut length frame is no record even when the stream ended") {
  Reader reader(FramingKind::kLength32, 16);
  reader.receive(frame("whole") + frame("half").substr(0, 6), 5);
  reader.cut(true);
  CHECK(reader.records == "whole");
  CHECK(reader.buffered.size() == 6);
}

}  // namespace
}  // namespace tocsin::listen
