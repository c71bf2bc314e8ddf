#include "src/rules/parse/time_format.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>

namespace tocsin::rules::parse {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::string_view kLetters = "yYMdDEHkKhamsSZz";
constexpr std::string_view kNumberLetters = "yYMdDHkKhmsS";
constexpr std::string_view kMonths[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
constexpr std::string_view kWeekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                          "friday", "saturday", "sunday"};
constexpr std::size_t kShortName = 3;

// What 64 bits of nanoseconds hold, less a day for zones.
constexpr int kFirstYear = 1678;
constexpr int kLastYear = 2261;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool begins_with(std::string_view text, std::string_view lower_case) noexcept {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                    [](char a, char b) { return a == lower(b); });
}

// Behind the quoted text that begins at `at`; npos: it is not closed. Two quotes within are one.
std::size_t end_of_quote(std::string_view pattern, std::size_t at) noexcept {
  if (pattern.substr(at).starts_with("''")) return at + 2;
  std::size_t end = at;
  do {
    end = pattern.find('\'', end + 1);
    if (end == std::string_view::npos) return end;
    ++end;
  } while (end < pattern.size() && pattern[end] == '\'');
  return end;
}

std::string unquoted(std::string_view quoted) {
  if (quoted == "''") return "'";
  std::string text;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    text += quoted[i];
    if (quoted[i] == '\'') ++i;
  }
  return text;
}

// "2^62 + 10" seconds stand for 1970 in TAI64; leap seconds are left as they are, as Logstash does.
constexpr std::uint64_t kTaiEpoch = (std::uint64_t{1} << 62) + 10;

std::optional<TimePoint> read_tai64n(std::string_view text) noexcept {
  constexpr std::size_t kSecondDigits = 16;
  constexpr std::size_t kDigits = 24;
  if (text.starts_with('@')) text.remove_prefix(1);
  if (text.size() != kDigits) return std::nullopt;
  const auto hex = [](std::string_view digits, auto& number) {
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    return error == std::errc() && end == digits.data() + digits.size();
  };
  std::uint64_t second = 0;
  std::uint32_t nanosecond = 0;
  constexpr std::uint64_t kMostSeconds = 9'000'000'000;
  if (!hex(text.substr(0, kSecondDigits), second) || !hex(text.substr(kSecondDigits), nanosecond) ||
      second < kTaiEpoch || second - kTaiEpoch > kMostSeconds || nanosecond > 999'999'999) {
    return std::nullopt;
  }
  return TimePoint(seconds(second - kTaiEpoch) + nanoseconds(nanosecond));
}

// Decimal, with a fraction: exact to the nanosecond.
std::optional<TimePoint> read_epoch(std::string_view text, std::int64_t nanoseconds_per_unit) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + point, whole);
  if (point == 0 || !is_digit(text.front()) || error != std::errc() || end != text.data() + point) {
    return std::nullopt;
  }
  constexpr std::int64_t kMost = 9'000'000'000'000'000'000;
  if (whole > kMost / nanoseconds_per_unit) return std::nullopt;
  std::int64_t count = whole * nanoseconds_per_unit;
  std::int64_t digit_worth = nanoseconds_per_unit;
  for (const char c : text.substr(std::min(point + 1, text.size()))) {
    if (!is_digit(c)) return std::nullopt;
    digit_worth /= 10;
    count += (c - '0') * digit_worth;
  }
  return TimePoint(nanoseconds(negative ? -count : count));
}

// The year that makes a day of this month nearest to `near`, as far as a turn of the year goes.
int year_near(unsigned month, TimePoint near) {
  const std::chrono::year_month_day now{std::chrono::floor<days>(near)};
  const int year = static_cast<int>(now.year());
  if (month == 12 && now.month() == std::chrono::January) return year - 1;
  if (month == 1 && now.month() == std::chrono::December) return year + 1;
  return year;
}

}  // namespace

