// Many detectors, one verdict: the vote that makes a consensus.
// Input:   one window per series and point, and the votes of those who remember.
// Output:  a Verdict: who voted how, what both consensus rules say of it, whether Skyline would
//          have looked at the series at all, and the range the detectors expected.
// Threads: an Ensemble is immutable once made; share it. One Scratch per thread.
// Cost:    the sum of its detectors; no allocation but for a Scratch still growing.
// Source:  Skyline's analyzer. Its `anomalous` was meant as 6 of 9, but its median rule's silence
//          is not a no, so a series is flagged when at most 3 say no. Both counts are kept.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/detect/skip.hpp"
#include "src/detect/voter.hpp"
#include "tocsin/detector.hpp"
#include "tocsin/result.hpp"

namespace tocsin::detect {

inline constexpr std::size_t kMaxDetectors = 32;

enum class Consensus : std::uint8_t {
  // Those who fired weigh at least `quorum`: what is documented, and the default.
  kQuorum,
  // Those who spoke against leave the quorum possible: what Skyline computes.
  kSkylineCompat,
};

struct Verdict {
  std::array<Vote, kMaxDetectors> votes{};  // in the order of the ensemble; the first `size` count
  std::size_t size = 0;
  std::size_t votes_true = 0;     // heads, whatever they weigh
  std::size_t votes_false = 0;    // an abstention is in neither count
  bool anomalous = false;         // kQuorum; says nothing of `skip`
  bool anomalous_as_run = false;  // kSkylineCompat; says nothing of `skip`
  bool alarming = false;          // not skipped, and anomalous under the ensemble's rule
  Skip skip = Skip::kNone;
  double value = kUndefined;  // the newest
  // Medians of the low and of the high ends over the detectors that imply a two-sided range, fired
  // or not: one detector misled by an old spike does not move them. kUndefined when none implies
  // one.
  double expected_low = kUndefined;
  double expected_high = kUndefined;

  // "value 412, expected 120..180, 7 of 9 agree".
  [[nodiscard]] std::string explanation() const;
};

class Ensemble {
 public:
  // All nine of Skyline, 6 of which must agree.
  Ensemble();

  // `list`: "skyline", or names of detectors joined by commas. `quorum` 0 takes two thirds, rounded
  // up. Errors: kUnknownName, kDuplicate, kRange.
  [[nodiscard]] static Result<Ensemble> parse(std::string_view list, std::size_t quorum,
                                              Consensus rule);
  // For detectors of one's own. `quorum` is a weight. Errors: kRange, kLimit, kDuplicate.
  [[nodiscard]] static Result<Ensemble> make(std::vector<Voter> voters, std::size_t quorum,
                                             Consensus rule);

  // Precondition: no voter remembers.
  [[nodiscard]] Verdict judge(const Window& window, Scratch& scratch) const;
  // The verdict of these votes, in the order of detectors(), on a series whose newest value is
  // `value`. Precondition: one for each.
  [[nodiscard]] Verdict count(std::span<const Vote> votes, double value, Skip skip) const;

  [[nodiscard]] std::span<const Voter> detectors() const { return voters_; }
  // Whether some voter judges the window; whether some remembers.
  [[nodiscard]] bool reads_window() const { return reads_window_; }
  [[nodiscard]] bool remembers() const { return remembers_; }
  [[nodiscard]] std::size_t quorum() const { return quorum_; }
  [[nodiscard]] std::size_t weight() const { return weight_; }  // of all voters together
  [[nodiscard]] Consensus rule() const { return rule_; }

 private:
  Ensemble(std::vector<Voter> voters, std::size_t weight, std::size_t quorum, Consensus rule);

  std::vector<Voter> voters_;
  std::size_t weight_;
  std::size_t quorum_;
  Consensus rule_;
  bool reads_window_;
  bool remembers_;
};

// The detector of that name, or nullptr.
[[nodiscard]] const Detector* find_detector(std::string_view name);

}  // namespace tocsin::detect
