#include "ingest/syslog/rfc3164.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "ingest/statsd/byte_scan.hpp"

namespace tocsin::syslog {
namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_letter(char c) noexcept {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}

bool all_of(std::string_view text, auto is) noexcept {
  return std::all_of(text.begin(), text.end(), is);
}

std::string_view without_blanks_in_front(std::string_view text) noexcept {
  const std::size_t size = text.find_first_not_of(' ');
  return text.substr(std::min(size, text.size()));
}

// Takes `prefix` off the front of `text`. False: it is not there.
bool skip(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The first word of `text`, without the blank behind it.
std::string_view first_word(std::string_view text) noexcept {
  return text.substr(0, text.find(' '));
}

// A name or an IPv4 address, or an IPv6 address, which has two colons at least.
bool is_host(std::string_view word) noexcept {
  if (word.empty() || word.size() > kMaxNameBytes) return false;
  const auto in_name = [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
  };
  if (all_of(word, in_name)) return true;
  const auto in_address = [&](char c) { return in_name(c) || c == ':' || c == '%'; };
  const std::string_view address = word.substr(0, word.find('%'));
  const auto in_hex = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  };
  return std::count(address.begin(), address.end(), ':') >= 2 && all_of(address, in_hex) &&
         all_of(word, in_address);
}

// Characters of a tag. A table: a search in a list of them would be the most costly step of all.
constexpr std::array<bool, 256> kInTag = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 128; ++c) table[c] = is_letter(static_cast<char>(c));
  for (const char c : std::string_view("0123456789._-/%@+()#~$*\\")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool is_tag(std::string_view word) noexcept {
  return !word.empty() && word.size() <= kMaxNameBytes &&
         all_of(word, [](char c) { return kInTag[static_cast<unsigned char>(c)]; });
}

// Where the tag at the front of `text` ends.
std::size_t find_tag_end(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  return static_cast<std::size_t>(statsd::find_any<':', '[', ' '>(text.data(), end) - text.data());
}

// Reads from the front of `rest_` what it is named after; leaves `rest_` as it is when there is
// none.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, const Options& options, TimePoint received,
               BsdTimeReader& times, Message& message)
      : options_(options), received_(received), times_(times), message_(message), rest_(text) {}

  void read() {
    const std::string_view all = rest_;
    rest_ = without_blanks_in_front(rest_);
    read_time();
    if (message_.time && !host_is_past_) read_host();
    if (read_tag()) return;
    message_.text = message_.time ? rest_ : all;
  }

 private:
  struct Time {
    IsoTime iso;
    BsdTime bsd;
    std::size_t size = 0;  // 0: none
  };

  // The time at the front of `text`; a blank, a colon or the end follows it.
  Time time_at(std::string_view text) noexcept {
    Time time;
    if (text.empty()) return time;
    if (is_digit(text.front())) {
      time.iso = read_iso_time(text);
      time.size = time.iso.size;
    } else {
      time.bsd = times_.read(text);
      time.size = time.bsd.size;
    }
    if (time.size < text.size() && text[time.size] != ' ' && text[time.size] != ':') return {};
    return time;
  }

  void take_time(const Time& time, bool in_utc) {
    const base::TimeZone utc;
    const base::TimeZone& zone = in_utc ? utc : options_.time_zone;
    if (time.iso.size == 0) {
      message_.time =
          in_utc ? resolve(time.bsd, zone, received_) : times_.resolve(time.bsd, zone, received_);
    } else if (time.iso.has_offset) {
      message_.time = time.iso.time;
    } else {
      const auto whole = std::chrono::floor<std::chrono::seconds>(time.iso.time);
      message_.time = zone.moment(whole) + (time.iso.time - whole);
    }
  }

  void read_time() {
    std::string_view rest = rest_;
    std::string_view origin;
    Time time = time_behind_mark(rest);
    // Numbers in front, and the router's name; the latter is believed only in a Cisco message.
    for (int words = 0; time.size == 0 && words < 3; ++words) {
      const std::size_t colon = rest.find(": ");
      const std::string_view word = rest.substr(0, colon);
      if (colon == std::string_view::npos) return;
      if (!all_of(word, is_digit)) {
        if (!origin.empty() || !is_host(word)) return;
        origin = word;
      }
      rest = without_blanks_in_front(rest.substr(colon + 2));
      time = time_behind_mark(rest);
    }
    if (time.size == 0) return;
    rest.remove_prefix(time.size);
    const bool in_utc = skip_zone(rest);
    host_is_past_ = skip_colon(rest);
    if (!origin.empty() && !host_is_past_) return;
    rest = without_blanks_in_front(rest);
    if (time.bsd.size != 0 && time.bsd.year == 0) time.bsd.year = read_year(rest);
    take_time(time, in_utc);
    message_.host = origin;
    rest_ = rest;
  }

  // Cisco marks a clock that is not synchronised.
  Time time_behind_mark(std::string_view& rest) noexcept {
    const bool marked = rest.starts_with('*') || rest.starts_with('.');
    const Time time = time_at(rest.substr(marked ? 1 : 0));
    if (time.size != 0 && marked) rest.remove_prefix(1);
    return time;
  }

  // " CET: %SYS-5-CONFIG_I: ..."; leaves the colon. Names of zones are ambiguous, so only UTC is
  // understood: true. For the others there is the option.
  static bool skip_zone(std::string_view& rest) noexcept {
    constexpr std::size_t kMost = 9;  // a blank, five letters and what must follow
    const std::size_t colon = rest.substr(0, kMost).find(": %");
    if (colon == std::string_view::npos || colon < 4 || rest[0] != ' ') return false;
    const std::string_view zone = rest.substr(1, colon - 1);
    if (!all_of(zone, is_upper)) return false;
    rest.remove_prefix(colon);
    return zone == "UTC" || zone == "GMT";
  }

  static bool skip_colon(std::string_view& rest) noexcept { return skip(rest, ":"); }

  // "2026 " behind the time; 0: there is none.
  static int read_year(std::string_view& rest) noexcept {
    if (rest.size() < 5 || rest[4] != ' ' || !all_of(rest.substr(0, 4), is_digit)) return 0;
    int year = 0;
    for (const char c : rest.substr(0, 4)) year = year * 10 + (c - '0');
    if (year < 1970 || year > 2261) return 0;
    rest = without_blanks_in_front(rest.substr(4));
    return year;
  }

  void read_host() {
    const std::string_view word = first_word(rest_);
    const std::string_view behind = without_blanks_in_front(rest_.substr(word.size()));
    if (behind.empty() || !is_host(word)) return;
    if (!options_.with_host && word != options_.default_host) return;
    message_.host = word;
    rest_ = behind;
    // Cisco ASA: "fw1 : %ASA-6-302013: Built ...".
    if (skip(rest_, ": ")) rest_ = without_blanks_in_front(rest_);
  }

  // Reads the tag and with it the text.
  bool read_tag() {
    if (rest_.starts_with("last message repeated ")) return false;  // syslogd's own, without a tag
    const std::size_t end = find_tag_end(rest_);
    const std::string_view tag = rest_.substr(0, end);
    if (end == rest_.size() || !is_tag(tag)) return false;
    std::string_view behind = rest_.substr(end);
    if (behind.front() == ':') {
      behind.remove_prefix(1);
      // Unless a time says that this is a header, "http://..." and "12:30" are not.
      if (!behind.empty() && behind.front() != ' ' && (!message_.time || behind.front() == ':')) {
        return false;
      }
      return take_tag(tag, behind);
    }
    if (behind.front() == '[' && read_pid(behind)) return take_tag(tag, behind);
    if (message_.host.empty() || !options_.bare_tags) return false;
    message_.app = tag;
    message_.text = rest_;
    return true;
  }

  // "[pid]" and the colon behind it, which may be missing.
  bool read_pid(std::string_view& rest) {
    const std::size_t close = rest.find_first_of("] ");
    if (close == std::string_view::npos || rest[close] != ']') return false;
    const std::string_view pid = rest.substr(1, close - 1);
    std::string_view behind = rest.substr(close + 1);
    const bool has_colon = skip(behind, ":");
    if (pid.empty() || pid.size() > kMaxNameBytes) return false;
    if (!has_colon && !behind.empty() && behind.front() != ' ') return false;
    message_.procid = pid;
    rest = behind;
    return true;
  }

  bool take_tag(std::string_view tag, std::string_view behind) {
    (void)skip(behind, " ");
    message_.app = tag;
    message_.text = behind;
    return true;
  }

  const Options& options_;
  const TimePoint received_;
  BsdTimeReader& times_;
  Message& message_;
  std::string_view rest_;
  bool host_is_past_ = false;  // the colon of a Cisco message: what follows is its tag
};

}  // namespace

void read_rfc3164(std::string_view text, const Options& options, TimePoint received,
                  BsdTimeReader& times, Message& message) {
  HeaderReader(text, options, received, times, message).read();
}

}  // namespace tocsin::syslog
