#include "src/pipeline/counters.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <set>
#include <string_view>

namespace tocsin::pipeline {
namespace {

constexpr auto kRejectCauses = static_cast<std::size_t>(RejectCause::kCount_);
constexpr auto kDropCauses = static_cast<std::size_t>(DropCause::kCount_);

TEST_CASE("each cause of a drop has a word of its own") {
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < kDropCauses; ++i) words.insert(to_string(static_cast<DropCause>(i)));
  CHECK(words.size() == kDropCauses);
  CHECK(words.count("") == 0);
  CHECK(to_string(DropCause::kPipelineFull) == "pipeline_full");
  CHECK(to_string(DropCause::kMemory) == "memory");
}

TEST_CASE("totals add up every thread's counters, cause by cause") {
  IngestCounters ingest[2];
  ShardCounters shards[3];
  std::uint64_t next = 1;  // a different number everywhere
  InputTotals expected;
  for (IngestCounters& c : ingest) {
    c.received.add(next * 1000);
    expected.received += next++ * 1000;
    c.dropped_full.add(next);
    expected.dropped[static_cast<std::size_t>(DropCause::kPipelineFull)] += next++;
    c.dropped_rule.add(next);
    expected.dropped[static_cast<std::size_t>(DropCause::kRule)] += next++;
    c.digested.add(next);
    expected.processed += next++;
    for (std::size_t i = 0; i < kRejectCauses; ++i) {
      c.rejected[i].add(next);
      expected.rejected[i] += next++;
    }
  }
  for (ShardCounters& c : shards) {
    c.processed.add(next);
    expected.processed += next++;
    for (std::size_t i = 0; i < kDropCauses; ++i) {
      c.dropped[i].add(next);
      expected.dropped[i] += next++;
    }
  }
  InputTotals totals;
  for (const ShardCounters& c : shards) totals.add(c);
  for (const IngestCounters& c : ingest) totals.add(c);
  CHECK(totals.received == expected.received);
  CHECK(totals.processed == expected.processed);
  CHECK(totals.rejected == expected.rejected);
  CHECK(totals.dropped == expected.dropped);
}

TEST_CASE("what was received is processed, refused, lost or still under way") {
  InputTotals totals;
  CHECK(totals.in_flight() == 0);
  totals.received = 100;
  CHECK(totals.in_flight() == 100);
  totals.processed = 40;
  totals.rejected[static_cast<std::size_t>(RejectCause::kSyntax)] = 20;
  totals.rejected[static_cast<std::size_t>(RejectCause::kUnsupported)] = 5;
  totals.dropped[static_cast<std::size_t>(DropCause::kPipelineFull)] = 10;
  totals.dropped[static_cast<std::size_t>(DropCause::kMemory)] = 5;
  CHECK(totals.in_flight() == 20);
}

TEST_CASE("a reading that saw the end before the beginning has nothing under way") {
  InputTotals totals;
  totals.received = 10;
  totals.processed = 11;
  CHECK(totals.in_flight() == 0);
}

TEST_CASE("counters of two threads never share a cache line") {
  CHECK(alignof(IngestCounters) >= kCacheLine);
  CHECK(sizeof(IngestCounters) % kCacheLine == 0);
  CHECK(alignof(ShardCounters) >= kCacheLine);
  CHECK(sizeof(ShardCounters) % kCacheLine == 0);
}

}  // namespace
}  // namespace tocsin::pipeline
