// Captured lines and pickles, damaged at random: everything is accounted for once, whatever the
// intake does, and lines give what a slow oracle gives.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/graphite/decode_all.hpp"
#include "tests/unit/ingest/graphite/naive_decoder.hpp"

namespace tocsin::graphite::testing {
namespace {

using tocsin::testing::read_capture;
using tocsin::testing::read_records;

constexpr int kInputs = 120'000;

std::vector<std::string> line_seeds() {
  std::vector<std::string> seeds = {R"(disk{host="web",mount="/va\"r"} 1 1795229000)",
                                    "a;k=v 1e5 1795229000.75", "b 1_0.5 -1", "c -inf 12"};
  for (const char* name :
       {"relay_input.txt", "statsd_backend_text_0.txt", "collectd_write_graphite.txt"}) {
    const std::string text = read_capture(std::string("graphite/") + name);
    for (std::size_t at = 0; at < text.size(); at += 150) seeds.push_back(text.substr(at, 150));
  }
  return seeds;
}

std::vector<std::string> pickle_seeds() {
  std::vector<std::string> seeds;
  const std::string folder = "graphite/";
  for (const char* name :
       {"pickle/py3_proto0_list", "pickle/py3_proto1_inner_lists", "pickle/py3_proto2_list",
        "pickle/py3_proto3_tuple_outer", "pickle/py3_proto4_list", "pickle/py2_shape_proto0",
        "pickle/py2_shape_proto2", "pickle_bad/self_ref_list", "pickle_bad/memo_missing",
        "pickle_bad/proto2_global"}) {
    for (const std::string& frame : read_records(folder + name + ".pickle", true)) {
      seeds.push_back(frame);
    }
  }
  return seeds;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::vector<std::string> tokens)
      : seeds_(std::move(seeds)), tokens_(std::move(tokens)) {}

  std::string next() {
    std::string text = pick();
    for (std::size_t n = below(5); n > 0; --n) damage(text);
    return text;
  }

 private:
  void damage(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
        text.insert(at, tokens_[below(tokens_.size())]);
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
        if (below(4) == 0) text = text.substr(0, at);
        break;
      default:
        if (at < text.size()) text.replace(at, 1, tokens_[below(tokens_.size())]);
    }
  }

  const std::string& pick() { return seeds_[below(seeds_.size())]; }
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::vector<std::string> seeds_;
  std::vector<std::string> tokens_;
  std::mt19937_64 random_{2003};
};

// Exactly as large as the text, so that a sanitizer sees any byte read outside.
std::unique_ptr<char[]> exact_copy(const std::string& text) {
  auto bytes = std::make_unique<char[]>(text.size());
  std::copy(text.begin(), text.end(), bytes.get());
  return bytes;
}

// Decodes with an intake that refuses every third event or so. Returns what was counted in all.
template <class AnyDecoder>
std::size_t counted_with_refusals(const std::string& text, bool drops) {
  RecordingIntake intake;
  AnyDecoder decoder({}, intake);
  std::string_view rest = text;
  for (std::size_t round = 0; !rest.empty(); ++round) {
    intake.events_to_refuse = round % 3 == 0 ? 2 : 0;
    rest.remove_prefix(decoder.decode(rest, received()));
    if (!rest.empty() && drops) decoder.drop();
    REQUIRE(round < 10 * text.size() + 10);
  }
  if (!drops) CHECK(intake.dropped == 0);
  return intake.events.size() + intake.rejects.size() + intake.dropped;
}

bool agrees(const NaiveLine& line, const Event& event) {
  const double time = std::chrono::duration<double>(event.time.time_since_epoch()).count();
  const double expected = line.time == -1
                              ? std::chrono::duration<double>(kReceived.time_since_epoch()).count()
                              : line.time;
  return as_double(event.metric) == line.value && std::abs(time - expected) < 1e-5 &&
         line.name.starts_with(event.service.substr(0, event.service.find('\xEF')));
}

