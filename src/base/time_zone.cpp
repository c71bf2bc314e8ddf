#include "src/base/time_zone.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace tocsin::base {
namespace {

constexpr int kDigitOffsets[] = {1, 2, 4, 5};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// "+05:30" and nothing else.
bool is_offset(std::string_view name) noexcept {
  return name.size() == 6 && (name[0] == '+' || name[0] == '-') && name[3] == ':' &&
         std::all_of(std::begin(kDigitOffsets), std::end(kDigitOffsets),
                     [&](int i) { return is_digit(name[static_cast<std::size_t>(i)]); });
}

// Names become paths below the database: no way out of it.
bool is_zone_name(std::string_view name) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '/' ||
           c == '_' || c == '+' || c == '-';
  };
  return !name.empty() && name.front() != '/' && std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

struct TimeZone::Rules {
  absl::TimeZone zone;
};

Result<TimeZone> TimeZone::parse(std::string_view name) {
  TimeZone result;
  if (name == "UTC") return result;
  absl::TimeZone zone;
  if (name == "local") {
    zone = absl::LocalTimeZone();
  } else if (is_offset(name)) {
    const int hours = (name[1] - '0') * 10 + (name[2] - '0');
    const int minutes = (name[4] - '0') * 10 + (name[5] - '0');
    if (hours > 23 || minutes > 59) {
      return Error{Errc::kRange, "",
                   "time zone \"" + std::string(name) + "\"; expected at most 23:59"};
    }
    const int seconds = (hours * 60 + minutes) * 60;
    zone = absl::FixedTimeZone(name[0] == '-' ? -seconds : seconds);
  } else if (!is_zone_name(name) || !absl::LoadTimeZone(std::string(name), &zone)) {
    return Error{Errc::kUnknownName, "",
                 "unknown time zone \"" + std::string(name) +
                     "\"; expected UTC, local, an offset like +05:30 or a name like Europe/Berlin"};
  }
  result.rules_ = std::make_shared<const Rules>(Rules{zone});
  return result;
}

std::chrono::sys_seconds TimeZone::moment(std::chrono::sys_seconds wall) const {
  if (!rules_) return wall;
  const auto civil = absl::CivilSecond() + wall.time_since_epoch().count();
  const absl::Time time = rules_->zone.At(civil).pre;
  return std::chrono::sys_seconds(std::chrono::seconds(absl::ToUnixSeconds(time)));
}

}  // namespace tocsin::base
