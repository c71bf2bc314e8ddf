#include "src/detect/memory/state_io.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace tocsin::detect {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr StateForm kForm{"TEST", 3, "test"};

// One field of each sort; a list whose length is a field too.
struct Sample {
  float number = 1.25F;
  double within = -2.5e100;
  std::array<float, 2> missing{kNaN, 4};
  std::array<std::uint8_t, 3> bytes{1, 2, 240};
  std::uint16_t count = 300;
  bool flag = true;
  std::string text = "text";
  std::uint32_t length = 2;
  std::vector<double> list{5, 6};

  template <class Self, class State>
  static void visit_state(Self& self, State& state) {
    state.number(self.number);
    state.number(self.within, -1e150, 1e150);
    state.numbers_or_missing(self.missing);
    state.bytes(self.bytes, 240);
    state.count(self.count, 1000);
    state.flag(self.flag);
    state.text(self.text);
    state.count(self.length, 8);
    if constexpr (State::kReads) self.list.resize(self.length);
    for (auto& value : self.list) state.number(value);
    state.require(self.length < 8);
  }
};

std::string saved(const Sample& sample) {
  std::string out;
  save_state(sample, kForm, out);
  return out;
}

bool restores(const std::string& state) {
  Sample sample;
  return restore_state(sample, kForm, state).has_value();
}

// The fields of it in their form with a right sum: what somebody who knows the form could write.
std::string in_form(std::string_view fields) {
  std::string out;
  begin_state(kForm, out);
  out += fields;
  end_state(0, out);
  return out;
}

TEST_CASE("what was written is read") {
  std::string out = "before";
  save_state(Sample{}, kForm, out);
  Sample read{0, 0, {}, {}, 0, false, "", 0, {}};
  REQUIRE(restore_state(read, kForm, out.substr(6)));
  CHECK(read.number == 1.25F);
  CHECK(read.within == -2.5e100);
  CHECK(read.missing[0] != read.missing[0]);
  CHECK(read.missing[1] == 4);
  CHECK(read.bytes == std::array<std::uint8_t, 3>{1, 2, 240});
  CHECK(read.count == 300);
  CHECK(read.flag);
  CHECK(read.text == "text");
  CHECK(read.list == std::vector<double>{5, 6});
  CHECK(saved(read) == out.substr(6));
}

TEST_CASE("the form is its name, its version and the sum of FNV-1a at its end") {
  // FNV-1a of "TEST", 3, "foobar".
  const std::string state = in_form("foobar");
  CHECK(state.substr(0, 11) ==
        "TEST\x03"
        "foobar");
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const char c : state.substr(0, 11)) {
    sum = (sum ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
  }
  for (int i = 0; i < 8; ++i) {
    CHECK(static_cast<std::uint8_t>(state[11 + static_cast<std::size_t>(i)]) ==
          static_cast<std::uint8_t>(sum >> (8 * i)));
  }
}

TEST_CASE("another detector, another version and damage are told apart") {
  const std::string good = saved(Sample{});
  const auto refusal = [](const std::string& state) {
    Sample sample;
    return restore_state(sample, kForm, state).error().text;
  };
  CHECK(refusal("") == "no state of the test");
  CHECK(refusal("OTHER" + good) == "no state of the test");
  CHECK(refusal(good + "x") == "a damaged state of the test");
  std::string later;
  save_state(Sample{}, {"TEST", 4, "test"}, later);
  CHECK(refusal(later) == "a state of another version of the test");
  Sample sample;
  const Error impossible = restore_state(sample, kForm, in_form("short")).error();
  CHECK(impossible.code == Errc::kRange);
  CHECK(impossible.text == "a state of the test with impossible values");
}

TEST_CASE("a bound exceeded, no number, what was required and text left over are refused") {
  const std::vector<Sample> bad{
      {.number = kNaN},
      {.number = std::numeric_limits<float>::infinity()},
      {.within = 1.1e150},
      {.within = std::numeric_limits<double>::quiet_NaN()},
      {.missing = {std::numeric_limits<float>::infinity(), 0}},
      {.bytes = {0, 241, 0}},
      {.count = 1001},
      {.length = 9, .list = std::vector<double>(9)},
      {.length = 8, .list = std::vector<double>(8)},
      {.list = {1, 2, 3}},
      {.list = {1}},
  };
  CHECK(restores(saved(Sample{})));
  for (const Sample& sample : bad) CHECK_FALSE(restores(saved(sample)));
}

TEST_CASE("each changed byte and each shorter text is refused") {
  const std::string good = saved(Sample{});
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    REQUIRE_FALSE(restores(changed));
    REQUIRE_FALSE(restores(good.substr(0, i)));
  }
}

TEST_CASE("any bytes are refused or leave each field within its bounds") {
  std::mt19937 random(5);
  const std::string good = saved(Sample{});
  const std::string fields = good.substr(5, good.size() - 13);
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string forged = fields;
    for (unsigned i = 0; i <= random() % 4; ++i) {
      forged[random() % forged.size()] = static_cast<char>(random());
    }
    if (round % 5 == 0) forged.resize(random() % forged.size());
    Sample sample;
    const bool restored = restore_state(sample, kForm, in_form(forged)).has_value();
    accepted += restored ? 1 : 0;
    REQUIRE(sample.number == sample.number);
    REQUIRE((sample.within >= -1e150 && sample.within <= 1e150));
    REQUIRE(sample.count <= 1000);
    REQUIRE(sample.list.size() <= 8);
    REQUIRE(sample.text.size() <= forged.size());
    for (const std::uint8_t byte : sample.bytes) REQUIRE(byte <= 240);
  }
  CHECK(accepted > 100);
}

}  // namespace
}  // namespace tocsin::detect