// What a text said. Ranges of numbers are checked where they are read.
struct TimeFormat::Fields {
  std::optional<int> year;
  unsigned month = 1;
  unsigned day = 1;
  unsigned day_of_year = 0;  // 0: not said
  int hour = 0;              // of the day, or of half of it
  bool half_day = false;     // `hour` counts from noon when `afternoon`
  bool afternoon = false;
  int minute = 0;
  int second = 0;
  nanoseconds fraction{0};
  std::optional<seconds> offset;
  std::optional<base::TimeZone> zone;
};

// Reads a text from front to back; each function is false when the text does not go on like that.
class TimeFormat::Reader {
 public:
  Reader(std::string_view text, TimePoint near) : text_(text), near_(near) {}

  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }
  [[nodiscard]] Fields& fields() noexcept { return fields_; }

  bool take(char c) noexcept {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view letters) noexcept {
    return !text_.empty() && letters.find(text_.front()) != std::string_view::npos &&
           take(text_.front());
  }
  bool take(std::string_view literal) noexcept {
    if (!text_.starts_with(literal)) return false;
    text_.remove_prefix(literal.size());
    return true;
  }

  bool read(const Part& part) {
    switch (part.letter) {
      case '\'':
        return take(part.literal);
      case 'y':
      case 'Y':
        return read_year(part);
      case 'M':
        return part.count >= 3 ? read_month_name() : number(2, 1, 12, fields_.month);
      case 'd':
        return number(2, 1, 31, fields_.day);
      case 'D':
        return number(3, 1, 366, fields_.day_of_year);
      case 'E':
        return read_name(kWeekdays).has_value();
      case 'H':
        return number(2, 0, 23, fields_.hour);
      case 'k':
        return number(2, 1, 24, fields_.hour) && wrap_hour(24);
      case 'K':
        return number(2, 0, 11, fields_.hour) && (fields_.half_day = true);
      case 'h':
        return number(2, 1, 12, fields_.hour) && wrap_hour(12) && (fields_.half_day = true);
      case 'a':
        fields_.afternoon = begins_with(text_, "pm");
        if (!fields_.afternoon && !begins_with(text_, "am")) return false;
        text_.remove_prefix(2);
        return true;
      case 'm':
        return number(2, 0, 59, fields_.minute);
      case 's':
        return number(2, 0, 60, fields_.second);
      case 'S':
        return read_fraction(part.count);
      case 'Z':
        return part.count >= 3 ? read_zone_name() : read_offset();
      case 'z':
        return read_utc();
      default:
        return false;
    }
  }

  // ISO8601 from the year on.
  bool read_iso() {
    int year = 0;
    if (!number(4, kFirstYear, kLastYear, year)) return false;
    fields_.year = year;
    if (take('-')) {
      if (!number(2, 1, 12, fields_.month)) return false;
      if (take('-') && !number(2, 1, 31, fields_.day)) return false;
    }
    if (!take_any("T ")) return at_end();
    if (!number(2, 0, 23, fields_.hour)) return false;
    if (take(':')) {
      if (!number(2, 0, 59, fields_.minute)) return false;
      if (take(':')) {
        if (!number(2, 0, 60, fields_.second)) return false;
        if (take_any(".,") && !read_fraction(9)) return false;
      }
    }
    if (at_end()) return true;
    (void)take(' ');
    return read_offset();
  }

 private:
  template <class Int>
  bool number(std::size_t most_digits, int least, int most, Int& out) noexcept {
    int value = 0;
    std::size_t digits = 0;
    while (digits < most_digits && digits < text_.size() && is_digit(text_[digits])) {
      value = value * 10 + (text_[digits++] - '0');
    }
    if (digits == 0 || value < least || value > most) return false;
    text_.remove_prefix(digits);
    out = static_cast<Int>(value);
    return true;
  }

  bool wrap_hour(int hours_per_turn) noexcept {
    fields_.hour %= hours_per_turn;
    return true;
  }

  bool read_year(const Part& part) noexcept {
    const std::size_t before = text_.size();
    int year = 0;
    if (!number(part.number_follows ? part.count : 9, 0, 999'999'999, year)) return false;
    if (part.count == 2 && before - text_.size() == 2) {
      // The one of these two digits within 80 years back and 19 ahead.
      const std::chrono::year_month_day now{std::chrono::floor<days>(near_)};
      const int first = static_cast<int>(now.year()) - 80;
      year += first / 100 * 100;
      if (year < first) year += 100;
    }
    fields_.year = year;
    return true;
  }

  // The index of the name at the front, in full or by its first letters.
  template <std::size_t N>
  std::optional<unsigned> read_name(const std::string_view (&names)[N]) noexcept {
    if (text_.size() < kShortName) return std::nullopt;
    for (unsigned i = 0; i < N; ++i) {
      // The first letter tells most of them apart.
      if (lower(text_.front()) != names[i].front()) continue;
      if (!begins_with(text_, names[i].substr(0, kShortName))) continue;
      text_.remove_prefix(begins_with(text_, names[i]) ? names[i].size() : kShortName);
      return i;
    }
    return std::nullopt;
  }
  bool read_month_name() noexcept {
    const auto month = read_name(kMonths);
    if (month) fields_.month = *month + 1;
    return month.has_value();
  }

  bool read_fraction(std::size_t most_digits) noexcept {
    std::int64_t value = 0;
    std::int64_t worth = 1'000'000'000;
    std::size_t digits = 0;
    for (; digits < most_digits && digits < text_.size() && is_digit(text_[digits]); ++digits) {
      worth /= 10;
      value += (text_[digits] - '0') * worth;
    }
    text_.remove_prefix(digits);
    fields_.fraction = nanoseconds(value);
    return digits > 0;
  }

  // Z, +01, +0100, +01:00
  bool read_offset() noexcept {
    if (take('Z') || take('z')) {
      fields_.offset = seconds(0);
      return true;
    }
    const bool west = take('-');
    if (!west && !take('+')) return false;
    int hour = 0;
    int minute = 0;
    if (!number(2, 0, 23, hour)) return false;
    if (take(':') ? !number(2, 0, 59, minute)
                  : !text_.empty() && is_digit(text_.front()) && !number(2, 0, 59, minute)) {
      return false;
    }
    const seconds offset = hours(hour) + minutes(minute);
    fields_.offset = west ? -offset : offset;
    return true;
  }

  bool read_utc() noexcept {
    if (!take("UTC") && !take("GMT") && !take('Z')) return false;
    fields_.offset = seconds(0);
    return true;
  }

  bool read_zone_name() {
    const auto is_of_name = [](char c) {
      return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '/' || c == '_' ||
             c == '-' || c == '+';
    };
    const auto size = static_cast<std::size_t>(
        std::find_if_not(text_.begin(), text_.end(), is_of_name) - text_.begin());
    auto zone = base::TimeZone::parse(text_.substr(0, size));
    if (!zone) return false;
    fields_.zone = *std::move(zone);
    text_.remove_prefix(size);
    return true;
  }

  std::string_view text_;  // what is left
  TimePoint near_;
  Fields fields_;
};

