#include "src/event/rfc3339.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tocsin::event {
namespace {

void append_digits(std::uint64_t value, std::size_t width, std::string& out) {
  const std::size_t start = out.size();
  out.append(width, '0');
  for (std::size_t i = start + width; i > start; value /= 10) {
    out[--i] = static_cast<char>('0' + value % 10);
  }
}

void append_fraction(std::uint64_t nanoseconds, std::string& out) {
  if (nanoseconds == 0) return;
  std::size_t width = 9;
  for (; nanoseconds % 1000 == 0; nanoseconds /= 1000) width -= 3;
  out += '.';
  append_digits(nanoseconds, width, out);
}

}  // namespace

void append_rfc3339(TimePoint time, std::string& out) {
  // By hand: the start of the earliest day is itself outside the range of 64-bit nanoseconds, so
  // floor<days> and a subtraction would overflow there.
  constexpr std::int64_t kDay = std::chrono::nanoseconds(std::chrono::days(1)).count();
  const std::int64_t count = time.time_since_epoch().count();
  const std::int64_t rest = count % kDay;
  const std::int64_t day = count / kDay - (rest < 0 ? 1 : 0);
  const auto of_day = static_cast<std::uint64_t>(rest < 0 ? rest + kDay : rest);
  const std::uint64_t seconds = of_day / 1'000'000'000;
  // 64-bit nanoseconds span the years 1677 to 2262: four digits always suffice.
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};

  append_digits(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4, out);
  out += '-';
  append_digits(static_cast<unsigned>(date.month()), 2, out);
  out += '-';
  append_digits(static_cast<unsigned>(date.day()), 2, out);
  out += 'T';
  append_digits(seconds / 3600, 2, out);
  out += ':';
  append_digits(seconds / 60 % 60, 2, out);
  out += ':';
  append_digits(seconds % 60, 2, out);
  append_fraction(of_day % 1'000'000'000, out);
  out += 'Z';
}

std::string rfc3339(TimePoint time) {
  std::string out;
  out.reserve(30);
  append_rfc3339(time, out);
  return out;
}

}  // namespace tocsin::event
