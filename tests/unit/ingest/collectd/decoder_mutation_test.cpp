// Captured datagrams, lines and objects, damaged at random, through the decoders.
// A datagram is also read by a slow reader of parts, which says how many records it holds and what
// each may become: nothing is lost and nothing is made up.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/collectd/network_decoder.hpp"
#include "ingest/collectd/text_decoder.hpp"
#include "ingest/collectd/write_http_decoder.hpp"
#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/collectd/naive_parts.hpp"
#include "tests/unit/ingest/collectd/packet.hpp"
#include "tests/unit/ingest/collectd/rig.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::collectd::testing {
namespace {

using tocsin::testing::read_capture;
using tocsin::testing::read_datagrams;
using tocsin::testing::RecordingIntake;

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::vector<std::string> tokens)
      : seeds_(std::move(seeds)), tokens_(std::move(tokens)) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t n = below(5); n > 0 && !text.empty(); --n) damage(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  void damage(std::string& text) {
    const std::size_t at = below(text.size());
    switch (below(6)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ 1 << below(8));
        break;
      case 1:
        text[at] = static_cast<char>(random_());
        break;
      case 2:
        text.erase(at, below(16));
        break;
      case 3:
        text.insert(at, tokens_[below(tokens_.size())]);
        break;
      case 4:
        text.resize(at);
        break;
      default: {
        const std::string& other = seeds_[below(seeds_.size())];
        const std::size_t from = below(other.size());
        text.insert(at, other, from, below(64));
        break;
      }
    }
  }

  std::vector<std::string> seeds_;
  std::vector<std::string> tokens_;
  std::mt19937 random_{20261121};
};

void check_event(const Event& event) {
  CHECK_FALSE(event.service.empty());
  CHECK(event.tags == std::vector<std::string>{"collectd"});
  if (const auto* const real = std::get_if<double>(&event.metric)) CHECK(std::isfinite(*real));
  CHECK((event.state.empty() || event.metric == Metric()));
}

void check_rejects(const RecordingIntake& intake, std::string_view bytes) {
  for (const auto& reject : intake.rejects) {
    CHECK(reject.cause < RejectCause::kCount_);
    CHECK_FALSE(reject.text.empty());
    CHECK(reject.offset <= bytes.size());
  }
}

// TOCSIN_MUTATIONS asks for another number: a million takes minutes under sanitizers.
int datagrams_to_damage() {
  const char* asked = std::getenv("TOCSIN_MUTATIONS");
  return asked == nullptr ? 100'000 : std::max(100'000, std::atoi(asked));
}