Result<TimeFormat> TimeFormat::parse(std::string_view pattern) {
  TimeFormat format;
  constexpr std::pair<std::string_view, Kind> kNames[] = {{"ISO8601", Kind::kIso8601},
                                                          {"UNIX", Kind::kUnix},
                                                          {"UNIX_MS", Kind::kUnixMs},
                                                          {"TAI64N", Kind::kTai64n}};
  for (const auto& [name, kind] : kNames) {
    if (pattern != name) continue;
    format.kind_ = kind;
    return format;
  }
  const auto complaint = [](std::size_t at, std::string text) {
    return Error{Errc::kSyntax, "1:" + std::to_string(at + 1), std::move(text)};
  };
  const auto add_literal = [&](std::string_view text) {
    if (format.parts_.empty() || format.parts_.back().letter != '\'') {
      format.parts_.push_back({'\'', 1, false, {}});
    }
    format.parts_.back().literal += text;
  };
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      const std::size_t end = end_of_quote(pattern, i);
      if (end == std::string_view::npos) {
        return complaint(i, "found a quote that is not closed, expected another '");
      }
      add_literal(unquoted(pattern.substr(i, end - i)));
      i = end;
    } else if (lower(c) >= 'a' && lower(c) <= 'z') {
      if (kLetters.find(c) == std::string_view::npos) {
        return complaint(i, "found the letter " + std::string(1, c) +
                                " of a time, expected one of y M d D E H k K h a m s S Z z, text "
                                "in single quotes, or ISO8601, UNIX, UNIX_MS, TAI64N");
      }
      std::size_t count = 0;
      while (i + count < pattern.size() && pattern[i + count] == c) ++count;
      i += count;
      const bool number_follows =
          i < pattern.size() && kNumberLetters.find(pattern[i]) != std::string_view::npos;
      format.parts_.push_back(
          {c, static_cast<std::uint8_t>(std::min<std::size_t>(count, 9)), number_follows, {}});
    } else {
      add_literal(pattern.substr(i, 1));
      ++i;
    }
  }
  if (format.parts_.empty()) {
    return complaint(0, "found an empty format, expected one such as yyyy-MM-dd HH:mm:ss");
  }
  return format;
}

