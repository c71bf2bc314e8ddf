#include "ingest/listen/framing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
      if (cut.kind == Cut::Kind::kRecords) {
        records += buffered.substr(cut.head, cut.body);
        if (cut.body > 0) each.push_back(buffered.substr(cut.head, cut.body));
      }
      buffered.erase(0, cut.head + cut.body);
    }
  }

  std::unique_ptr<Framing> framing;
  std::size_t capacity;
  std::string buffered;
  std::string records;
  std::vector<std::string> each;
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

// Cuts of a syslog stream, each a record of its own.
std::vector<std::string> syslog_records(std::string_view stream, std::size_t portion,
                                        std::size_t max_record = 60) {
  Reader reader(FramingKind::kSyslog, max_record);
  reader.receive(stream, portion);
  reader.cut(true);
  CHECK(reader.oversized == 0);
  CHECK(reader.buffered.empty());
  return reader.each;
}

using Records = std::vector<std::string>;
using std::string_literals::operator""s;
using std::string_view_literals::operator""sv;

TEST_CASE("records that end in NUL are a cut each, however the stream is split") {
  const auto stream = "{1}\0two\nlines\0\0\0x\0open"sv;
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Reader reader(FramingKind::kNul, 20);
    reader.receive(stream, portion);
    CHECK(reader.each == Records{"{1}\0"s, "two\nlines\0"s, "x\0"s});
    CHECK(reader.oversized == 0);
    CHECK(reader.buffered == "open");
    reader.cut(true);
    CHECK(reader.each.back() == "open");
    CHECK(reader.buffered.empty());
  }
}

TEST_CASE("a record of exactly the limit before NUL is whole and one byte more is too long") {
  const auto stream =
      "12345678\0"
      "123456789\0last\0"sv;
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    Reader reader(FramingKind::kNul, 8);
    reader.receive(stream, portion);
    CHECK(reader.each == Records{"12345678\0"s, "last\0"s});
    CHECK(reader.oversized == 1);
    CHECK(reader.buffered.empty());
  }
}

TEST_CASE("a record without NUL is skipped without being stored, and reported once") {
  const std::string stream = "a\0"s + std::string(500, 'x') + "\0b\0"s;
  for (std::size_t portion = 1; portion <= 40; ++portion) {
    Reader reader(FramingKind::kNul, 16);
    reader.receive(stream, portion);
    CHECK(reader.each == Records{"a\0"s, "b\0"s});
    CHECK(reader.oversized == 1);
  }
}

TEST_CASE("counted syslog frames and lines mix, however the stream is split") {
  const auto stream =
      "9 <13>one\n2"
      "<14>two\n<15>three\0"
      "8 <16>four8 <17>five\n<18>six\r\n<19>open"sv;
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    CHECK(syslog_records(stream, portion) == Records{"<13>one\n2", "<14>two\n", "<15>three\0"s,
                                                     "<16>four", "<17>five", "<18>six\r\n",
                                                     "<19>open"});
  }
}

TEST_CASE("line feeds and NULs between syslog frames are no records") {
  const auto stream = "\n\n7 <13>one\n7 <14>two\0\n<15>three\n\n\0"sv;
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    CHECK(syslog_records(stream, portion) == Records{"<13>one", "<14>two", "<15>three\n"});
  }
}

TEST_CASE("the rest of a message that a line feed split is no count") {
  const auto stream =
      "<13>two\n12 apples\n2026-11-21 pears\n0 plums\n1234567890 figs\n9 <13>three"sv;
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    CHECK(syslog_records(stream, portion) == Records{"<13>two\n", "12 apples\n",
                                                     "2026-11-21 pears\n", "0 plums\n",
                                                     "1234567890 figs\n", "<13>three"});
  }
}

TEST_CASE("a sender that counts may leave the priority out") {
  const auto stream = "5 apple4 pear"sv;
  for (std::size_t portion = 1; portion <= stream.size(); ++portion) {
    CHECK(syslog_records(stream, portion) == Records{"apple", "pear"});
  }
}

TEST_CASE("a syslog frame of exactly the limit is whole and one byte more is too long") {
  for (const std::string_view fits : {"8 <13>four"sv, "<13>four\n"sv, "<13>four\0"sv}) {
    for (std::size_t portion = 1; portion <= fits.size(); ++portion) {
      CHECK(syslog_records(fits, portion, 8).size() == 1);
    }
  }
  for (const std::string_view too_long : {"9 <13>eight"sv, "<13>eight\n"sv, "<13>eight\0"sv}) {
    for (std::size_t portion = 1; portion <= too_long.size(); ++portion) {
      Reader reader(FramingKind::kSyslog, 8);
      reader.receive(too_long, portion);
      reader.cut(true);
      CHECK(reader.records.empty());
      CHECK(reader.oversized == 1);
      CHECK(reader.buffered.empty());
    }
  }
}

TEST_CASE("a syslog frame that is too long is reported once and its neighbours are kept") {
  const std::string stream = "<13>a\n900 <13>" + std::string(896, '\n') + "<14>b\n<15>" +
                             std::string(400, 'x') + "\n5 <16>c999999999 <17>";
  for (std::size_t portion = 1; portion <= 30; ++portion) {
    Reader reader(FramingKind::kSyslog, 16);
    reader.receive(stream, portion);
    CHECK(reader.each == Records{"<13>a\n", "<14>b\n", "<16>c"});
    CHECK(reader.oversized == 3);
    CHECK(reader.buffered.empty());
  }
}

TEST_CASE("a counted syslog frame that is cut short is no record even when the stream ended") {
  Reader reader(FramingKind::kSyslog, 16);
  reader.receive("5 <16>c9 <13>fi", 4);
  reader.cut(true);
  CHECK(reader.each == Records{"<16>c"});
  CHECK(reader.buffered == "9 <13>fi");
}

TEST_CASE("digits at the end of a syslog stream are a line") {
  for (const std::string_view end : {"123"sv, "<13>a\n123 "sv}) {
    CHECK(syslog_records(end, 1).back().starts_with("123"));
  }
}

}  // namespace
}  // namespace tocsin::listen
