// JSON lines, damaged at random: each record is counted once, and no event breaks a promise.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/json/decode_all.hpp"
#include "tests/unit/ingest/json/invariants.hpp"

namespace tocsin::json_lines::testing {
namespace {

constexpr int kInputs = 100'000;

std::vector<std::string> seeds() {
  std::vector<std::string> seeds = {
      R"({"time":1795229828.474,"host":"h","service":"s","state":"ok","metric":1,"description":"d","tags":["a","b"],"ttl":60,"attributes":{"ingest":"statsd","k":"v"}})",
      R"({"ts":"2026-11-21T02:51:52Z","level":"warn","msg":"x","a":{"b":{"c":[1,2.5e3,"y",null,{}]}},"value":-0.5})",
      R"([{"msg":"a"},{"msg":"b","n":18446744073709551615}])",
      "plain text\n{\"msg\":\"\\ud83d\\ude00\\u00f6\"}\n",
  };
  const std::string capture = tocsin::testing::read_capture("syslog/syslogng_tcp_json.bin");
  for (std::size_t at = 0; at < capture.size();) {
    const std::size_t end = std::min(capture.find('\n', at), capture.size());
    seeds.push_back(capture.substr(at, std::min<std::size_t>(end - at, 300)));
    at = end + 1;
  }
  return seeds;
}

class Mutator {
 public:
  std::string next() {
    std::string text = pick();
    for (std::size_t n = below(6); n > 0; --n) damage(text);
    return text;
  }

 private:
  void damage(std::string& text) {
    static const std::string kTokens[] = {"{",
                                          "}",
                                          "[",
                                          "]",
                                          "\"",
                                          "\\",
                                          ",",
                                          ":",
                                          "\n",
                                          "\r\n",
                                          "null",
                                          "true",
                                          "1e5",
                                          "-",
                                          "0",
                                          ".",
                                          "\\u",
                                          "\\ud83d",
                                          "\\udc00",
                                          "\xFF",
                                          "\xC3\xB6",
                                          "\xEF\xBB\xBF",
                                          " ",
                                          "{\"a\":",
                                          "[[",
                                          "[{",
                                          "}]",
                                          "\"msg\":",
                                          "\"level\":3,",
                                          "\"time\":\"2026-11-21T02:51:52+0000\",",
                                          "\"tags\":[",
                                          "\"attributes\":{",
                                          std::string(1, '\0')};
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
      case 1:
        text.insert(at, kTokens[below(std::size(kTokens))]);
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 3:
        text.erase(at, below(8));
        break;
      case 4:
        text.insert(at, text.substr(below(text.size() + 1), below(30)));
        break;
      default: {
        const std::string& other = pick();
        text = text.substr(0, at) + other.substr(below(other.size()));
      }
    }
  }

  const std::string& pick() { return seeds_[below(seeds_.size())]; }
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::vector<std::string> seeds_ = seeds();
  std::mt19937_64 random_{8259};
};

std::vector<Options> all_options() {
  std::vector<Options> all(4);
  all[1].whole_bodies = true;
  all[2].limits.max_depth = 2;
  all[2].limits.max_key_bytes = 12;
  all[3].max_line_bytes = 100;
  all[3].limits.max_members = 4;
  return all;
}

TEST_CASE("damaged lines are counted once, and their events keep every promise") {
  const std::vector<Options> options = all_options();
  std::vector<std::unique_ptr<LongLived>> decoders;
  for (const Options& o : options) decoders.push_back(std::make_unique<LongLived>(o));
  const Origin origin = origin_of_tests();
  Mutator mutator;
  std::size_t malformed = 0;
  std::size_t whole = 0;
  std::size_t rejects = 0;
  for (int i = 0; i < kInputs; ++i) {
    const std::string text = mutator.next();
    const std::size_t choice = static_cast<std::size_t>(i) % options.size();
    // Exactly as large as the input, so that a sanitizer sees any byte read outside.
    const auto bytes = std::make_unique<char[]>(text.size());
    std::copy(text.begin(), text.end(), bytes.get());
    LongLived& decoder = *decoders[choice];
    const std::string broken =
        broken_invariant({bytes.get(), text.size()}, origin, options[choice], decoder);
    if (!broken.empty()) FAIL(broken << ", input " << i << ": " << text);
    rejects += decoder.intake.rejects.size();
    for (const Event& event : decoder.intake.events) {
      ++(event::find_attribute(event, "malformed") != nullptr ? malformed : whole);
    }
  }
  // The damage is neither so light nor so heavy that one side goes untested.
  CHECK(malformed > 20'000);
  CHECK(whole > 30'000);
  CHECK(rejects > 10'000);
}

}  // namespace
}  // namespace tocsin::json_lines::testing
