// Reads the times that stand in syslog headers.
// Input:  text that may begin with a time; what follows it is not looked at.
// Cost:   10 to 20 ns, no allocation.
// Source: RFC 3339 section 5.6 with the limits of RFC 5424 section 6.2.3 (upper case 'T' and 'Z',
//         no leap second); RFC 3164 section 4.1.2. Departures: up to nine digits of a fraction, as
//         Go writes; BSD times may have a fraction, a comma in it and a year, and "Nov 7" one
//         blank.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/base/time_zone.hpp"
#include "tocsin/event.hpp"

namespace tocsin::syslog {

// 2026-11-21T02:51:52.204377+00:00; years 1970 to 2261, which a TimePoint can hold.
struct IsoTime {
  TimePoint time{};      // when there is no offset: as if it were UTC
  std::size_t size = 0;  // bytes; 0: no such time
  bool has_offset = false;
};
[[nodiscard]] IsoTime read_iso_time(std::string_view text) noexcept;

// The same for one who reads many: most have the date of the one before.
class IsoTimeReader {
 public:
  [[nodiscard]] IsoTime read(std::string_view text) noexcept;

 private:
  [[nodiscard]] bool read_date(const char* at) noexcept;

  // The last good date, as characters "2026-11-" and "21", and as days.
  std::uint64_t year_and_month_ = 0;
  std::uint16_t day_ = 0;
  std::chrono::sys_days date_{};
};

// Nov 21 02:51:52, Nov  7 2026 02:51:52.123, Nov 07 02:51:52,123
struct BsdTime {
  std::chrono::month month{};
  std::chrono::day day{};
  std::chrono::nanoseconds of_day{};
  int year = 0;          // 0: not said
  std::size_t size = 0;  // bytes; 0: no such time
  bool operator==(const BsdTime&) const = default;
};
[[nodiscard]] BsdTime read_bsd_time(std::string_view text) noexcept;

// The moment that is meant. Of a time without a year: the last such moment that is at most a day
// ahead of `received`. Without one, 29 February in a year that is said and has none, `received`.
[[nodiscard]] TimePoint resolve(const BsdTime& time, const base::TimeZone& zone,
                                TimePoint received);

// Both for one who reads many: most have the second of the one before.
class BsdTimeReader {
 public:
  [[nodiscard]] BsdTime read(std::string_view text) noexcept;
  // `zone`: the same at every call.
  [[nodiscard]] TimePoint resolve(const BsdTime& time, const base::TimeZone& zone,
                                  TimePoint received);

 private:
  static constexpr std::size_t kUsualSize = 15;  // "Nov 21 02:51:52"

  // The last good time of the usual size, and what stood there.
  std::array<char, kUsualSize> text_{};
  BsdTime time_;
  // The last time that was resolved, and when it had been received.
  BsdTime resolved_;
  TimePoint moment_{};
  TimePoint received_{};
};

}  // namespace tocsin::syslog
