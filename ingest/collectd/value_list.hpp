// What collectd's protocols carry: value lists and notifications, as a decoder found them.
// Views belong to the decoder that filled them.
// Source:  collectd 5.12, plugin.h (value_list_t, notification_t).
#pragma once

#include <bit>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

#include "tocsin/event.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::collectd {

// The numbers are those of the wire.
enum class DsType : std::uint8_t {
  kCounter = 0,   // u64, wraps at 2^32 or 2^64
  kGauge = 1,     // double
  kDerive = 2,    // i64, may fall
  kAbsolute = 3,  // u64, counted since the last reading
};
inline constexpr std::uint8_t kDsTypes = 4;

// "counter", ...: collectd's own words, in lower case.
[[nodiscard]] constexpr std::string_view to_string(DsType type) noexcept {
  constexpr std::string_view kNames[] = {"counter", "gauge", "derive", "absolute"};
  return kNames[static_cast<std::uint8_t>(type)];
}

struct Value {
  std::uint64_t bits = 0;  // kDerive: two's complement; kGauge and rates: those of a double
  DsType type = DsType::kGauge;
  bool is_rate = false;  // the sender made a rate of it (write_http with StoreRates)

  [[nodiscard]] bool is_real() const noexcept { return is_rate || type == DsType::kGauge; }
  [[nodiscard]] double real() const noexcept { return std::bit_cast<double>(bits); }
  [[nodiscard]] std::int64_t derive() const noexcept { return static_cast<std::int64_t>(bits); }

  [[nodiscard]] static Value of_real(double value, DsType type, bool is_rate) noexcept {
    return {std::bit_cast<std::uint64_t>(value), type, is_rate};
  }
};

struct SeriesName {
  std::string_view host;
  std::string_view plugin;
  std::string_view plugin_instance;  // may be empty
  std::string_view type;
  std::string_view type_instance;  // may be empty
};

struct ValueList {
  SeriesName name;
  TimePoint time{};                      // the epoch: none was given
  std::chrono::nanoseconds interval{0};  // 0: none was given
  std::span<const Value> values;
  std::span<const std::string_view> sources;  // their names; empty: types.db knows, or nobody
  std::span<const AttributeView> meta;        // attributes besides our own
  std::string_view user;                      // whose password was shown; empty: nobody's
};

// The numbers are those of the wire.
enum class Severity : std::uint8_t { kNone = 0, kFailure = 1, kWarning = 2, kOkay = 4 };

struct Notification {
  SeriesName name;  // all parts may be empty
  TimePoint time{};
  Severity severity = Severity::kNone;
  std::string_view message;
  std::span<const AttributeView> meta;
  std::string_view user;
};

// Why something is refused.
struct Refusal {
  RejectCause cause;
  std::string_view text;  // a constant: what was found and what was expected
};

}  // namespace tocsin::collectd
