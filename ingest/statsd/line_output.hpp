// LineOutput: where the lines of one decode() call leave what they found.
#pragma once

#include <cstddef>
#include <string_view>

#include "ingest/statsd/sample_batch.hpp"
#include "tocsin/intake.hpp"

namespace tocsin::statsd {

// Why something was refused, and the byte that shows it.
struct Refusal {
  RejectCause cause;
  const char* at;
  std::string_view text;  // a constant: what was found and what was expected
};

struct LineOutput {
  SampleBatch& batch;
  Intake& intake;
  const char* base;  // first byte given to decode(): offsets count from here

  void reject(std::string_view line, const Refusal& refusal) const {
    intake.reject(refusal.cause, line, static_cast<std::size_t>(refusal.at - base), refusal.text);
  }
};

}  // namespace tocsin::statsd
