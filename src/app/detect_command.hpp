// `tocsin detect`: series files through the detectors, verdicts out.
// Input:   csv_path: a `timestamp,value` CSV, with or without a line of column names.
//          series_path: JSONL, a series a line. Both may be gzip; "-" is standard input.
//          Forms and errors: src/app/series_file.hpp.
// Output:  CSV: `timestamp,value,anomaly_score,verdict,votes`, one line per point, judged at its
//          own time with the points of the 24 hours up to it. anomaly_score: share of the detectors
//          that fired, 0..1. verdict: anomalous, normal, or skipped (the last 100 values, or all
//          when there are fewer, are equal). votes: names of those that fired, joined by '|'. A
//          skipped point has score 0 and no votes. Time and value are echoed as given.
//          A detector that remembers is fed the points one by one instead. anomaly_score: its score
//          where an incident of points that reach its threshold opens, else 0, so that a threshold on
//          it counts incidents. verdict: learning, anomalous (fired), noticed (its lower line, where
//          it has two: tocsin/stream_detector.hpp), normal, or skipped (not later than the point
//          before).
//          plot_path: besides, a picture of the CSV (series_plot.hpp) when all of it was read.
//          JSONL: {"name", "votes": {detector: bool}, "anomalous", "anomalous_as_run", "skip"}.
// Errors:  one line on `err`, "file:line:column: what was found, what was expected"; what came
//          before the bad line has been written.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>

namespace tocsin::app {

struct DetectOptions {
  std::string csv_path;  // exactly one of the two paths is set
  std::string series_path;
  std::string plot_path;              // of an SVG to write; empty: none
  std::string detectors = "skyline";  // or names joined by commas, or one that remembers
  std::size_t quorum = 0;             // how many must fire; 0: two thirds, rounded up
  bool skyline_compat = false;        // the rule as Skyline ran it: a silent median is not a no
  // Of a detector that is calibrated; 0: its default.
  double false_alarms_per_week = 0;
};

// The exit code: 0, or 1 when something was refused.
[[nodiscard]] int run_detect(const DetectOptions& options, std::ostream& out, std::ostream& err);

}  // namespace tocsin::app
