// StreamDetector: judges each point of one series as it arrives, from what it remembers of the
// points before. For rules that look at the recent past as a whole there is Detector (detector.hpp).
// Input:   points of one series, in order of time, each finite; a missing point is not given.
// Output:  a Vote with two lines. `noticed`: the score, `statistic`, has reached `threshold`; worth a
//          look when one is looking. `fired`: worth calling someone. Neither implies the other. A
//          detector with one line leaves `noticed` alone and fires at the threshold. `abstained` while
//          it still learns. The same points give the same votes, whatever else runs.
// State:   all that a detector remembers is in save(); one that was restored goes on as if it had
//          never stopped. Bounded, whatever arrives.
// Threads: one owner at a time.
// Errors:  update() has none. restore(): kSyntax, kRange, and the detector is as new.
// Cost:    update() is called once per point and series: constant time, no allocation once warm.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "tocsin/detector.hpp"
#include "tocsin/result.hpp"

namespace tocsin {

struct Point {
  double time_s = 0;  // seconds since the epoch
  double value = 0;
};

class StreamDetector {
 public:
  virtual ~StreamDetector() = default;

  // Precondition: finite, and later than the point before.
  virtual Vote update(const Point& point) = 0;
  // Of the last point, for people: "expected 120..180 (same hours of the last days 131..176), ...".
  // Made when asked for, which is on alarms.
  [[nodiscard]] virtual std::string reason() const = 0;

  // Appends the whole state, in a form that says its version.
  virtual void save(std::string& out) const = 0;
  [[nodiscard]] virtual Result<void> restore(std::string_view state) = 0;

  // What one series holds, itself included.
  [[nodiscard]] virtual std::size_t memory_bytes() const = 0;
};

// What an operator sets.
struct StreamDetectorOptions {
  // How many of a series' alarms may be chance. Raise it to hear of smaller changes and sooner.
  // 0.1: one in ten weeks; above 0.
  double false_alarms_per_week = 0.1;

  friend bool operator==(const StreamDetectorOptions&, const StreamDetectorOptions&) = default;
};

// How one is chosen in rules and on the command line.
struct StreamDetectorType {
  std::string_view name;  // snake_case, unique, of static storage
  std::unique_ptr<StreamDetector> (*make)(const StreamDetectorOptions& options) = nullptr;
  bool calibrated = false;  // goes by false_alarms_per_week; else it has a threshold of its own
};

}  // namespace tocsin
