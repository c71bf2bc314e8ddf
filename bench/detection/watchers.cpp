#include "bench/detection/watchers.hpp"

#include <cstdint>

#include "bench/detection/made_up_series.hpp"
#include "src/detect/consensus/consensus_detector.hpp"
#include "src/detect/consensus/open_incident.hpp"
#include "src/detect/running_ensemble.hpp"
#include "tests/unit/detect/sliding_window.hpp"

namespace tocsin::bench {
namespace {

using detect::consensus::ConsensusDetector;
using detect::consensus::OpenIncident;

constexpr std::int64_t kFirstSlot = 5'666'666;  // in November 2023

class ConsensusWatcher final : public Watcher {
 public:
  ConsensusWatcher(double false_alarms_per_week, bool notices)
      : detector_(StreamDetectorOptions{false_alarms_per_week}), notices_(notices) {}

  bool add(std::size_t row, double value) override {
    const double time_s =
        kStep_s * static_cast<double>(kFirstSlot + static_cast<std::int64_t>(row));
    const Vote vote = detector_.update({time_s, value});
    return incident_.update(notices_ ? vote.noticed : vote.fired);
  }
  [[nodiscard]] bool incident_open() const override { return incident_.open(); }
  [[nodiscard]] std::unique_ptr<Watcher> copy() const override {
    return std::make_unique<ConsensusWatcher>(*this);
  }

 private:
  ConsensusDetector detector_;
  OpenIncident incident_;
  bool notices_;
};

class SkylineWatcher final : public Watcher {
 public:
  bool add(std::size_t row, double value) override {
    static const detect::Ensemble ensemble;
    static const detect::RunningEnsemble running(ensemble);
    window_.add(kFirstSlot + static_cast<std::int64_t>(row), value, state_);
    return incident_.update(running.decide(state_, window_, scratch_));
  }
  [[nodiscard]] bool incident_open() const override { return incident_.open(); }
  [[nodiscard]] std::unique_ptr<Watcher> copy() const override {
    return std::make_unique<SkylineWatcher>(*this);
  }

 private:
  detect::test::SlidingWindow window_{kRowsPerDay, kStep_s};
  detect::RunningSkyline state_;
  Scratch scratch_;
  OpenIncident incident_;
};

}  // namespace

std::unique_ptr<Watcher> watch_consensus(double false_alarms_per_week) {
  return std::make_unique<ConsensusWatcher>(false_alarms_per_week, false);
}

std::unique_ptr<Watcher> watch_notices(double false_alarms_per_week) {
  return std::make_unique<ConsensusWatcher>(false_alarms_per_week, true);
}

std::unique_ptr<Watcher> watch_skyline(double /*uncalibrated*/) {
  return std::make_unique<SkylineWatcher>();
}

}  // namespace tocsin::bench
