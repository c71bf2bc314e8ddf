// The one event model: whatever a fleet says about itself, as keys and values.
// A statsd line, a log line, a detector's verdict, a service's health and Tocsin's own counters
// are all an Event, and every rule can match all of them.
// Source:  Riemann's event model (host, service, state, time, metric, description, tags, ttl,
//          attributes). Differences: 64-bit integers stay integers, time has nanoseconds, tags are
//          an ordered set.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tocsin {

// Wall-clock time, nanoseconds since 1970-01-01T00:00:00Z.
using TimePoint = std::chrono::sys_time<std::chrono::nanoseconds>;

// None, an integer kept exactly, or a double.
using Metric = std::variant<std::monostate, std::int64_t, double>;

struct Attribute {
  std::string key;
  std::string value;

  friend auto operator<=>(const Attribute&, const Attribute&) = default;
};

struct Event {
  TimePoint time{};
  std::string host;
  std::string service;
  std::string state;  // free text; the state words below are the ones with a meaning
  Metric metric;
  std::string description;
  std::vector<std::string> tags;                // sorted, unique
  std::optional<std::chrono::nanoseconds> ttl;  // how long the event speaks for the present
  std::vector<Attribute> attributes;            // sorted by key, keys unique

  friend bool operator==(const Event&, const Event&) = default;
};

// An event as a decoder sees it: texts are views into what was received, tags and attributes stand
// in any order and may repeat (of equal keys the last counts).
struct AttributeView {
  std::string_view key;
  std::string_view value;
};

struct EventView {
  TimePoint time{};
  std::string_view host;
  std::string_view service;
  std::string_view state;
  Metric metric;
  std::string_view description;
  std::span<const std::string_view> tags;
  std::optional<std::chrono::nanoseconds> ttl;
  std::span<const AttributeView> attributes;
};

// The state words that every input is mapped to. "expired" is said by Tocsin when a ttl ran out.
namespace state {
inline constexpr std::string_view kOk = "ok";
inline constexpr std::string_view kWarning = "warning";
inline constexpr std::string_view kCritical = "critical";
inline constexpr std::string_view kUnknown = "unknown";
inline constexpr std::string_view kExpired = "expired";
}  // namespace state

// The metric as a double; empty when there is none. Integers above 2^53 lose their last digits.
[[nodiscard]] inline std::optional<double> as_double(const Metric& metric) noexcept {
  if (const auto* integer = std::get_if<std::int64_t>(&metric))
    return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&metric)) return *real;
  return std::nullopt;
}

}  // namespace tocsin
