// Captured datagrams, damaged at random, through the decoder and through a slow oracle.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ingest/statsd/captured.hpp"
#include "tests/unit/ingest/statsd/decode_all.hpp"
#include "tests/unit/ingest/statsd/naive_decoder.hpp"

namespace tocsin::statsd::testing {
namespace {

constexpr int kDatagrams = 240'000;
constexpr std::size_t kSeedBytes = 160;  // longer captures are cut up: damage is then dense

std::vector<std::string> seeds() {
  std::vector<std::string> seeds = reference_datagrams();
  for (const char* name :
       {"hotshots.dgram", "datadogpy.dgram", "node_others.dgram", "python_statsd.dgram"}) {
    for (const std::string& datagram : read_datagrams(name)) {
      for (std::size_t at = 0; at < datagram.size(); at += kSeedBytes) {
        seeds.push_back(datagram.substr(at, kSeedBytes));
      }
    }
  }
  return seeds;
}

class Mutator {
 public:
  explicit Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string next() {
    std::string text = pick();
    for (std::size_t n = below(5); n > 0; --n) damage(text);
    return text;
  }

 private:
  void damage(std::string& text) {
    static const std::string kTokens[] = {
        "|", ":",  "\n",  "\r\n", "|@0.5", "|#a:b,c", "|T17", "@",   "-", "+",    "1e5", ".",
        "0", "|c", "|ms", "|s",   "|g",    "|c:",     "_sc|", "_e{", "",  "\xFF", "9",   " "};
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
        text.insert(at, kTokens[below(std::size(kTokens))]);
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 2:
        text.erase(at, below(8));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size() + 1), below(20)));
        break;
      case 4:
        text = text.substr(0, at);
        break;
      default:
        text += "\n" + pick();
    }
  }

  const std::string& pick() { return seeds_[below(seeds_.size())]; }
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_{8125};
};

bool same(const KeptSample& a, const KeptSample& b) {
  // Bit for bit: -0 is not 0, and infinities of the strict dialect must agree too.
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  return a.kind == b.kind && a.op == b.op && a.name == b.name && a.tags == b.tags &&
         a.member == b.member && a.timestamp_s == b.timestamp_s && bits(a.value) == bits(b.value) &&
         bits(a.weight) == bits(b.weight);
}

std::vector<Options> all_options() {
  Options dogstatsd = with_dialect(Dialect::kDogstatsd);
  dogstatsd.telemetry_prefix = "datadog.";
  Options short_records;
  short_records.max_record_bytes = 60;
  return {Options{}, with_dialect(Dialect::kEtsyStrict), dogstatsd, short_records};
}

TEST_CASE("damaged datagrams give what the oracle gives, and every piece is counted once") {
  const std::vector<Options> options = all_options();
  Mutator mutator(seeds());
  std::size_t samples = 0;
  std::size_t rejects = 0;
  for (int i = 0; i < kDatagrams; ++i) {
    const std::string text = mutator.next();
    const Options& chosen = options[static_cast<std::size_t>(i) % options.size()];
    const NaiveOutcome expected = naive_decode(text, chosen);
    // Exactly as large as the datagram, so that a sanitizer sees any byte read outside.
    const auto bytes = std::make_unique<char[]>(text.size());
    std::copy(text.begin(), text.end(), bytes.get());

    RecordingIntake intake;
    Decoder decoder(chosen, intake);
    const std::size_t taken = decoder.decode({bytes.get(), text.size()}, {});
    const bool flushed = decoder.flush();
    const std::size_t pieces = intake.kept.size() + intake.events.size() + intake.rejects.size();
    if (taken != text.size() || !flushed || pieces != expected.pieces() || intake.dropped != 0 ||
        !std::equal(intake.kept.begin(), intake.kept.end(), expected.samples.begin(),
                    expected.samples.end(), same)) {
      FAIL("datagram " << i << ": " << text);
    }
    // Without events among them, the causes must agree one by one.
    if (expected.messages == 0 && causes_of(intake) != expected.rejects) {
      FAIL("causes of datagram " << i << ": " << text);
    }
    samples += intake.kept.size();
    rejects += intake.rejects.size();
  }
  // The damage is neither so light nor so heavy that one side goes untested.
  CHECK(samples > 200'000);
  CHECK(rejects > 100'000);
}

}  // namespace
}  // namespace tocsin::statsd::testing
