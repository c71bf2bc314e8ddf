#include "src/rules/grok/engine/fingerprints.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::rules::grok::engine {
namespace {

ByteSet bytes(std::string_view text) {
  ByteSet set;
  for (const char c : text) set.set(index_of(c));
  return set;
}

FingerprintHit found(const Fingerprints& fingerprints, std::string_view line, std::size_t from) {
  PaddedText text;
  text.assign(line);
  const FingerprintHit portable = find_fingerprint_portably(fingerprints, text, from);
  const FingerprintHit best = best_find_fingerprint()(fingerprints, text, from);
  CHECK(best.at == portable.at);
  CHECK(best.buckets == portable.buckets);
  return portable;
}

std::vector<std::uint32_t> one_by_one(const Fingerprints& fingerprints, std::string_view line) {
  std::vector<std::uint32_t> places;
  for (std::size_t from = 0; from <= line.size();) {
    const FingerprintHit hit = found(fingerprints, line, from);
    if (hit.at == FingerprintHit::kNone) break;
    places.push_back(static_cast<std::uint32_t>(hit.at));
    from = hit.at + 1;
  }
  return places;
}

// By both ways, as far as there is room.
std::vector<std::uint32_t> all_found(const Fingerprints& fingerprints, std::string_view line,
                                     std::size_t room) {
  PaddedText text;
  (void)text.assign(line);
  std::vector<std::uint32_t> portable(room);
  std::vector<std::uint32_t> best(room);
  portable.resize(find_fingerprints_portably(fingerprints, text, 0, portable));
  best.resize(best_find_fingerprints()(fingerprints, text, 0, best));
  CHECK(best == portable);
  return portable;
}

TEST_CASE("three bytes side by side are found with their bucket") {
  Fingerprints fingerprints;
  fingerprints.add(0, {bytes("Jj"), bytes("a"), bytes("n")});
  fingerprints.add(5, {bytes("F"), bytes("e"), bytes("b")});
  CHECK(found(fingerprints, "on 3 Feb", 0).at == 5);
  CHECK(found(fingerprints, "on 3 Feb", 0).buckets == 1U << 5);
  CHECK(found(fingerprints, "jan Jan", 1).at == 4);
  CHECK(found(fingerprints, "Fen Jab", 0).at == FingerprintHit::kNone);
  CHECK(found(fingerprints, "", 0).at == FingerprintHit::kNone);
  CHECK(found(fingerprints, "Fe", 0).at == FingerprintHit::kNone);
}

TEST_CASE("places behind the end of the text are what they were said to be") {
  Fingerprints fingerprints;
  ByteSet end;
  end.set(kEndOfText);
  fingerprints.add(1, {bytes("x"), end, end});
  CHECK(found(fingerprints, "axbx", 0).at == 3);
  Fingerprints nothing;
  nothing.add(0, {end, end, end});
  CHECK(found(nothing, "abc", 0).at == 3);
}

TEST_CASE("the quick way finds what the portable one finds") {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    Fingerprints fingerprints;
    for (std::size_t bucket = 0; bucket < Fingerprints::kBuckets; ++bucket) {
      std::array<ByteSet, Fingerprints::kPlaces> sets;
      for (ByteSet& set : sets) set.set('a' + random() % 6).set('a' + random() % 6);
      fingerprints.add(bucket, sets);
    }
    std::string line;
    for (auto size = random() % 120; size > 0; --size)
      line += static_cast<char>('a' + random() % 12);
    for (std::size_t from = 0; from <= line.size(); ++from) (void)found(fingerprints, line, from);
    CHECK(all_found(fingerprints, line, 1000) == one_by_one(fingerprints, line));
    for (const std::size_t room : {1U, 3U, 64U}) {
      std::vector<std::uint32_t> expected = one_by_one(fingerprints, line);
      expected.resize(std::min(expected.size(), room));
      CHECK(all_found(fingerprints, line, room) == expected);
    }
  }
}

}  // namespace
}  // namespace tocsin::rules::grok::engine
