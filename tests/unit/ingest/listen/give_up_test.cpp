#include "ingest/listen/give_up.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/ingest/listen/fakes.hpp"

namespace tocsin::listen {
namespace {

using namespace testing;

const std::string kTenLines = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n";

TEST_CASE("while the pipeline takes, nothing is given up") {
  FakeIntake intake;
  FakeDecoder decoder(intake);
  CHECK(decode_or_drop(decoder, kTenLines, {}) == 0);
  CHECK(decoder.flush());
  CHECK(intake.taken == 10);
  CHECK(intake.dropped == 0);
  CHECK(decode_or_drop(decoder, "", {}) == 0);
}

TEST_CASE(
    "when it refuses, every record is dropped and counted, and the last ones wait for a flush") {
  FakeIntake intake;
  FakeDecoder decoder(intake);
  intake.full = true;
  CHECK(decode_or_drop(decoder, kTenLines, {}) == 0);
  CHECK(intake.dropped == 8);  // two times the decoder's room
  intake.full = false;
  CHECK(decoder.flush());
  CHECK(intake.lines() == std::vector<std::string>{"8", "9"});
}

// Takes what a test says, call by call; drop() is counted.
struct Scripted final : Decoder {
  explicit Scripted(std::vector<std::size_t> takes) : takes_(std::move(takes)) {}
  std::size_t decode(std::string_view bytes, const Origin&) override {
    seen.emplace_back(bytes);
    return next_ < takes_.size() ? takes_[next_++] : 0;
  }
  bool flush() override { return true; }
  void drop() override { ++drops; }

  std::vector<std::string> seen;
  int drops = 0;

 private:
  std::vector<std::size_t> takes_;
  std::size_t next_ = 0;
};

TEST_CASE("each call goes on where the last one stopped") {
  Scripted decoder({2, 3, 1});
  CHECK(decode_or_drop(decoder, "abcdef", {}) == 0);
  CHECK(decoder.seen == std::vector<std::string>{"abcdef", "cdef", "f"});
  CHECK(decoder.drops == 2);
}

TEST_CASE("a decoder may take nothing once, while something is buffered in it") {
  Scripted decoder({0, 6});
  CHECK(decode_or_drop(decoder, "abcdef", {}) == 0);
  CHECK(decoder.drops == 1);
}

TEST_CASE("a decoder that takes nothing although it is empty ends the attempt, with what is left") {
  Scripted decoder({2, 1, 0});
  CHECK(decode_or_drop(decoder, "abcdef", {}) == 3);
  CHECK(decoder.seen.size() == 3);
}

}  // namespace
}  // namespace tocsin::listen