TEST_CASE("damaged lines give what the oracle gives, and each is counted once") {
  Mutator mutator(line_seeds(),
                  {" ", "\n", "\r\n", "\t",  ";", "=", "{",  "}", "\"",   "\\",       "-", "+", ".",
                   "e", "_",  "nan",  "inf", "0", "9", "-1", "~", "\xFF", "\xC3\xB6", "\0"});
  std::size_t events = 0;
  std::size_t rejects = 0;
  for (int i = 0; i < kInputs; ++i) {
    const std::string text = mutator.next();
    const auto bytes = exact_copy(text);
    const RecordingIntake intake = decode_lines({bytes.get(), text.size()});
    const std::vector<NaiveLine> lines = naive_lines(text);
    bool good = intake.events.size() + intake.rejects.size() == lines.size();
    std::size_t event = 0;
    std::size_t reject = 0;
    for (const NaiveLine& line : lines) {
      if (!good) break;
      // Only its tags can be wrong with a line that the oracle takes; series_name_test.cpp tells.
      const bool tags_refused =
          line.well_formed && SeriesName().read(line.name, Options().max_tags).has_value();
      if (!line.well_formed || tags_refused) {
        good = reject < intake.rejects.size();
        ++reject;
      } else {
        good = event < intake.events.size() && agrees(line, intake.events[event]);
        ++event;
      }
    }
    if (!good) FAIL("input " << i << ": " << text);
    if (i % 10 == 0) {
      CHECK(counted_with_refusals<LineDecoder>(text, false) == lines.size());
      CHECK(counted_with_refusals<LineDecoder>(text, true) == lines.size());
    }
    events += intake.events.size();
    rejects += intake.rejects.size();
  }
  // The damage is neither so light nor so heavy that one side goes untested.
  CHECK(events > 100'000);
  CHECK(rejects > 50'000);
}

TEST_CASE("damaged pickles are refused whole or point by point, and each is counted once") {
  Mutator mutator(pickle_seeds(), {"(",
                                   ".",
                                   "N",
                                   "I1\n",
                                   "L5L\n",
                                   "K\x01",
                                   "F1.5\n",
                                   "S'a'\n",
                                   "U\x01"
                                   "a",
                                   "]",
                                   "l",
                                   "a",
                                   "e",
                                   ")",
                                   "t",
                                   "\x85",
                                   "\x86",
                                   "\x87",
                                   "p1\n",
                                   "q\x01",
                                   "\x94",
                                   "g1\n",
                                   "h\x01",
                                   "\x8a\x09",
                                   "0",
                                   "c",
                                   "R"});
  std::size_t events = 0;
  std::size_t bad_points = 0;
  std::size_t bad_frames = 0;
  for (int i = 0; i < kInputs; ++i) {
    const std::string frame = mutator.next();
    const auto bytes = exact_copy(frame);
    const std::string_view view(bytes.get(), frame.size());
    const RecordingIntake intake = decode_pickle(view);

    Pickle pickle(Options().max_pickle_values);
    const bool readable = !frame.empty() && !pickle.read(view) && pickle.root().has_items();
    const std::size_t expected =
        frame.empty() ? 0
        : readable    ? pickle.size(pickle.root()) + (pickle.end() != frame.size() ? 1 : 0)
                      : 1;
    if (intake.events.size() + intake.rejects.size() != expected)
      FAIL("input " << i << ": " << frame);
    for (const KeptReject& reject : intake.rejects) CHECK(reject.offset <= frame.size());
    if (i % 10 == 0) {
      CHECK(counted_with_refusals<PickleDecoder>(frame, false) == expected);
      CHECK(counted_with_refusals<PickleDecoder>(frame, true) == expected);
    }
    events += intake.events.size();
    (readable ? bad_points : bad_frames) += intake.rejects.size();
  }
  CHECK(events > 50'000);
  CHECK(bad_points > 2'000);
  CHECK(bad_frames > 20'000);
}

}  // namespace
}  // namespace tocsin::graphite::testing
