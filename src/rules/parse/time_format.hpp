// TimeFormat: one way in which a log may write times, as Joda-Time's letters spell it.
//
//     "dd/MMM/yyyy:HH:mm:ss Z"   reads   "21/Nov/2026:02:51:52 +0100"
//
// Letters: y Y year   M month (MMM: its name)   d day   D day of the year   E weekday (passed over)
//          H 0-23   k 1-24   K 0-11   h 1-12   a AM or PM   m minute   s second   S fraction
//          Z +0100 or +01:00, ZZZ Europe/Berlin, z UTC or GMT;  'quoted text', '' a quote
// How often a letter stands says nothing of how many digits are read, but for yy (a year within 80
// years back and 19 ahead) and S. A number takes as many digits as it may have; a year that another
// number follows takes as many as it has letters. Names are English, in any case.
// Besides: ISO8601 (date; then, behind T or a blank, a clock; then a zone), UNIX and UNIX_MS (a
//          number, with decimals), TAI64N.
// What is not said: the year is that of `near`, or the one before or behind it when that is near a
// turn of the year; else January, the first, midnight.
// Input:   must be all of the text.
// Threads: fixed after parse().
// Cost:    no allocation, but for ZZZ, which reads files the first time a zone is named.
// Source:  Joda-Time's DateTimeFormat, and Logstash's date filter as described in the reference of
//          grok, section 5. Departures: weeks, eras and centuries (w x e G C) are refused;
//          fractions keep nine digits; second 60 is the one behind 59.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/time_zone.hpp"
#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

namespace tocsin::rules::parse {

class TimeFormat {
 public:
  // Errors: kSyntax for a letter that is none of these and for a quote that is not closed; `where`
  // is "1:column".
  [[nodiscard]] static Result<TimeFormat> parse(std::string_view pattern);

  // Whether what a text means may depend on `near`: it says no year, or only the last digits of it.
  [[nodiscard]] bool needs_near() const noexcept;

  // `zone`: of times that say none.
  [[nodiscard]] std::optional<TimePoint> read(std::string_view text, const base::TimeZone& zone,
                                              TimePoint near) const;

 private:
  enum class Kind : std::uint8_t { kLetters, kIso8601, kUnix, kUnixMs, kTai64n };
  struct Part {
    char letter;          // of Joda; '\'' for a literal
    std::uint8_t count;   // how often it stands
    bool number_follows;  // without anything between
    std::string literal;
  };
  struct Fields;
  class Reader;

  [[nodiscard]] static std::optional<TimePoint> resolve(const Fields& fields,
                                                        const base::TimeZone& zone, TimePoint near);

  Kind kind_ = Kind::kLetters;
  std::vector<Part> parts_;
};

}  // namespace tocsin::rules::parse
