#include "ingest/syslog/timestamp.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "ingest/syslog/digits.hpp"

namespace tocsin::syslog {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2261;

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// The number that two digits write; above 99 when they are none.
unsigned two_digits(const char* at) noexcept {
  const unsigned high = static_cast<unsigned char>(at[0]) - unsigned{'0'};
  const unsigned low = static_cast<unsigned char>(at[1]) - unsigned{'0'};
  return high > 9 || low > 9 ? 100 : high * 10 + low;
}

unsigned four_digits(const char* at) noexcept {
  const unsigned high = two_digits(at);
  const unsigned low = two_digits(at + 2);
  return high > 99 || low > 99 ? 10000 : high * 100 + low;
}

// "hh:mm:ss" at `at`; negative when it is none.
inline seconds read_clock(const char* at) noexcept {
  constexpr Layout kLayout("00:00:00");
  std::uint64_t digits = 0;
  if (!kLayout.read(load_eight(at), digits)) return seconds(-1);
  const std::uint64_t pairs = pairs_of(digits);
  const unsigned hour = byte_of(pairs, 0);
  const unsigned minute = byte_of(pairs, 3);
  const unsigned second = byte_of(pairs, 6);
  if (hour > 23 || minute > 59 || second > 59) return seconds(-1);
  return seconds((hour * 60 + minute) * 60 + second);
}

constexpr std::size_t kClockSize = 8;

// The digits at the front of `text` as a fraction of a second. No digit: size 0; more than nine:
// 10.
struct Fraction {
  nanoseconds value{};
  std::size_t size = 0;
};
inline Fraction read_fraction(std::string_view text) noexcept {
  static constexpr std::int64_t kScale[] = {
      1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  if (text.size() >= 8) {
    const FrontDigits front = front_digits(load_eight(text.data()));
    if (front.size < 8)
      return {nanoseconds(std::int64_t{10} * join_digits(front.digits)), front.size};
  }
  Fraction fraction;
  std::int64_t value = 0;
  for (; fraction.size < text.size() && is_digit(text[fraction.size]); ++fraction.size) {
    if (fraction.size == 9) return {{}, 10};
    value = value * 10 + (text[fraction.size] - '0');
  }
  fraction.value = nanoseconds(value * kScale[fraction.size]);
  return fraction;
}

// "Z" or "+hh:mm" at the front of `text`.
struct Offset {
  minutes value{};
  std::size_t size = 0;
};
inline Offset read_offset(std::string_view text) noexcept {
  if (text.starts_with('Z')) return {minutes(0), 1};
  if (text.size() < 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return {};
  const unsigned hour = two_digits(text.data() + 1);
  const unsigned minute = two_digits(text.data() + 4);
  if (hour > 23 || minute > 59) return {};
  const auto value = minutes(hour * 60 + minute);
  return {text[0] == '-' ? -value : value, 6};
}

constexpr std::uint32_t packed(const char* letters) noexcept {
  const auto byte = [letters](int i) {
    return std::uint32_t{static_cast<unsigned char>(letters[i])};
  };
  return byte(0) << 16 | byte(1) << 8 | byte(2);
}

// 1 to 12; 0: not the English name of a month.
unsigned read_month(const char* at) noexcept {
  constexpr std::array<std::uint32_t, 12> kNames = {
      packed("Jan"), packed("Feb"), packed("Mar"), packed("Apr"), packed("May"), packed("Jun"),
      packed("Jul"), packed("Aug"), packed("Sep"), packed("Oct"), packed("Nov"), packed("Dec")};
  const auto found = std::find(kNames.begin(), kNames.end(), packed(at));
  return found == kNames.end() ? 0 : static_cast<unsigned>(found - kNames.begin()) + 1;
}

TimePoint moment_in(int year, const BsdTime& time, const base::TimeZone& zone) {
  const std::chrono::sys_days date = std::chrono::year(year) / time.month / time.day;
  const auto whole = std::chrono::floor<seconds>(time.of_day);
  return zone.moment(date + whole) + (time.of_day - whole);
}

bool exists_in(int year, const BsdTime& time) noexcept {
  return (std::chrono::year(year) / time.month / time.day).ok();
}

}  // namespace

IsoTime read_iso_time(std::string_view text) noexcept {
  return IsoTimeReader().read(text);
}

// "2026-11-21" at `at`, to date_.
bool IsoTimeReader::read_date(const char* at) noexcept {
  const std::uint64_t year_and_month = load_eight(at);
  const auto day = base::load_little_endian<std::uint16_t>(at + 8);
  if (year_and_month == year_and_month_ && day == day_) return true;
  constexpr Layout kYearAndMonth("0000-00-");
  std::uint64_t digits = 0;
  if (!kYearAndMonth.read(year_and_month, digits)) return false;
  const std::uint64_t pairs = pairs_of(digits);
  const auto year = static_cast<int>(byte_of(pairs, 0) * 100 + byte_of(pairs, 2));
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(byte_of(pairs, 5)),
                                         std::chrono::day(two_digits(at + 8)));
  if (year < kFirstYear || year > kLastYear || !date.ok()) return false;
  year_and_month_ = year_and_month;
  day_ = day;
  date_ = date;
  return true;
}

IsoTime IsoTimeReader::read(std::string_view text) noexcept {
  constexpr std::size_t kDateSize = 10;
  constexpr std::size_t kSize = kDateSize + 1 + kClockSize;
  if (text.size() < kSize) return {};
  const char* const at = text.data();
  if (!read_date(at) || at[kDateSize] != 'T') return {};
  const seconds clock = read_clock(at + kDateSize + 1);
  if (clock < seconds(0)) return {};

  IsoTime time;
  time.time = date_ + clock;
  time.size = kSize;
  if (text.size() > kSize && text[kSize] == '.') {
    const Fraction fraction = read_fraction(text.substr(kSize + 1));
    if (fraction.size == 0 || fraction.size > 9) return {};
    time.time += fraction.value;
    time.size += 1 + fraction.size;
  }
  const Offset offset = read_offset(text.substr(time.size));
  time.time -= offset.value;
  time.size += offset.size;
  time.has_offset = offset.size != 0;
  return time;
}

BsdTime read_bsd_time(std::string_view text) noexcept {
  constexpr std::size_t kLeast = 14;  // "Nov 7 02:51:52"
  if (text.size() < kLeast || text[3] != ' ') return {};
  const unsigned month = read_month(text.data());
  if (month == 0) return {};
  // The day: "21", " 7", "07" or "7".
  std::size_t at = text[4] == ' ' ? 5 : 4;
  unsigned day = 0;
  for (const std::size_t end = std::min<std::size_t>(at + 2, 6); at < end && is_digit(text[at]);
       ++at) {
    day = day * 10 + static_cast<unsigned>(text[at] - '0');
  }
  BsdTime time;
  time.month = std::chrono::month(month);
  time.day = std::chrono::day(day);
  if (text[at] != ' ' || !(time.month / time.day).ok()) return {};
  ++at;
  // A year before the clock (Cisco ASA).
  if (text.size() - at > 5 + kClockSize - 1 && text[at + 4] == ' ') {
    const auto year = static_cast<int>(four_digits(text.data() + at));
    if (year < kFirstYear || year > kLastYear) return {};
    time.year = year;
    at += 5;
  }
  if (text.size() - at < kClockSize) return {};
  const seconds clock = read_clock(text.data() + at);
  if (clock < seconds(0)) return {};
  time.of_day = clock;
  at += kClockSize;
  if (text.size() - at >= 2 && (text[at] == '.' || text[at] == ',') && is_digit(text[at + 1])) {
    const Fraction fraction = read_fraction(text.substr(at + 1));
    if (fraction.size > 9) return {};
    time.of_day += fraction.value;
    at += 1 + fraction.size;
  }
  time.size = at;
  return time;
}

TimePoint resolve(const BsdTime& time, const base::TimeZone& zone, TimePoint received) {
  if (time.year != 0) {
    return exists_in(time.year, time) ? moment_in(time.year, time, zone) : received;
  }
  const TimePoint latest = received + days(1);
  const std::chrono::year_month_day today(std::chrono::floor<days>(received));
  // A year ahead for the last days of December; eight back, because 29 February can be as rare.
  for (int year = static_cast<int>(today.year()) + 1, left = 10; left > 0; --year, --left) {
    if (!exists_in(year, time)) continue;
    const TimePoint moment = moment_in(year, time, zone);
    if (moment <= latest) return moment;
  }
  return received;
}

// A blank behind it: there is no fraction that would belong to it.
BsdTime BsdTimeReader::read(std::string_view text) noexcept {
  const bool usual = text.size() > kUsualSize && text[kUsualSize] == ' ';
  if (usual && time_.size != 0 && std::memcmp(text.data(), text_.data(), kUsualSize) == 0) {
    return time_;
  }
  const BsdTime time = read_bsd_time(text);
  if (usual && time.size == kUsualSize) {
    std::memcpy(text_.data(), text.data(), kUsualSize);
    time_ = time;
  }
  return time;
}

TimePoint BsdTimeReader::resolve(const BsdTime& time, const base::TimeZone& zone,
                                 TimePoint received) {
  // What was at most a day ahead still is; the same date a year later is not there yet.
  constexpr days kLessThanAYear(300);
  const bool holds =
      time == resolved_ && received >= received_ && received < moment_ + kLessThanAYear;
  if (holds) return moment_;
  moment_ = syslog::resolve(time, zone, received);
  received_ = received;
  // Perhaps there is no such time: then the next message has another one.
  resolved_ = moment_ == received ? BsdTime{} : time;
  return moment_;
}

}  // namespace tocsin::syslog