bool TimeFormat::needs_near() const noexcept {
  return kind_ == Kind::kLetters &&
         std::none_of(parts_.begin(), parts_.end(), [](const Part& part) {
           return (part.letter == 'y' || part.letter == 'Y') && part.count > 2;
         });
}

std::optional<TimePoint> TimeFormat::read(std::string_view text, const base::TimeZone& zone,
                                          TimePoint near) const {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  constexpr std::int64_t kPerMillisecond = 1'000'000;
  switch (kind_) {
    case Kind::kUnix:
      return read_epoch(text, kPerSecond);
    case Kind::kUnixMs:
      return read_epoch(text, kPerMillisecond);
    case Kind::kTai64n:
      return read_tai64n(text);
    case Kind::kIso8601:
    case Kind::kLetters:
      break;
  }
  Reader reader(text, near);
  if (kind_ == Kind::kIso8601) {
    if (!reader.read_iso() || !reader.at_end()) return std::nullopt;
  } else {
    for (const Part& part : parts_) {
      if (!reader.read(part)) return std::nullopt;
    }
    if (!reader.at_end()) return std::nullopt;
  }
  return resolve(reader.fields(), zone, near);
}

std::optional<TimePoint> TimeFormat::resolve(const Fields& fields, const base::TimeZone& zone,
                                             TimePoint near) {
  const int year = fields.year ? *fields.year : year_near(fields.month, near);
  if (year < kFirstYear || year > kLastYear) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(fields.month),
                                         std::chrono::day(fields.day)};
  if (!date.ok()) return std::nullopt;
  sys_days day = date;
  if (fields.day_of_year != 0) {
    const bool exists = fields.day_of_year <= 365 || std::chrono::year(year).is_leap();
    if (!exists) return std::nullopt;
    day = sys_days(std::chrono::year(year) / 1 / 1) + days(fields.day_of_year - 1);
  }
  const int hour = fields.hour + (fields.half_day && fields.afternoon ? 12 : 0);
  const sys_seconds wall = day + hours(hour) + minutes(fields.minute) + seconds(fields.second);
  if (fields.offset) return wall - *fields.offset + fields.fraction;
  return (fields.zone ? *fields.zone : zone).moment(wall) + fields.fraction;
}

}  // namespace tocsin::rules::parse
