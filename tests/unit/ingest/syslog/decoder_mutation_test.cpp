// Captured messages, damaged at random: each is counted once, and no event breaks a promise.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/syslog/decode_all.hpp"
#include "tests/unit/ingest/syslog/invariants.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::syslog::testing {
namespace {

using wire::testing::deflated;

constexpr int kMessages = 300'000;
constexpr std::size_t kLongestSeed = 300;  // damage is then dense

std::vector<std::string> seeds() {
  std::vector<std::string> seeds;
  for (const char* name :
       {"logger_udp.dgram", "logger_unix.dgram", "apps_udp.dgram", "rsyslog_udp_3164trad.dgram",
        "rsyslog_udp_forward.dgram", "rsyslog_udp_5424.dgram", "syslogng_udp_3164.dgram",
        "syslogng_udp_5424.dgram"}) {
    for (const std::string& message :
         tocsin::testing::read_datagrams(std::string("syslog/") + name)) {
      seeds.push_back(message.substr(0, kLongestSeed));
    }
  }
  seeds.push_back(
      "<189>45: router1: 000123: *Nov 21 02:51:52.000 UTC: %SYS-5-CONFIG_I: Configured");
  seeds.push_back("<166>Nov 21 2026 02:51:52 fw1 : %ASA-6-302013: Built");
  seeds.push_back("z" + deflated("<34>1 - vm app - - [a b=\"c\"] compressed"));
  return seeds;
}

class Mutator {
 public:
  std::string next() {
    std::string text = pick();
    for (std::size_t n = below(5); n > 0; --n) damage(text);
    return text;
  }

 private:
  void damage(std::string& text) {
    static const std::string kTokens[] = {"<",
                                          ">",
                                          "1 ",
                                          "- ",
                                          "-",
                                          " ",
                                          "  ",
                                          "[",
                                          "]",
                                          "\"",
                                          "\\",
                                          "=",
                                          ":",
                                          ": ",
                                          "\n",
                                          "*",
                                          "<13>1",
                                          "z",
                                          "x",
                                          "%",
                                          "0",
                                          "9",
                                          "[a b=\"c\"]",
                                          " a=\"b\"",
                                          "\\\"",
                                          "\xFF",
                                          "\xC3\xB6",
                                          "\a",
                                          "\x7F",
                                          "Nov 21 02:51:52 ",
                                          std::string(1, '\0'),
                                          "2026-11-21T02:51:52Z "};
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
  std::mt19937_64 random_{514};
};

std::vector<Options> all_options() {
  std::vector<Options> all(4);
  all[1].with_host = false;
  all[1].default_host = "vm";
  all[1].trim_text = true;
  all[2].escape_controls = true;
  all[2].bare_tags = false;
  all[3].max_message_bytes = 60;
  all[3].max_parameters = 1;
  return all;
}

TEST_CASE("damaged messages are counted once, and their events keep every promise") {
  const std::vector<Options> options = all_options();
  std::vector<std::unique_ptr<LongLived>> decoders;
  for (const Options& o : options) decoders.push_back(std::make_unique<LongLived>(o));
  const Origin origin = origin_of_tests();
  Mutator mutator;
  std::size_t malformed = 0;
  std::size_t whole = 0;
  std::size_t rejects = 0;
  for (int i = 0; i < kMessages; ++i) {
    const std::string text = mutator.next();
    const std::size_t choice = static_cast<std::size_t>(i) % options.size();
    // Exactly as large as the message, so that a sanitizer sees any byte read outside.
    const auto bytes = std::make_unique<char[]>(text.size());
    std::copy(text.begin(), text.end(), bytes.get());
    LongLived& decoder = *decoders[choice];
    const std::string broken =
        broken_invariant({bytes.get(), text.size()}, origin, options[choice], decoder);
    if (!broken.empty()) FAIL(broken << ", message " << i << ": " << text);
    rejects += decoder.intake.rejects.size();
    if (decoder.intake.events.empty()) continue;
    const bool is_malformed =
        event::find_attribute(decoder.intake.events[0], "malformed") != nullptr;
    ++(is_malformed ? malformed : whole);
  }
  // The damage is neither so light nor so heavy that one side goes untested.
  CHECK(malformed > 50'000);
  CHECK(whole > 100'000);
  CHECK(rejects > 10'000);
}

}  // namespace
}  // namespace tocsin::syslog::testing
