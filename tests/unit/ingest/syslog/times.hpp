// Times as a test writes them.
#pragma once

#include <chrono>
#include <cstdint>

#include "tocsin/event.hpp"

namespace tocsin::syslog::testing {

inline TimePoint at(int year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                    unsigned second, std::int64_t nanoseconds = 0) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) +
         hours(hour) + minutes(minute) + seconds(second) + std::chrono::nanoseconds(nanoseconds);
}

// When the captures arrive in the tests: a minute after the last of them was sent.
inline const TimePoint kReceived = at(2026, 11, 21, 3, 0, 0);

}  // namespace tocsin::syslog::testing
