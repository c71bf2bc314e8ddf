// Captured and made-up messages, whole and in chunks, damaged, repeated, lost and out of order:
// each is counted once, and chunks make no difference.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/ingest/captures.hpp"
#include "tests/unit/ingest/gelf/chunks.hpp"
#include "tests/unit/ingest/gelf/decode_all.hpp"
#include "tests/unit/ingest/gelf/invariants.hpp"
#include "tests/unit/ingest/wire/zlib_data.hpp"

namespace tocsin::gelf::testing {
namespace {

constexpr int kRounds = 20'000;  // of some ten datagrams each

class Mutator {
 public:
  std::vector<std::string> next() {
    std::vector<std::string> out;
    for (std::size_t n = 1 + below(3); n > 0; --n) add_message(out);
    if (below(2) == 0) std::shuffle(out.begin(), out.end(), random_);
    for (std::size_t n = below(3); n > 0; --n) {
      const std::size_t at = below(out.size());
      const std::string datagram = out[at];
      if (below(3) == 0 && out.size() > 1) {
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(at));
      } else {
        out.push_back(datagram);
      }
    }
    for (std::size_t n = below(3); n > 0; --n) damage(out[below(out.size())]);
    return out;
  }

 private:
  void add_message(std::vector<std::string>& out) {
    std::string message = seeds_[below(seeds_.size())];
    for (std::size_t n = below(3); n > 0; --n) damage(message);
    const std::size_t form = below(3);
    if (form == 1) message = wire::testing::deflated(message);
    if (form == 2) message = wire::testing::gzipped(message);
    if (below(3) == 0) {
      out.push_back(message);
    } else {
      const std::size_t size = std::max<std::size_t>(message.size() / 100 + 1, 1 + below(80));
      // Few ids, so that messages meet.
      for (std::string& part : chunks(below(4), message, size)) out.push_back(std::move(part));
    }
  }

  void damage(std::string& text) {
    static const std::string kTokens[] = {"{",
                                          "}",
                                          "\"",
                                          "\\",
                                          ",",
                                          ":",
                                          "_",
                                          "\x1E\x0F",
                                          "\x78\x9C",
                                          "\x1F\x8B",
                                          "\"level\":9,",
                                          "\"short_message\":\"x\",",
                                          "\"timestamp\":\"x\",",
                                          "\xFF",
                                          std::string(1, '\0')};
    const std::size_t at = below(text.size() + 1);
    switch (below(4)) {
      case 0:
        text.insert(at, kTokens[below(std::size(kTokens))]);
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      case 2:
        // Where the header of a chunk is.
        if (text.size() > 12) text[10 + below(2)] = static_cast<char>(below(140));
        break;
      default:
        text.erase(at, below(8));
    }
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::vector<std::string> seeds_ = [] {
    std::vector<std::string> seeds = {
        R"({"short_message":"x","_o":{"p":[1,2]},"level":"warn","timestamp":"2026-11-21T02:51:52Z"})",
        R"({"version":"1.0","message":"m","facility":"f","_facility":"g","host":""})",
    };
    const std::string stream = tocsin::testing::read_capture("gelf/tcp.bin");
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t end = stream.find('\0', at);
      seeds.push_back(stream.substr(at, end - at));
      at = end + 1;
    }
    return seeds;
  }();
  std::mt19937_64 random_{12201};
};

TEST_CASE("damaged messages and chunks are counted once, and chunks make no difference") {
  std::vector<Options> options(3);
  options[1].max_message_bytes = 150;
  options[2].limits.max_members = 6;
  options[2].default_level.reset();
  Mutator mutator;
  std::size_t datagrams = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::vector<std::string> sent = mutator.next();
    datagrams += sent.size();
    const std::string broken =
        broken_invariant(sent, origin_at(), options[static_cast<std::size_t>(i) % options.size()]);
    if (!broken.empty()) FAIL(broken << ", round " << i);
  }
  CHECK(datagrams > 100'000);
}

}  // namespace
}  // namespace tocsin::gelf::testing
