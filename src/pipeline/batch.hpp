// What travels from an ingest thread to a shard: samples by number, and, rarely, the definitions of
// those numbers, events, and ticks.
//
// A batch is read in this order: definitions, samples, events, tick. A definition is therefore in
// place before the first sample that uses it, and everything in the batch happened before its tick.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::pipeline {

// A series, as one ingest thread numbers it towards one shard. Not the shard's own number: see
// docs/decisions/0001.
using WireId = std::uint32_t;

// Index of an input (a listener) in the daemon; counters are kept per input.
using InputId = std::uint8_t;
inline constexpr std::size_t kMaxInputs = 64;

struct Sample {
  WireId wire;
  SampleOp op;
  InputId input;
  std::uint16_t reserved;
  double value;   // kUnique: the bits of the member's 64-bit hash
  double weight;  // as in RawSample
};
static_assert(sizeof(Sample) == 24);

// A sample that carries its own time (DogStatsD `|T`); rare, so it may be large.
struct TimedSample {
  Sample sample;
  std::int64_t timestamp_s;
};

struct Batch {
  explicit Batch(std::size_t sample_capacity) { samples.reserve(sample_capacity); }

  // One definition: a number and the canonical bytes of the identity it stands for.
  struct Definition {
    WireId wire;
    std::uint32_t length;  // bytes in `bytes`, in order
  };
  struct EventRecord {
    WireId wire;  // of the series that the event belongs to
    InputId input;
    std::uint32_t length;  // of its bytes (event/compact_form.hpp), in order
  };

  std::vector<Definition> definitions;
  std::string definition_bytes;
  std::vector<Sample> samples;  // never grows beyond its first capacity
  std::vector<TimedSample> timed;
  std::vector<EventRecord> events;
  std::string event_bytes;
  std::array<std::uint32_t, kMaxInputs> records{};  // by input: samples, timed and events together
  TimePoint tick{};                                 // not zero: the batch ends with this tick
  bool last = false;  // the ingest thread has stopped; nothing follows

  [[nodiscard]] bool empty() const noexcept {
    return samples.empty() && timed.empty() && events.empty() && definitions.empty();
  }
  void clear() noexcept {
    definitions.clear();
    definition_bytes.clear();
    samples.clear();
    timed.clear();
    events.clear();
    event_bytes.clear();
    records.fill(0);
    tick = TimePoint{};
    last = false;
  }
};

}  // namespace tocsin::pipeline
