// Captured and made messages, damaged at random, through the decoder and through a slow oracle.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/riemann/messages.hpp"
#include "tests/unit/ingest/riemann/naive_decoder.hpp"

namespace tocsin::riemann::testing {
namespace {

constexpr std::size_t kMessages = 200'000;

std::vector<std::string> seeds() {
  std::vector<std::string> seeds = tocsin::testing::read_datagrams("riemann/client_udp.dgram");
  for (const char* name : {"riemann/client_tcp.bin", "riemann/write_riemann.bin"}) {
    for (std::string& msg : tocsin::testing::read_records(name, true)) {
      seeds.push_back(std::move(msg));
    }
  }
  std::string many;
  for (int i = 0; i < 4; ++i) many += event_of(service(std::to_string(i)) + attribute("k", "v"));
  seeds.push_back(many + query_of("service = \"a\"") + many);
  seeds.push_back(query_of("service =~ \"a%\"") + many);
  seeds.push_back(many + query_of("true"));
  seeds.push_back(bytes(kStates, service("old") + real32(15, 1.5F)) + many);
  seeds.push_back(event_of(number(1, 5) + real64(14, 0.5) + real32(8, 60) + "\x5b\x08\x01\x5c"));
  return seeds;
}

class Mutator {
 public:
  std::string next() {
    std::string text = pick();
    for (std::size_t n = below(4); n > 0; --n) damage(text);
    return text;
  }

 private:
  void damage(std::string& text) {
    static const std::string kPieces[] = {"\x80",
                                          "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                          std::string("\x32\x00", 2),
                                          "\x0b",
                                          "\x0c",
                                          real32(8, -1),
                                          number(1, UINT64_MAX),
                                          "\x7f",
                                          number(13, 99),
                                          bytes(7, "t"),
                                          bytes(9, bytes(2, "v")),
                                          "\x0e",
                                          bytes(3, "\xE9"),
                                          query_of("q"),
                                          std::string(30, '\x0b')};
    const std::size_t at = below(text.size() + 1);
    switch (below(8)) {
      case 0:
        text.insert(at, kPieces[below(std::size(kPieces))]);
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(text[at] + (below(2) == 0 ? 1 : -1));
        break;
      case 3:
        text.erase(at, below(8));
        break;
      case 4:
        text.insert(at, text.substr(below(text.size() + 1), below(20)));
        break;
      case 5:
        text = text.substr(0, at);
        break;
      case 6:
        text += pick();
        break;
      default:  // an event with damage inside, so that its neighbours can be read
        text += event_of(pick().substr(2));
    }
  }

  const std::string& pick() { return seeds_[below(seeds_.size())]; }
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::vector<std::string> seeds_ = seeds();
  std::mt19937_64 random_{5555};
};

// Doubles by their bits: here NaN is NaN, and -0 is not 0.
bool same(Event a, Event b) {
  const auto* x = std::get_if<double>(&a.metric);
  const auto* y = std::get_if<double>(&b.metric);
  if (x != nullptr && y != nullptr) {
    if (std::bit_cast<std::uint64_t>(*x) != std::bit_cast<std::uint64_t>(*y)) return false;
    a.metric = b.metric = {};
  }
  return a == b;
}

std::vector<RejectCause> causes_of(const RecordingIntake& intake) {
  std::vector<RejectCause> causes;
  for (const KeptReject& reject : intake.rejects) causes.push_back(reject.cause);
  return causes;
}

Outcome::Kind expected_kind(const NaiveOutcome& expected) {
  if (!expected.causes.empty()) return Outcome::Kind::kRefused;
  return expected.query ? Outcome::Kind::kQuery : Outcome::Kind::kAccepted;
}

// A decoder that reads one message after the other, as that of a connection does.
struct Subject {
  Subject(const Options& given, bool is_answered)
      : options(given),
        answered(is_answered),
        decoder(answered ? answering(outcomes, options) : options, intake) {}

  // Through a pipeline that is full at the first `refusals` events, which changes nothing.
  void decode(std::string_view msg, std::size_t refusals) {
    intake = {};
    outcomes.clear();
    intake.events_to_refuse = refusals;
    // Exactly as large as the message, so that a sanitizer sees any byte read outside.
    const auto block = std::make_unique<char[]>(msg.size());
    std::copy(msg.begin(), msg.end(), block.get());
    std::string_view rest(block.get(), msg.size());
    rest.remove_prefix(decoder.decode(rest, {}));
    if (!rest.empty()) rest.remove_prefix(decoder.decode(rest, {}));
    whole = rest.empty();
  }

  const Options options;
  const bool answered;
  std::vector<KeptOutcome> outcomes;
  RecordingIntake intake;
  Decoder decoder;
  bool whole = false;  // the last message was read to its end
};

std::vector<std::unique_ptr<Subject>> all_subjects() {
  Options tight;
  tight.max_event_bytes = 100;
  tight.max_tags = 1;
  tight.max_attributes = 2;
  tight.max_query_bytes = 8;
  std::vector<std::unique_ptr<Subject>> subjects;
  for (const Options& options : {Options{}, tight}) {
    for (const bool answered : {true, false}) {
      subjects.push_back(std::make_unique<Subject>(options, answered));
    }
  }
  return subjects;
}

bool agrees(const Subject& subject, const NaiveOutcome& expected, std::size_t size) {
  const RecordingIntake& intake = subject.intake;
  for (const KeptReject& reject : intake.rejects) {
    if (reject.offset > size) return false;
  }
  if (!subject.whole || intake.dropped != 0 || causes_of(intake) != expected.causes) return false;
  if (!std::equal(intake.events.begin(), intake.events.end(), expected.events.begin(),
                  expected.events.end(), same)) {
    return false;
  }
  if (!subject.answered) return true;
  if (subject.outcomes.size() != 1) return false;
  const KeptOutcome& outcome = subject.outcomes[0];
  if (outcome.kind != expected_kind(expected)) return false;
  return outcome.kind != Outcome::Kind::kQuery || outcome.text == expected.query;
}

TEST_CASE("damaged messages give what the oracle gives, and every record is counted once") {
  const std::vector<std::unique_ptr<Subject>> subjects = all_subjects();
  Mutator mutator;
  std::size_t events = 0;
  std::size_t rejects = 0;
  std::size_t queries = 0;
  for (std::size_t i = 0; i < kMessages; ++i) {
    const std::string text = mutator.next();
    Subject& subject = *subjects[i % subjects.size()];
    subject.decode(text, i / subjects.size() % 2);
    const NaiveOutcome expected = naive_decode(text, subject.options, subject.answered);
    if (!agrees(subject, expected, text.size()))
      FAIL("message " << i << " of " << text.size() << " bytes");
    events += subject.intake.events.size();
    rejects += subject.intake.rejects.size();
    queries += expected.query ? 1U : 0U;
  }
  // The damage is neither so light nor so heavy that one side goes untested.
  CHECK(events > 200'000);
  CHECK(rejects > 100'000);
  CHECK(queries > 5'000);
}

}  // namespace
}  // namespace tocsin::riemann::testing
