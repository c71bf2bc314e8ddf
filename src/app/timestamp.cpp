#include "src/app/timestamp.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <system_error>

namespace tocsin::app {
namespace {

// Epoch seconds beyond are the year 5138 or, far more often, milliseconds.
constexpr double kLatestEpoch_s = 1e11;

// Takes text from the front, piece by piece; once a piece does not fit, all later ones fail too.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  // `count` digits with a value in [low, high].
  int number(std::size_t count, int low, int high) {
    if (!good_ || rest_.size() < count) return fail();
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    if (value < low || value > high) return fail();
    return value;
  }

  // One of `characters`; returns which, or '\0'.
  char one_of(std::string_view characters) {
    if (!good_ || rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }

  // ".25" if the text goes on with a point: the value of the fraction.
  double fraction() {
    if (!good_ || rest_.empty() || rest_.front() != '.') return 0;
    double value = 0;
    const char* const begin = rest_.data();
    const char* const last = begin + rest_.size();
    const auto [end, error] = std::from_chars(begin, last, value, std::chars_format::fixed);
    if (error != std::errc() || end == begin + 1) return fail();
    rest_.remove_prefix(static_cast<std::size_t>(end - begin));
    return value;
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool good() const { return good_; }

 private:
  int fail() {
    good_ = false;
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

// Seconds to add to local time to get UTC; nothing given means UTC.
int zone(Pieces& pieces) {
  if (pieces.at_end()) return 0;
  const char sign = pieces.one_of("Z+-");
  if (sign == 'Z') return 0;
  const int hours = pieces.number(2, 0, 23);
  pieces.one_of(":");
  const int offset_s = hours * 3600 + pieces.number(2, 0, 59) * 60;
  return sign == '+' ? -offset_s : offset_s;
}

Error not_a_time(std::string_view text) {
  return {Errc::kSyntax, "",
          "found '" + std::string(text) +
              "', expected a time: YYYY-MM-DD HH:MM:SS, ISO 8601, or epoch seconds"};
}

Result<double> parse_calendar(std::string_view text) {
  Pieces pieces(text);
  const std::chrono::year year(pieces.number(4, 1, 9999));
  pieces.one_of("-");
  const std::chrono::month month(static_cast<unsigned>(pieces.number(2, 1, 12)));
  pieces.one_of("-");
  const std::chrono::day day(static_cast<unsigned>(pieces.number(2, 1, 31)));
  pieces.one_of(" T");
  const int hour = pieces.number(2, 0, 23);
  pieces.one_of(":");
  const int minute = pieces.number(2, 0, 59);
  pieces.one_of(":");
  const int second = pieces.number(2, 0, 59);
  const double fraction = pieces.fraction();
  const int zone_s = zone(pieces);
  const std::chrono::year_month_day date(year, month, day);
  if (!pieces.good() || !pieces.at_end() || !date.ok()) return not_a_time(text);

  const std::chrono::seconds midnight = std::chrono::sys_days(date).time_since_epoch();
  const int of_day_s = hour * 3600 + minute * 60 + second;
  return static_cast<double>(midnight.count() + of_day_s + zone_s) + fraction;
}

}  // namespace

Result<double> parse_timestamp(std::string_view text) {
  double epoch_s = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, epoch_s);
  if (error != std::errc() || end != last) return parse_calendar(text);
  if (!std::isfinite(epoch_s)) return not_a_time(text);
  if (std::abs(epoch_s) > kLatestEpoch_s) {
    return Error{Errc::kRange, "",
                 "found " + std::string(text) +
                     ", expected epoch seconds below 1e11 (are these milliseconds?)"};
  }
  return epoch_s;
}

}  // namespace tocsin::app
