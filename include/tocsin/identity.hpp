// Identity: what makes two measurements belong to one series.
// An identity is resolved once, when first seen; after that only a dense number travels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/event.hpp"

namespace tocsin {

// What a series collects, and so how its window is closed.
enum class SeriesKind : std::uint8_t {
  kCounter,       // sum over the window
  kGauge,         // last value, kept over windows
  kTimer,         // distribution of durations, milliseconds
  kHistogram,     // distribution of any value
  kDistribution,  // as histogram; DogStatsD's globally aggregated form
  kSet,           // number of distinct members
  kEvent,         // events with a state, a description or a metric of their own
};

// "counter", "gauge", ...: the value of the attribute `metric_type`.
[[nodiscard]] constexpr std::string_view to_string(SeriesKind kind) noexcept {
  constexpr std::string_view kNames[] = {"counter",      "gauge", "timer", "histogram",
                                         "distribution", "set",   "event"};
  return kNames[static_cast<std::uint8_t>(kind)];
}

struct Identity {
  SeriesKind kind = SeriesKind::kEvent;
  std::string host;
  std::string service;
  std::vector<std::string> tags;      // sorted, unique
  std::vector<Attribute> attributes;  // sorted by key, keys unique; only those that identify

  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace tocsin