TEST_CASE("every part of damaged datagrams is accounted for") {
  std::vector<std::string> seeds;
  for (const char* name : {"plain.dgram", "signed.dgram", "encrypted.dgram"}) {
    for (std::string& datagram : read_datagrams(std::string("collectd/") + name)) {
      seeds.push_back(std::move(datagram));
    }
  }
  // Plain ones in pieces: damage is then dense.
  for (const std::string& datagram : read_datagrams("collectd/plain.dgram")) {
    for (std::size_t at = 0; at < datagram.size(); at += 120) {
      seeds.push_back(description(1795229290) + datagram.substr(at, 120));
    }
  }
  Mutator mutator(std::move(seeds),
                  {host("h"), plugin(""), values({gauge(1)}), values({counter(1), absolute(2)}),
                   severity(1), message("text"), seconds(~0ull), part(0x0006, "x"),
                   encryption_part("probe", "s3cr3t-Throwaway", host("h") + values({gauge(1)}))});
  const auto users = parse_users(read_capture("collectd/authfile"));
  std::size_t events = 0;
  std::size_t rejects = 0;
  const int datagrams = datagrams_to_damage();
  for (int i = 0; i < datagrams; ++i) {
    const std::string datagram = mutator.next();
    Options options;
    options.security_level = static_cast<SecurityLevel>(i % 3);
    RateTable rates({}, 1);
    RecordingIntake intake;
    NetworkDecoder decoder(options, users, rates, intake);
    REQUIRE(decoder.decode(datagram, origin_at()) == datagram.size());
    const NaiveCount expected = count_parts(datagram, options.security_level, *users);
    CAPTURE(i);
    // A list that is refused is one reject instead of its values.
    REQUIRE(intake.rejects.size() >= expected.rejects);
    REQUIRE(intake.rejects.size() <= expected.rejects + expected.lists);
    REQUIRE(intake.events.size() <= expected.values);
    if (intake.rejects.size() == expected.rejects) REQUIRE(intake.events.size() == expected.values);
    if (intake.rejects.size() == expected.rejects + expected.lists) REQUIRE(intake.events.empty());
    for (const Event& event : intake.events) check_event(event);
    check_rejects(intake, datagram);
    events += intake.events.size();
    rejects += intake.rejects.size();
  }
  CHECK(events > 100'000);
  CHECK(rejects > 100'000);
}

// What is taken in one call and what is taken in many, with little room, is the same.
template <class Decoder>
void check_steps(Mutator& mutator, const Options& options, int inputs) {
  std::size_t events = 0;
  std::size_t rejects = 0;
  for (int i = 0; i < inputs; ++i) {
    const std::string bytes = mutator.next();
    RateTable rates({}, 1);
    RecordingIntake whole;
    Decoder decoder(options, rates, whole);
    REQUIRE(decoder.decode(bytes, origin_at()) == bytes.size());
    for (const Event& event : whole.events) check_event(event);
    check_rejects(whole, bytes);

    RateTable step_rates({}, 1);
    RecordingIntake kept;
    LimitedIntake intake(kept);
    Decoder stepping(options, step_rates, intake);
    decode_in_steps(stepping, intake, bytes, 1 + static_cast<std::size_t>(i) % 3);
    CAPTURE(i);
    REQUIRE(kept.events == whole.events);
    REQUIRE(kept.rejects.size() == whole.rejects.size());
    events += whole.events.size();
    rejects += whole.rejects.size();
  }
  CHECK(events > 1000);
  CHECK(rejects > 1000);
}

TEST_CASE("damaged lines are the same in one call and in many") {
  std::vector<std::string> seeds;
  std::string rest = read_capture("collectd/text_protocol.txt");
  for (std::size_t at = rest.find("> "); at != std::string::npos; at = rest.find("\n> ", at)) {
    at += rest[at] == '\n' ? 3 : 2;
    seeds.push_back(rest.substr(at, rest.find('\n', at) - at) + "\n");
  }
  REQUIRE(seeds.size() == 35);
  for (std::size_t i = 0; i < 30; i += 3) seeds.push_back(seeds[i] + seeds[i + 1] + seeds[i + 2]);
  Mutator mutator(std::move(seeds), {"\n", "\"", " ", ":", "N:1", "U", "=", "-", "\\", "PUTVAL ",
                                     "h/p/gauge ", " 1795229291:5 ", "interval=1 "});
  Options options;
  options.types = captured_types();
  check_steps<TextDecoder>(mutator, options, 30'000);
}

TEST_CASE("damaged objects are the same in one call and in many") {
  std::vector<std::string> seeds;
  const std::string text = read_capture("collectd/write_http_raw.jsonl");
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    seeds.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  for (std::size_t i = 0; i + 1 < 100; i += 2)
    seeds.push_back("[" + seeds[i] + "," + seeds[i + 1] + "]");
  Mutator mutator(std::move(seeds), {"{", "}", "[", "]", "\"", ",", ":", "null", "1e5", "\\",
                                     "\\u00", "\"labels\":", "[[[[[[[["});
  Options options;
  options.types = captured_types();
  check_steps<WriteHttpDecoder>(mutator, options, 30'000);
}

}  // namespace
}  // namespace tocsin::collectd::testing
