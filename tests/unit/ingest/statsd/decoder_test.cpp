#include "ingest/statsd/decoder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/counting_new.hpp"
#include "tests/unit/ingest/counting_intake.hpp"
#include "tests/unit/ingest/statsd/decode_all.hpp"

namespace tocsin::statsd::testing {
namespace {

using Values = std::vector<double>;

std::string numbered_lines(std::size_t first, std::size_t count) {
  std::string text;
  for (std::size_t i = first; i < first + count; ++i) text += "n:" + std::to_string(i) + "|c\n";
  return text;
}

Values numbers(std::size_t count) {
  Values values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(i);
  return values;
}

TEST_CASE("lines end in LF or CR LF, the last may lack it, empty ones are skipped") {
  const RecordingIntake intake = decode_all("\na:1|c\r\n\r\n\n_a:2|c\nb:3|c|#t\r\nc:4|c\r");
  CHECK(values_of(intake) == Values{1, 2, 3, 4});
  CHECK(intake.rejects.empty());
  CHECK(intake.kept[2].tags == "t");
}

TEST_CASE("an empty datagram is nothing") {
  const RecordingIntake intake = decode_all("");
  CHECK(intake.kept.empty());
  CHECK(intake.rejects.empty());
}

TEST_CASE("a line longer than the limit is refused alone") {
  Options options;
  options.max_record_bytes = 10;
  const RecordingIntake intake =
      decode_all("aaaaaa:1|c\naaaaaaa:1|c\n_e{1,1}:a|b\na:1|c|#tags\n_bbbbb:2|c\r\n", options);
  CHECK(values_of(intake) == Values{1, 2});
  REQUIRE(intake.rejects.size() == 3);
  for (const KeptReject& reject : intake.rejects) CHECK(reject.cause == RejectCause::kOversized);
  CHECK(intake.rejects[0].offset == 11);
}

TEST_CASE("offsets count from the first byte of the datagram") {
  const RecordingIntake intake = decode_all("a:1|c\nb:zz|c\n_sc|x|9\n");
  REQUIRE(intake.rejects.size() == 2);
  CHECK(intake.rejects[0].offset == 8);
  CHECK(intake.rejects[1].offset == 19);
}

TEST_CASE("samples are handed over in batches and on flush") {
  RecordingIntake intake;
  Decoder decoder({}, intake);
  const std::string text = numbered_lines(0, 1000);
  CHECK(decoder.decode(text, {}) == text.size());
  CHECK(intake.calls == 3);
  CHECK(intake.kept.size() == 768);
  CHECK(decoder.flush());
  CHECK(intake.calls == 4);
  CHECK(values_of(intake) == numbers(1000));
  CHECK(decoder.flush());
  CHECK(intake.calls == 4);
}

TEST_CASE("samples of several datagrams share a batch") {
  RecordingIntake intake;
  Decoder decoder({}, intake);
  const std::vector<std::string> datagrams = {"n:0|c", "n:1|c\nn:2|c\n", "n:3|c"};
  for (const std::string& datagram : datagrams) {
    CHECK(decoder.decode(datagram, {}) == datagram.size());
  }
  CHECK(intake.calls == 0);
  CHECK(decoder.flush());
  CHECK(intake.calls == 1);
  CHECK(values_of(intake) == numbers(4));
}

// Packed lines, events and bad lines between plain ones; 2000 pieces in all.
std::string busy_stream() {
  std::string text;
  for (std::size_t i = 0; i < 200; ++i) {
    text += numbered_lines(i * 8, 4) + "n:" + std::to_string(i * 8 + 4);
    for (std::size_t k = 5; k < 8; ++k) text += ":" + std::to_string(i * 8 + k);
    text += "|c|#packed\n_e{1,1}:t|x\nbad line\n";
  }
  return text;
}

TEST_CASE("a stream loses and doubles nothing while the intake takes a few at a time") {
  for (const std::size_t per_call : {1U, 2U, 7U, 100U, 255U, 256U, 257U}) {
    CAPTURE(per_call);
    RecordingIntake intake;
    intake.samples_per_call = per_call;
    Decoder decoder({}, intake);
    const std::string text = busy_stream();
    std::string_view rest = text;
    std::size_t refusals = 0;
    while (!rest.empty()) {
      if (++refusals % 3 == 0) intake.events_to_refuse = 2;
      const std::size_t taken = decoder.decode(rest, {});
      // Only whole lines are taken.
      REQUIRE((taken == 0 || rest[taken - 1] == '\n'));
      rest.remove_prefix(taken);
    }
    while (!decoder.flush()) {
    }
    CHECK(values_of(intake) == numbers(1600));
    CHECK(intake.events.size() == 200);
    CHECK(intake.rejects.size() == 200);
    CHECK(intake.dropped == 0);
  }
}

TEST_CASE("a datagram listener that drops when full moves on, and every record is counted once") {
  for (const std::size_t per_call : {0U, 3U, 200U}) {
    CAPTURE(per_call);
    RecordingIntake intake;
    intake.samples_per_call = per_call;
    Decoder decoder({}, intake);
    const std::string text = busy_stream();
    std::string_view rest = text;
    std::size_t rounds = 0;
    while (!rest.empty()) {
      intake.events_to_refuse = rounds % 2 == 0 ? 1000 : 0;
      rest.remove_prefix(decoder.decode(rest, {}));
      if (!rest.empty()) decoder.drop();
      REQUIRE(++rounds < 1000);
    }
    if (!decoder.flush()) decoder.drop();
    CHECK(intake.dropped > 0);
    CHECK(intake.kept.size() + intake.events.size() + intake.rejects.size() + intake.dropped ==
          2000);
  }
}

TEST_CASE("drop gives up what is buffered and nothing else") {
  RecordingIntake intake;
  Decoder decoder({}, intake);
  CHECK(decoder.decode("a:1|c\nb:2|c", {}) == 11);
  decoder.drop();
  CHECK(intake.dropped == 2);
  decoder.drop();
  CHECK(intake.dropped == 2);
  CHECK(decoder.flush());
  CHECK(intake.kept.empty());
}

TEST_CASE("an event that the intake refuses stays at the front of what is left") {
  RecordingIntake intake;
  intake.events_to_refuse = 2;
  Decoder decoder({}, intake);
  const std::string_view text = "a:1|c\n_e{1,1}:t|x\nb:2|c";
  CHECK(decoder.decode(text, {}) == 6);
  CHECK(decoder.decode(text.substr(6), {}) == 0);
  CHECK(decoder.decode(text.substr(6), {}) == text.size() - 6);
  CHECK(decoder.flush());
  CHECK(intake.events.size() == 1);
  CHECK(values_of(intake) == Values{1, 2});
}

TEST_CASE("a packed line with more values than a batch is decoded whole") {
  std::string line = "p:0";
  for (std::size_t i = 1; i < 1000; ++i) line += ":" + std::to_string(i);
  const RecordingIntake intake = decode_all(line + "|d\n");
  CHECK(intake.calls == 1);
  CHECK(values_of(intake) == numbers(1000));
}

TEST_CASE("the strict dialect knows neither events nor checks") {
  const RecordingIntake intake =
      decode_all("_e{5,4}:title|text\n_sc|x|0", with_dialect(Dialect::kEtsyStrict));
  CHECK(intake.events.empty());
  CHECK(intake.rejects.size() == 2);
}

TEST_CASE("decoding known shapes allocates nothing") {
  tocsin::testing::CountingIntake intake;
  const std::string text =
      "a:1|c\na:2.5|ms|@0.1\nb:-3|g|#x:y,z\nu:bob|s\np:1:2:3|h|#x\nm:1|c:2|ms\nbad\n_x:1e3|c\n"
      "long:123456789012345678|c|T1795229000\n";
  Decoder decoder({}, intake);
  CHECK(decoder.decode(text, {}) == text.size());
  const std::uint64_t before = tocsin::testing::heap_allocations();
  for (int i = 0; i < 1000; ++i) {
    if (decoder.decode(text, {}) != text.size()) break;
  }
  const bool flushed = decoder.flush();
  const std::uint64_t after = tocsin::testing::heap_allocations();
  CHECK(after == before);
  CHECK(flushed);
  CHECK(intake.count + intake.lost == 1001 * 12);
}

}  // namespace
}  // namespace tocsin::statsd::testing
