#include "bench/detection/vote_sums.hpp"

#include <array>
#include <bit>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>

#include "bench/detection/made_up_series.hpp"
#include "src/detect/consensus/consensus_detector.hpp"

namespace tocsin::bench {
namespace {

using detect::consensus::ConsensusDetector;

constexpr std::array kSteps_s{1.0, 10.0, 60.0, 300.0, 300.0, 1800.0, 3600.0, 86400.0};
constexpr std::array kPerWeek{0.01, 0.1, 0.1, 1.0, 10.0};

// FNV-1a, 64 bit.
class Sum {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) add_byte(static_cast<std::uint8_t>(c));
  }
  void add(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) add_byte(static_cast<std::uint8_t>(bits >> shift));
  }
  [[nodiscard]] std::uint64_t value() const { return sum_; }

 private:
  void add_byte(std::uint8_t byte) { sum_ = (sum_ ^ byte) * 0x100000001b3; }

  std::uint64_t sum_ = 0xcbf29ce484222325;
};

// A series that is disturbed now and then, by what a change of the detector could see otherwise: a
// change of the values, gaps, rows that jitter, stretches of one value, values beyond all others.
class Disturbed {
 public:
  Disturbed(Kind kind, std::size_t seed)
      : random_(seed), series_(kind, seed), deviation_(typical_deviation(kind)) {
    step_s_ = kSteps_s[random_() % kSteps_s.size()];
    scale_ = std::pow(10, static_cast<double>(random_() % 19) - 9);
    jitter_ = random_() % 3 == 0 ? 0.3 : 0;
    change_ = static_cast<Change>(random_() % kChangeNames.size());
    time_s_ = 1.7e9 + static_cast<double>(random_() % 86400);
  }

  [[nodiscard]] double step_s() const { return step_s_; }

  Point next() {
    time_s_ += step_s_ * (random_() % 400 == 0 ? static_cast<double>(random_() % 300) : 1);
    double value = series_.next();
    if (random_() % 500 == 0) changed_left_ = 200;
    if (random_() % 700 == 0) same_left_ = 100;
    if (changed_left_ > 0) {
      --changed_left_;
      value = changed(value, series_.centre(), change_, 6, deviation_, 200 - changed_left_);
    }
    if (same_left_ > 0) {
      --same_left_;
      value = 3;
    }
    if (random_() % 3000 == 0) value *= 1e30;
    const double late = jitter_ * static_cast<double>(random_() % 1000) / 1000;
    return {time_s_ + late * step_s_, value * scale_};
  }

 private:
  std::mt19937_64 random_;
  MadeUpSeries series_;
  double deviation_;
  double step_s_ = 0;
  double scale_ = 1;
  double jitter_ = 0;  // of a step
  Change change_ = Change::kStep;
  double time_s_ = 0;
  std::size_t changed_left_ = 0;  // rows
  std::size_t same_left_ = 0;
};

}  // namespace

void print_vote_sums(std::size_t series, std::size_t seed) {
  constexpr std::size_t kRows = 3000;
  for (std::size_t s = 0; s < series; ++s) {
    const std::size_t kind = s % kKindNames.size();
    Disturbed points(static_cast<Kind>(kind), seed + s);
    ConsensusDetector detector(StreamDetectorOptions{kPerWeek[s % kPerWeek.size()]});
    Sum sum;
    std::size_t fired = 0;
    std::size_t noticed = 0;
    for (std::size_t row = 0; row < kRows; ++row) {
      const Vote vote = detector.update(points.next());
      fired += vote.fired ? 1 : 0;
      noticed += vote.noticed ? 1 : 0;
      const std::array flags{vote.fired ? 'f' : '-', vote.noticed ? 'n' : '-',
                             vote.abstained ? 'a' : '-'};
      sum.add(std::string_view(flags.data(), flags.size()));
      for (const double number :
           {vote.statistic, vote.threshold, vote.expected_low, vote.expected_high}) {
        sum.add(number);
      }
      if (vote.fired || vote.noticed) sum.add(detector.reason());
    }
    std::string state;
    detector.save(state);
    sum.add(state);
    std::printf("%s %g s: %zu points, %zu fired, %zu noticed, %016" PRIx64 "\n",
                kKindNames[kind].data(), points.step_s(), kRows, fired, noticed, sum.value());
  }
}

}  // namespace tocsin::bench
