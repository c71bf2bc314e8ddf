// Operation: one thing that is done to a record: grok, dissect, date, ... Made when rules are
// loaded; each in a source of its own.
// Threads: fixed after construction, shared by all ingest threads; what a thread needs while it
//          applies one is that thread's Memory.
// Errors:  an operation that fails leaves what it had done; the step around it tags and counts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/rules/parse/record.hpp"

namespace tocsin::rules::parse {

enum class Outcome : std::uint8_t {
  kDone,
  kSkipped,  // there was nothing to do it to
  kFailed,
  kGaveUp,  // a search reached its limit of effort
};

class Operation {
 public:
  // Of one thread, for one operation. Buffers may grow and are kept.
  class Memory {
   public:
    virtual ~Memory() = default;
    std::vector<std::uint64_t> pattern_matches;  // how often each of patterns() matched
  };

  virtual ~Operation() = default;

  [[nodiscard]] virtual std::unique_ptr<Memory> make_memory() const { return nullptr; }
  // `memory`: of make_memory(), of this thread.
  [[nodiscard]] virtual Outcome apply(Record& record, Memory* memory) const = 0;

  // What is tried in order and counted singly: the expressions of grok. Mostly none.
  [[nodiscard]] virtual std::vector<std::string> patterns() const { return {}; }

  // For a record on which apply() has just failed with this memory: what was expected, and how far
  // it got. May be slow.
  [[nodiscard]] virtual std::string explain(const Record& record, const Memory* memory) const = 0;
};

using OperationPtr = std::unique_ptr<const Operation>;

}  // namespace tocsin::rules::parse
