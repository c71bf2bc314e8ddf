// The two text forms in which a series is handed to `tocsin detect`.
//   CSV    timestamp,value                       one point a line, one series a file
//   JSONL  {"name": "a", "t0": 1735700000, "step": 10, "values": [1, 2.5], "now": 1735700010}
//          {"name": "b", "timestamps": [1735700000, 1735700012], "values": [1, 2.5]}
//                                                one series a line; other fields are ignored
// Input:   a line without its end.
// Errors:  where is "file:line:column"; columns count bytes from 1. For JSON it is the place where
//          reading stopped: at the faulty token or just behind it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::app {

inline constexpr std::size_t kMaxSeriesPoints = 10'000'000;

// Where a line comes from.
struct LinePlace {
  std::string_view file;
  std::size_t line = 1;

  [[nodiscard]] std::string column(std::size_t column) const;  // "file:line:column"
};

struct Series {
  std::string name;
  std::vector<double> times_s;  // as many as values, in the order given
  std::vector<double> values;
  double now_s = 0;  // without a "now", the last time; 0 for no points
};

[[nodiscard]] Result<Series> parse_series(std::string_view line, const LinePlace& place);

struct CsvPoint {
  std::string_view timestamp;   // as given; views the line
  std::string_view value_text;  // as given; views the line
  double time_s = 0;
  double value = 0;  // finite
};

[[nodiscard]] Result<CsvPoint> parse_csv_point(std::string_view line, const LinePlace& place);

// Neither a time nor a number where they should be: names of columns, if it is the first line.
[[nodiscard]] bool looks_like_csv_header(std::string_view line);

}  // namespace tocsin::app
