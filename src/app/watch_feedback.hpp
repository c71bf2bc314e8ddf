// WatchFeedback: what the feedback on one watch of one series does to its votes, on the shard that
// owns the series. Made anew whenever it changes: something was given, taken back or has ended.
// Threads: one owner.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/app/feedback.hpp"
#include "src/detect/ensemble.hpp"
#include "src/detect/running_ensemble.hpp"

namespace tocsin::app {

class WatchFeedback {
 public:
  // Of what was given for a series, that on `watch` which is in force at `now`. `ensemble` is the
  // watch's. Null: there is none.
  [[nodiscard]] static std::unique_ptr<WatchFeedback> make(std::span<const FeedbackPtr> of_series,
                                                           std::string_view watch,
                                                           const detect::Ensemble& ensemble,
                                                           TimePoint now);
  // How much noise at once changes something in the votes of `ensemble`: one more changes nothing.
  [[nodiscard]] static std::size_t most_noise(const detect::Ensemble& ensemble);

  [[nodiscard]] std::span<const FeedbackPtr> in_force() const noexcept { return in_force_; }
  // Whether some of it has ended by now.
  [[nodiscard]] bool ends(TimePoint now) const noexcept { return now >= first_end_; }

  // Those who vote in place of the watch's own, because there is noise; null: nobody.
  [[nodiscard]] const detect::Ensemble* ensemble() const noexcept {
    return clearer_ ? &clearer_->ensemble : nullptr;
  }
  // Precondition: ensemble() is not null.
  [[nodiscard]] const detect::RunningEnsemble& running() const noexcept {
    return clearer_->running;
  }

  // Who expects such a value; null: nobody.
  [[nodiscard]] const Feedback* expecting(double value) const noexcept;

  // What an alarm's explanation goes on with, although there is feedback:
  // ", beyond 80..412: expected by ann until ...", ", 7 votes needed: noise by bob until ...".
  [[nodiscard]] std::string remark() const;
  // All of it, for records: "noise by bob until ..., expected by ann until ...".
  [[nodiscard]] std::string words() const;

 private:
  struct Clearer {
    explicit Clearer(detect::Ensemble from) : ensemble(std::move(from)), running(ensemble) {}
    Clearer(const Clearer&) = delete;
    Clearer& operator=(const Clearer&) = delete;

    detect::Ensemble ensemble;
    detect::RunningEnsemble running;
  };

  WatchFeedback(std::vector<FeedbackPtr> in_force, const detect::Ensemble& ensemble);
  [[nodiscard]] std::string demands() const;

  std::vector<FeedbackPtr> in_force_;
  TimePoint first_end_;
  std::size_t base_quorum_;
  std::unique_ptr<const Clearer> clearer_;
};

// A watch that feedback can be about.
struct FeedbackSubject {
  event::Hash128 series;
  std::string host;
  std::string service;
  std::string watch;
  std::size_t most_noise = 0;           // in force at once; more does not change its votes
  std::optional<ValueRange> anomalous;  // of the open or the last anomaly, where there was one
};

}  // namespace tocsin::app
