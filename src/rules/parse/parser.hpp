// Parser: applies parse rules to records, on one thread: keeps what operations need while they
// work, counts what became of each step, and remembers the failures of the record at hand.
// Threads: one per ingest thread.
// Cost:    no allocation once the operations' buffers have grown; explanations of failures are
//          slow, and so are made for at most kExplanations failures of a step between two refills.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/rules/parse/program.hpp"
#include "src/rules/parse/record.hpp"

namespace tocsin::rules::parse {

class Parser {
 public:
  static constexpr std::uint8_t kExplanations = 2;

  // What became of a step since the last take_tally().
  struct Tally {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t gave_up = 0;
    std::vector<std::uint64_t> patterns;  // done, by the pattern of the operation that matched

    [[nodiscard]] std::uint64_t tried() const noexcept { return done + failed + gave_up; }
  };

  struct Failure {
    std::uint32_t step = 0;   // in Program::steps()
    std::string explanation;  // empty when there were enough of them lately
  };

  // `program` outlives the parser.
  explicit Parser(const Program& program);

  // Before the first rule of a record.
  void begin() noexcept { failures_ = 0; }
  // False: the record was dropped.
  [[nodiscard]] bool apply(const Rule& rule, Record& record);

  // Of the record at hand, in order.
  [[nodiscard]] std::size_t failure_count() const noexcept { return failures_; }
  [[nodiscard]] const Failure& failure(std::size_t i) const noexcept { return failed_[i]; }

  // Failures are explained again. Called about once a second.
  void refill();
  // Sets `out`, whose memory is reused, to the counts of a step, which begin at 0 again.
  void take_tally(std::uint32_t step, Tally& out);

 private:
  [[nodiscard]] bool run(const Items& items, Record& record);
  void run(const Step& step, Record& record);
  void note_failure(const Step& step, const Record& record);

  struct StepState {
    std::unique_ptr<Operation::Memory> memory;
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::uint64_t gave_up = 0;
    std::uint8_t explanations_left = kExplanations;
  };
  std::vector<StepState> steps_;
  std::vector<Failure> failed_;  // the first failures_ are of the record at hand
  std::size_t failures_ = 0;
};

}  // namespace tocsin::rules::parse
