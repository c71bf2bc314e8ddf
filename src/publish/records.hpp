// What a result looks like under its key: the shapes of docs/formats/redis.md, and nothing else.
// Input:   plain structs, filled by whoever joins the stages; their views need only live for the
//          call.
// Output:  records for a ResultStore. The same fact gives the same key and the same bytes.
// Units:   times are milliseconds since the epoch, spans are seconds; key names say so.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/event/identity_hash.hpp"
#include "tocsin/event.hpp"
#include "tocsin/identity.hpp"
#include "tocsin/store.hpp"

namespace tocsin::publish {

// One figure of a closed window: "rate", "p95", ...
struct Statistic {
  std::string_view name;
  double value = 0;
};

// The last closed window of one series.
struct SeriesValue {
  event::Hash128 id;
  const Identity* identity = nullptr;  // never null when encoded
  TimePoint time{};                    // end of the window
  std::chrono::milliseconds interval{0};
  std::span<const Statistic> statistics;
};

// What one detector said; empty: it abstained.
struct DetectorVote {
  std::string_view detector;
  std::optional<bool> anomalous;
};

// The last verdict on one series.
struct VerdictRecord {
  event::Hash128 id;
  const Identity* identity = nullptr;  // never null when encoded
  TimePoint time{};
  bool anomalous = false;
  double value = 0;
  std::optional<double> expected_low;
  std::optional<double> expected_high;
  std::span<const DetectorVote> votes;
  std::string_view text;      // the explanation, for people
  std::string_view feedback;  // of operators, as far as it is in force; empty: there is none
};

struct HealthMember {
  std::string_view name;
  std::string_view state;   // passing, degraded, failing, unknown
  std::string_view reason;  // empty when passing
};

// The present health of one service. States: passing, degraded, failing, unknown.
struct HealthRecord {
  std::string_view service;
  TimePoint time{};
  TimePoint since{};  // when `rolled` took its present value
  std::string_view own;
  std::string_view rolled;
  std::string_view strict;
  std::span<const HealthMember> members;
  std::span<const std::string_view> because;  // the most telling first
};

// One change of a service's rolled health.
struct TransitionRecord {
  std::string_view service;
  TimePoint time{};
  std::string_view from;
  std::string_view to;
  std::string_view because;
};

// How long each kind of result outlives its last writing.
struct Retention {
  std::chrono::milliseconds series = std::chrono::hours(1);
  std::chrono::milliseconds verdict = std::chrono::hours(24);
  std::chrono::milliseconds service = std::chrono::hours(24);
  std::chrono::milliseconds transition = std::chrono::hours(24 * 30);
};

class RecordEncoder {
 public:
  // `prefix`: in front of every key, so that several deployments can share one Redis.
  explicit RecordEncoder(std::string prefix = "tocsin:", Retention retention = {})
      : prefix_(std::move(prefix)), retention_(retention) {}

  // Values.
  [[nodiscard]] Record series(const SeriesValue& series) const;
  [[nodiscard]] Record verdict(const VerdictRecord& verdict) const;
  [[nodiscard]] Record service(const HealthRecord& health) const;
  [[nodiscard]] Record transition(const TransitionRecord& transition) const;

  // Members of indexes. An entry lasts as long as the value it leads to, so write it again at least
  // that often; more often is harmless.
  [[nodiscard]] Record series_listing(const SeriesValue& series) const;
  [[nodiscard]] Record anomaly_listing(const VerdictRecord& verdict) const;
  [[nodiscard]] Record service_listing(std::string_view service) const;
  [[nodiscard]] Record transition_listing(const TransitionRecord& transition) const;

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

 private:
  const std::string prefix_;
  const Retention retention_;
};

}  // namespace tocsin::publish
