// Reads performance data: what a plugin measured, one item a label.
//   perfdata := blanks [item (blanks item)*] blanks            blank: " ", TAB, CR, LF
//   item     := label "=" ( number [uom] | "U" ) [";" [warn] [";" [crit] [";" [min] [";" [max]]]]]
//   label    := "'" any byte, "''" for a quote, "'" | bytes but blanks and "="
//   number   := [+-] ( digits [ "." digits* ] | "." digits ) [ (e|E) [+-] digits ]
//   uom      := bytes but digits, quotes, control characters and ",=.+-"
// Input:   any bytes; semicolons without anything behind them are normal.
// Output:  items that view the input. Thresholds stay texts: real ones are ranges, percentages, and
//          what plugins make of them.
// Errors:  one Refusal for each bad item; the next item begins behind the next blank.
// Source:  Monitoring Plugins Development Guidelines, "Performance data"; output of
//          monitoring-plugins 2.3.3. Departure: an exponent is read, since plugins print doubles.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/nagios/refusal.hpp"
#include "tocsin/event.hpp"

namespace tocsin::nagios {

struct PerfItem {
  std::string_view text;    // all of it
  std::string_view label;   // without the quotes around it
  bool has_quotes = false;  // there are doubled quotes in the label: unquote it
  std::string_view value;   // with the unit
  Metric metric;            // none: the plugin says U, "could not find out"
  bool exact = true;        // false: an integer that only a double could hold
  std::string_view uom;
  std::string_view warn;
  std::string_view crit;
  std::string_view min;
  std::string_view max;
};

// Makes `out` the label with its doubled quotes made single.
void unquote(std::string_view label, std::string& out);

class PerfReader {
 public:
  explicit PerfReader(std::string_view perfdata) noexcept : text_(perfdata) {}

  // False: there is no further item. True: `item.text` is set, and the rest of it unless
  // `refusal` is; its offset counts from the front of the perfdata.
  [[nodiscard]] bool next(PerfItem& item, std::optional<Refusal>& refusal);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tocsin::nagios
