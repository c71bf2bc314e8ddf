// Deriver: makes samples of records, on one ingest thread. A rule without `value` counts, one with a
// `value` observes the number that its field holds; the values of `by` say of which series.
//
// Samples are gathered and handed over together. What the pipeline does not take stays here.
// A group beyond the rule's limit is the group _other, and counted. A record whose field holds no
// number is not measured, and counted.
// Threads: one per ingest thread.
// Cost:    no allocation in the steady state.
#pragma once

#include <cstdint>
#include <vector>

#include "src/rules/derive/group_key.hpp"
#include "src/rules/derive/program.hpp"
#include "src/rules/parse/record.hpp"
#include "src/rules/parse/text_arena.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::rules::derive {

class Deriver {
 public:
  // What became of a rule since the last take_tally().
  struct Tally {
    std::uint64_t skipped = 0;     // the field held no number
    std::uint64_t overflowed = 0;  // samples of groups beyond the limit
  };

  // `program` and `out` outlive the deriver. `seed`: of hashes; secret.
  Deriver(const Program& program, std::uint64_t seed, Intake& out);

  // Whether `rules` more samples can be taken; asks the pipeline to take what is here if not.
  [[nodiscard]] bool make_room(std::size_t rules);
  // Precondition: make_room(1).
  void apply(std::uint32_t rule, const parse::Record& record);
  // Hands over what is here. False: the pipeline is full and something is left.
  [[nodiscard]] bool flush();

  // The present: `minute` counts from the epoch.
  void set_minute(std::uint32_t minute) noexcept { minute_ = minute; }

  // The counts of a rule, which begin at 0 again.
  [[nodiscard]] Tally take_tally(std::uint32_t rule) noexcept;

 private:
  // Samples that wait at most: two rounds of the router's look-ups.
  static constexpr std::size_t kMostWaiting = 128;

  [[nodiscard]] std::string_view group_of(const Rule& rule, Tally& tally,
                                          const parse::Record& record);

  const Program& program_;
  const std::uint64_t seed_;
  Intake& out_;
  GroupResolver resolver_;
  std::vector<RawSample> samples_;  // not yet handed over; their groups lie in groups_
  std::size_t done_ = 0;            // of samples_, handed over
  parse::TextArena groups_;
  std::vector<Tally> tallies_;  // by rule
  std::uint32_t minute_ = 0;
};

}  // namespace tocsin::rules::derive
