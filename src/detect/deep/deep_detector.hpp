// The second tier of detectors, for business metrics: thirty small memories that vote on whether a
// series has ever taken the course that it takes now.
// Idea:    a memory (resonance_memory.hpp) knows the courses of the last eight steps that it has
//          seen. How long a step is, how wide the range, and whether the hour of day is taken out
//          first is arbitrary; so there is one memory for each of 5 x 3 x 2 answers, and the share
//          of them that see novelty decides. Novelty counts for twelve rows, for steps of different
//          length do not end together.
// Input:   see StreamDetector. The distance of rows is learned from the first 33 points. Rows
//          faster than one a minute are taken as rows of a minute wherever rows are counted.
// Output:  statistic: the mean over the two channels (the values; what the hour of day leaves of
//          them) of the share of their ready memories that see novelty. Fires where that rises and
//          has reached the threshold, then not again for 72 rows (28 of rows within two minutes).
//          With a witness that is what it notices, and it fires by the same rule where statistic +
//          w / 2 has reached the page line: w is the witness's score over twice its threshold, cut
//          at 1 and held for 36 rows. expected_low and expected_high, where any memory sees novelty:
//          what the nearest course known to one of them has for now.
//          Abstains until the first memories are ready, after 60 of their steps: 15 h of rows at
//          most 15 minutes apart. Feed it history.
// Bounds:  100 KB besides the witness, whatever arrives.
// Errors:  see StreamDetector; restore(): kSyntax damaged, cut short or of another version; kRange.
// Cost:    about 3 us a point at rows of 5 minutes; allocates at the 33rd point and where memories
//          get ready, never again.
// Source:  our measurements of memories without foreknowledge; the memory is fuzzy ART:
//          G. A. Carpenter, S. Grossberg, D. B. Rosen, Neural Networks 4 (1991); L. E. Brito da
//          Silva, I. Elnabarawy, D. C. Wunsch, Neural Networks 109 (2019). Written from a
//          description; no line of another implementation.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "src/detect/deep/level_scale.hpp"
#include "tocsin/result.hpp"
#include "tocsin/stream_detector.hpp"

namespace tocsin::detect {

struct DeepOptions {
  // What the vote must reach: 13 of 30. Higher for fewer alarms; 14 of 30 stands at the edge of a
  // cliff.
  double notice = 0.43;
  // What the vote and half the witness must reach, where there is one.
  double page = 0.72;
  // kTrusted where the first points are history that is known to be sound: two points of NAB more.
  // A spike among them then hides what is smaller.
  WarmUp warm_up = WarmUp::kGuarded;
};

class DeepDetector final : public StreamDetector {
 public:
  explicit DeepDetector(const DeepOptions& options);
  // `witness`: a detector of another kind that sees the same points; not null.
  DeepDetector(const DeepOptions& options, std::unique_ptr<StreamDetector> witness);
  ~DeepDetector() override;

  Vote update(const Point& point) override;
  [[nodiscard]] std::string reason() const override;
  void save(std::string& out) const override;
  [[nodiscard]] Result<void> restore(std::string_view state) override;
  [[nodiscard]] std::size_t memory_bytes() const override;

 private:
  struct State;
  struct Saved;

  // What the witness has said of late: 0..1.
  [[nodiscard]] float doubt_of(const Point& point);
  DeepOptions options_;
  std::unique_ptr<StreamDetector> witness_;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::detect
