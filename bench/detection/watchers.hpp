// Detectors as one who is called by them sees them: when an incident opens.
// Input:   rows five minutes apart. Each with a step of its own, so that both read the same clock.
// Output:  an incident opens with the first point that alarms and closes after 72 that do not.
#pragma once

#include <cstddef>
#include <memory>

namespace tocsin::bench {

class Watcher {
 public:
  virtual ~Watcher() = default;

  // True when an incident opened with it.
  virtual bool add(std::size_t row, double value) = 0;
  [[nodiscard]] virtual bool incident_open() const = 0;
  [[nodiscard]] virtual std::unique_ptr<Watcher> copy() const = 0;
};

using MakeWatcher = std::unique_ptr<Watcher> (*)(double false_alarms_per_week);

[[nodiscard]] std::unique_ptr<Watcher> watch_consensus(double false_alarms_per_week);
// By what it notices: its score at the threshold.
[[nodiscard]] std::unique_ptr<Watcher> watch_notices(double false_alarms_per_week);
// Skyline's nine, six of which must agree, on the last 24 hours.
[[nodiscard]] std::unique_ptr<Watcher> watch_skyline(double uncalibrated);

}  // namespace tocsin::bench
