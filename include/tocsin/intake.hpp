// Intake: where a decoder leaves what it found. This is all that an author of a new protocol needs
// to know of the rest of Tocsin.
//
// A record (a statsd sample, an event) is counted exactly once: taken, or rejected with a cause, or
// dropped because the pipeline was full. The listener counts nothing else.
// Threads: one Intake per ingest thread; not shared.
// Cost:    samples() costs one virtual call per batch and allocates nothing for known identities.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"
#include "tocsin/result.hpp"

namespace tocsin {

// What a sample does to its series.
enum class SampleOp : std::uint8_t {
  kAdd,          // counter: add value * weight
  kSetGauge,     // gauge: becomes value
  kAdjustGauge,  // gauge: value is added if the gauge exists and is not 0, else it becomes value
  kObserve,      // timer, histogram, distribution: one observation, counted weight times
  kUnique,       // set: `member` was seen
};

// One measurement, as the wire said it. The views look into the receive buffer: they live until
// Intake::samples returns.
struct RawSample {
  std::string_view name;    // as received, before any cleaning
  std::string_view tags;    // as received, without the leading '#'; empty when there are none
  std::string_view member;  // kUnique only
  double value = 0;
  double weight = 1;             // 1 / sample rate
  std::int64_t timestamp_s = 0;  // seconds since the epoch; 0: the time of arrival
  SeriesKind kind = SeriesKind::kCounter;
  SampleOp op = SampleOp::kAdd;
};

// Turns the raw spelling of a sample into the identity of its series. Called once per spelling and
// then remembered, so it may be slow and may allocate. Must be a pure function of kind, name and
// tags.
class IdentityResolver {
 public:
  virtual ~IdentityResolver() = default;
  [[nodiscard]] virtual Result<Identity> resolve(const RawSample& sample) const = 0;
  // Distinguishes resolvers that give different answers for the same bytes (another listener with
  // another default host, say). Constant over the life of the resolver.
  [[nodiscard]] virtual std::uint64_t seed() const noexcept = 0;
};

// Why a record was refused. Stable: the `cause` label in /metrics.
enum class RejectCause : std::uint8_t {
  kSyntax,        // not a record of this protocol at all
  kValue,         // the value is not a number, or not one this type allows
  kType,          // unknown metric type
  kRate,          // sample rate outside (0, 1]
  kTimestamp,     // not a time, or not allowed for this type
  kName,          // empty or impossible name
  kTags,          // malformed or too many tags
  kOversized,     // record longer than the limit
  kTruncated,     // the record ends too early
  kUnauthorized,  // credentials missing or wrong
  kUnsupported,   // understood, but not offered
  kCount_,        // number of causes; not a cause
};

[[nodiscard]] constexpr std::string_view to_string(RejectCause cause) noexcept {
  constexpr std::string_view kNames[] = {"syntax",    "value",        "type",       "rate",
                                         "timestamp", "name",         "tags",       "oversized",
                                         "truncated", "unauthorized", "unsupported"};
  return kNames[static_cast<std::uint8_t>(cause)];
}

class Intake {
 public:
  virtual ~Intake() = default;

  // Takes samples from the front; returns how many. Fewer than samples.size() only when the
  // pipeline is full: a stream then offers the rest again later and stops reading meanwhile; a
  // datagram listener calls drop() for them.
  [[nodiscard]] virtual std::size_t samples(std::span<const RawSample> samples,
                                            const IdentityResolver& resolver) = 0;
  // The same for one event. False: the pipeline is full. The texts are copied before it returns.
  [[nodiscard]] virtual bool event(const EventView& event) = 0;
  // Counts records that were lost because the pipeline was full.
  virtual void drop(std::size_t records) = 0;
  // Counts one refused record and keeps a sample of it. `offset`: where in the datagram, or in the
  // stream, the fault was seen. `text` says what was found and what was expected: a constant.
  virtual void reject(RejectCause cause, std::string_view record, std::size_t offset,
                      std::string_view text) = 0;
};

}  // namespace tocsin
