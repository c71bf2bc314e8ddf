// Deriver: makes samples of records, on one ingest thread. A rule without `value` counts, one with
// a `value` observes the number that its field holds; the values of `by` say of which series.
//
// Samples are gathered and handed over together (sample_queue.hpp).
// A group beyond the rule's limit is the group _other, and counted. A record whose field holds no
// number is not measured, and counted.
// Threads: one per ingest thread.
// Cost:    no allocation in the steady state.
#pragma once

#include <cstdint>
#include <vector>

#include "src/rules/derive/program.hpp"
#include "src/rules/derive/sample_queue.hpp"
#include "src/rules/parse/record.hpp"

namespace tocsin::rules::derive {

class Deriver {
 public:
  // What became of a rule since the last take_tally().
  struct Tally {
    std::uint64_t skipped = 0;     // the field held no number
    std::uint64_t overflowed = 0;  // samples of groups beyond the limit
  };

  // `program` and `out` outlive the deriver. `seed`: of hashes; secret.
  Deriver(const Program& program, std::uint64_t seed, SampleQueue& out);

  // Measures a record by one rule, whose `where` it meets.
  void apply(std::uint32_t rule, const parse::Record& record);

  // The present: `minute` counts from the epoch.
  void set_minute(std::uint32_t minute) noexcept { minute_ = minute; }

  // The counts of a rule, which begin at 0 again.
  [[nodiscard]] Tally take_tally(std::uint32_t rule) noexcept;

 private:
  // Adds the values of the rule's fields to the sample that is being made.
  void add_group(const Rule& rule, Tally& tally, const parse::Record& record);

  const Program& program_;
  const std::uint64_t seed_;
  SampleQueue& out_;
  std::vector<Tally> tallies_;  // by rule
  std::uint32_t minute_ = 0;
};

}  // namespace tocsin::rules::derive
