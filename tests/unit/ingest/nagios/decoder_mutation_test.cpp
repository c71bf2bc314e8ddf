// Results damaged at random: everything is accounted for once, whatever the intake does, and what
// the writer makes of a line is what a slow oracle counts.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "ingest/nagios/passive_decoder.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/nagios/naive_count.hpp"
#include "tests/unit/ingest/nagios/nsca_conversation.hpp"

namespace tocsin::nagios::testing {
namespace {

using tocsin::testing::read_capture;

constexpr int kInputs = 120'000;

std::vector<std::string> seeds() {
  std::vector<std::string> seeds = {
      R"([1795229000] PROCESS_SERVICE_CHECK_RESULT;web-01;HTTP;0;OK|time=0.120s;1;5;0 size=512B)",
      R"(PROCESS_HOST_CHECK_RESULT;web-01;1;down|rta=U pl=100%;;;0;100)",
      R"([5] PROCESS_SERVICE_CHECK_RESULT;h;c;2;a\\b\nlong|'it''s'=1c 'a b'=2\nc=3)",
      "[5] PROCESS_HOST_CHECK_RESULT;a;0;x\n[5] PROCESS_HOST_CHECK_RESULT;b;9;y|z=1"};
  std::istringstream file(read_capture("nagios/plugin_output.txt"));
  for (std::string line; std::getline(file, line);) {
    if (line.find('|') == std::string::npos) continue;
    seeds.push_back("[1795229000] PROCESS_SERVICE_CHECK_RESULT;vm;c;0;" + line);
  }
  return seeds;
}

class Mutator {
 public:
  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t n = below(5); n > 0; --n) damage(text);
    return text;
  }
  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  void damage(std::string& text) {
    static const std::vector<std::string> kTokens = {
        " ", "\n", "\r\n", ";", "=", "|", "'", "''", "\\n", "\\\\", "\\",       "[",       "]",
        "U", "0",  "9",    "-", ".", "e", ",", "%",  "\t",  "\xFF", "\xC3\xB6", "'x y'=1", " b=2"};
    const std::size_t at = below(text.size() + 1);
    switch (below(5)) {
      case 0:
        text.insert(at, kTokens[below(kTokens.size())]);
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 2:
        text.erase(at, below(8));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(30)));
        break;
      default:
        if (at < text.size()) text.replace(at, 1, kTokens[below(kTokens.size())]);
    }
  }

  std::vector<std::string> seeds_ = seeds();
  std::mt19937_64 random_{2003};
};

// Exactly as large as the text, so that a sanitizer sees any byte read outside.
std::unique_ptr<char[]> exact_copy(const std::string& text) {
  auto bytes = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), bytes.get());
  return bytes;
}

TEST_CASE("damaged lines: each result, measurement and refusal is counted once") {
  Mutator mutator;
  std::size_t events = 0;
  std::size_t rejects = 0;
  for (int i = 0; i < kInputs; ++i) {
    const std::string text = mutator.next();
    const auto bytes = exact_copy(text);
    const std::string_view view(bytes.get(), text.size());
    RecordingIntake intake;
    PassiveDecoder decoder({}, intake);
    REQUIRE(decoder.decode(view, received_from_192_0_2_7()) == text.size());
    const std::size_t expected = naive_count(text);
    if (counted(intake) != expected) {
      FAIL("input " << i << ": " << counted(intake) << " for " << expected << ": " << text);
    }
    for (const KeptReject& reject : intake.rejects) {
      if (reject.offset > text.size() || reject.text.empty()) FAIL("input " << i << ": " << text);
    }
    if (i % 10 == 0) {
      for (const bool drops : {false, true}) {
        RecordingIntake fickle;
        PassiveDecoder again({}, fickle);
        decode_fickly(again, fickle, view, 1 + mutator.below(4), drops);
        CHECK(counted(fickle) == expected);
        CHECK(fickle.rejects.size() == intake.rejects.size());
        if (!drops) CHECK(fickle.events == intake.events);
      }
    }
    events += intake.events.size();
    rejects += intake.rejects.size();
  }
  // The damage is neither so light nor so heavy that one side goes untested.
  CHECK(events > 150'000);
  CHECK(rejects > 50'000);
}

TEST_CASE("damaged NSCA streams end in a fault or not at all, and take nothing false") {
  std::mt19937_64 random(2003);
  const std::string greeting = read_capture("nagios/nsca_init.bin");
  const TimePoint greeted(
      std::chrono::seconds(base::load_big_endian<std::uint32_t>(greeting.data() + 128)));
  nsca::Iv iv;
  greeting.copy(iv.data(), iv.size());
  std::size_t whole = 0;
  std::size_t unauthorized = 0;
  for (int i = 0; i < 3000; ++i) {
    const nsca::Method method = kMethods[random() % std::size(kMethods)];
    std::string stream =
        read_capture("nagios/nsca_method" + std::to_string(static_cast<int>(method)) + ".bin");
    const std::size_t at = random() % stream.size();
    const auto damage = random() % 4;
    if (damage == 1) stream[at] = static_cast<char>(stream[at] ^ (1 + random() % 255));
    if (damage == 2) stream.erase(at, 1 + random() % 100);
    if (damage == 3) stream.resize(at);
    Conversation conversation(method, "throwaway-nsca", iv, greeted);
    conversation.now = greeted;
    conversation.receive(stream, 1 + random() % 6000);
    // Packets in front of the damage are taken; a packet is 3, 1 and 1 events.
    const std::size_t events = conversation.intake.events.size();
    const std::size_t packets = damage == 0 ? 3 : at / nsca::kPacketBytes;
    const bool at_a_border = damage == 3 && at % nsca::kPacketBytes == 0;
    CHECK(events == (packets == 0 ? 0 : packets + 2));
    CHECK(conversation.intake.rejects.size() == (damage == 0 || at_a_border ? 0 : 1));
    whole += damage == 0;
    for (const KeptReject& reject : conversation.intake.rejects) {
      unauthorized += reject.cause == RejectCause::kUnauthorized;
    }
  }
  CHECK(whole > 500);
  CHECK(unauthorized > 1000);
}

}  // namespace
}  // namespace tocsin::nagios::testing
