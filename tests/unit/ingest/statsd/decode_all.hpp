// Runs one decoder over one datagram and returns what came out.
#pragma once

#include <doctest/doctest.h>

#include <string_view>
#include <vector>

#include "ingest/statsd/decoder.hpp"
#include "tests/unit/ingest/recording_intake.hpp"

namespace tocsin::statsd::testing {

using tocsin::testing::KeptReject;
using tocsin::testing::KeptSample;
using tocsin::testing::RecordingIntake;

inline RecordingIntake decode_all(std::string_view datagram, const Options& options = {},
                                  const Origin& origin = {}) {
  RecordingIntake intake;
  Decoder decoder(options, intake);
  REQUIRE(decoder.decode(datagram, origin) == datagram.size());
  REQUIRE(decoder.flush());
  return intake;
}

inline Options with_dialect(Dialect dialect) {
  Options options;
  options.dialect = dialect;
  return options;
}

inline std::vector<double> values_of(const RecordingIntake& intake) {
  std::vector<double> values;
  for (const KeptSample& sample : intake.kept) values.push_back(sample.value);
  return values;
}

inline std::vector<RejectCause> causes_of(const RecordingIntake& intake) {
  std::vector<RejectCause> causes;
  for (const KeptReject& reject : intake.rejects) causes.push_back(reject.cause);
  return causes;
}

}  // namespace tocsin::statsd::testing
